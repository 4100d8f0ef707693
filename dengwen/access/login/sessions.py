"""Sessions as Django keeps them in the database, less its answer to a database that cannot
write."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError


class SessionStore(db.SessionStore):
    """Django's store, which says what the database said."""

    def save(self, must_create: bool = False) -> None:
        """Save the session. What the database says where it cannot write is said on.

        Django would say instead that somebody signed out meanwhile, and answer 400.
        """
        try:
            super().save(must_create=must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise
