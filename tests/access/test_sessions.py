"""Sessions: read as Django's own store reads them, and over when they are over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from dengwen.access.login.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored() -> str:
    """Return the key of a session with something in it."""
    session = SessionStore()
    session["organ"] = 7
    session.save()
    assert session.session_key is not None
    return session.session_key


def test_a_session_reads_as_with_djangos_store() -> None:
    key = stored()
    assert dict(SessionStore(key).items()) == dict(db.SessionStore(key).items()) == {"organ": 7}


def test_a_session_that_is_over_is_none() -> None:
    key = stored()
    row = Session.objects.get(session_key=key)
    row.expire_date -= timedelta(days=365)
    row.save()
    session = SessionStore(key)
    assert not session.items()
    assert session.session_key is None


def test_an_unknown_or_empty_key_is_no_session() -> None:
    assert not SessionStore("a" * 32).items()
    assert not SessionStore("").items()
