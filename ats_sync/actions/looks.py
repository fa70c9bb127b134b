"""Looks at both sides that somebody asks for, in the background."""

from django.core.exceptions import ValidationError
from django.db import transaction

from ats_sync.actions.sweeps import start_sweep
from ats_sync.models import Connection
from crm.audit import record
from crm.models import Member


@transaction.atomic
def ask_for_sweep(connection: Connection, *, by: Member) -> None:
    """What differs is written down and nothing is changed, so that somebody sees it first."""
    _needs_to_run(connection)
    record("connection.compared", connection, by=by)
    start_sweep(connection, settles=False)


@transaction.atomic
def ask_to_settle(connection: Connection, *, by: Member) -> None:
    """Takes over what an earlier look wrote down."""
    from ats_sync.tasks import settle_connection  # an action queues its own follow-up task

    _needs_to_run(connection)
    record("connection.settled", connection, by=by)
    settle_connection.delay(connection.pk)


def _needs_to_run(connection: Connection) -> None:
    if not connection.is_on:
        raise ValidationError("It is not running, so the ATS can’t be asked.")
