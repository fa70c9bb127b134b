"""What the ATS sync says on Home: what nobody sees otherwise until somebody misses an applicant."""

from collections.abc import Iterator
from datetime import timedelta

from ats_sync.models import Connection, ConnectionState
from ats_sync.queries.connections import is_stale, with_queues
from crm.home import HomeCard, HomePage, Link, home_cards
from crm.permissions import Permission

PATIENCE = timedelta(minutes=10)  # an ATS that is out of reach for less comes back by itself


@home_cards(Permission.VIEW_ATS)
def ats(page: HomePage) -> Iterator[HomeCard]:
    """One query; a connection has at most one card of each kind, the worst first."""
    states = [ConnectionState.ON, ConnectionState.REFUSED]
    for connection in with_queues(Connection.objects.filter(state__in=states)):
        url = page.url("ats_sync:connection", connection.pk)
        if card := _trouble(connection, page, url):
            yield card
        if number := connection.pushes_failed:  # type: ignore[attr-defined]
            log = page.url("ats_sync:log", connection.pk) + "?show=went&state=failed"
            title = f"{number:,} {'change' if number == 1 else 'changes'} did not get to {connection}"
            text = "Try again, or see what the ATS says against it."
            yield HomeCard(title, 6, text, "not sent", "bad", links=(Link("See them", log),))
        if number := connection.drift:  # type: ignore[attr-defined]
            words = "record differs" if number == 1 else "records differ"
            title = f"{number:,} {words} between {connection} and here"
            text = "Somebody compared both sides; nothing was changed yet."
            yield HomeCard(title, 16, text, "drift", "warn", links=(Link("Settle it", url + "#drift"),))
        if number := connection.conflicts_open:  # type: ignore[attr-defined]
            words = "fact was" if number == 1 else "facts were"
            title = f"{number:,} {words} changed both in {connection} and here"
            text = "What was said here is shown until somebody says which is right."
            questions = page.url("ats_sync:conflicts", connection.pk)
            yield HomeCard(title, 15, text, "conflict", "warn", links=(Link("Say which", questions),))


def _trouble(connection: Connection, page: HomePage, url: str) -> HomeCard | None:
    link = (Link("Look into it", url),)
    if connection.state == ConnectionState.REFUSED:
        text = f"{connection.error} Nothing is read or sent until it has new credentials."
        return HomeCard(f"{connection} signed us out", 1, text.strip(), "stopped", "bad", links=link)
    known = connection.as_of or connection.started_at
    if connection.error and known and known < page.now - PATIENCE:
        return HomeCard(f"{connection} is in trouble", 2, connection.error, "for 10 minutes or more", "bad", links=link)
    if is_stale(connection, page.now):
        text = "Messages to its people wait until their state is known again."
        return HomeCard(f"{connection} is behind", 3, text, f"as of {connection.as_of:%H:%M} UTC", "warn", links=link)
    return None
