"""The Django app `ledger`."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from dengwen.ledger import guards


class LedgerConfig(AppConfig):
    """Registers the tables of the ledger and puts the append-only guards back after every
    migration."""

    name = "dengwen.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the two places where a database could slip out of its guards."""
        # Django sends post_migrate once for every app; one answer per `migrate` is enough, and this
        # app's comes
        # after all migrations have run.
        post_migrate.connect(
            guards.after_migrate, sender=self, dispatch_uid="dengwen.ledger.guards"
        )
        connection_created.connect(guards.arm, dispatch_uid="dengwen.ledger.guards")
