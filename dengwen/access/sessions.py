"""Sessions as Django keeps them in the database, read without building the question anew for each page."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from dengwen.ledger.row_reading import read


class SessionStore(db.SessionStore):
    """Django's store with a shorter way to the row."""

    def _get_session_from_db(self) -> Session | None:
        """Return the row of this session, None where it is gone or over."""
        key = self.session_key
        found = read(Session, "session_key", key, order="session_key") if key else []
        row = next((one for one in found if self.get_expiry_age(expiry=one.expire_date) > 0), None)
        if row is None:
            self._session_key = None
        return row
