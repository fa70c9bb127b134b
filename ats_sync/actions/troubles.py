"""What goes wrong with a connection is said on its page and on Home, and cleared by the next thing that goes well."""

from django.utils import timezone

from ats_sync.models import Connection, ConnectionState
from ats_sync.providers.errors import AtsError, SignInRefused
from crm.audit import record


def note_trouble(connection: Connection, error: AtsError) -> None:
    """Credentials that don't hold stop the connection: asking on could lock the account."""
    columns: dict[str, object] = {"error": error.sentence, "error_at": timezone.now()}
    if isinstance(error, SignInRefused):
        columns["state"] = ConnectionState.REFUSED
    changed = Connection.objects.on().filter(pk=connection.pk).update(**columns)
    if changed and isinstance(error, SignInRefused):
        record("connection.refused", connection, by=None)
