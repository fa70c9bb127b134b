"""How files arrive at the demo: a source whose columns are known, with an SFTP directory that could be watched."""

from datetime import datetime, timedelta

from crm.models import Member
from crm.models.leased import WorkState
from talentpool.actions.saved_columns import remember_columns
from talentpool.models import Drop, DropKind, Source, SourceKind

BOARD = "Résumé boards"
COLUMNS = (
    ("Candidate", "name"),
    ("E-mail", "email"),
    ("Mobile", "phone"),
    ("Current role", "title"),
    ("Town", "location"),
)


def watch_places(*, by: Member, now: datetime) -> None:
    """The place is off: the demo asks no server."""
    board, _ = Source.objects.get_or_create(name=BOARD, defaults={"kind": SourceKind.RESUME_BOARD})
    remember_columns(board, [heading for heading, _ in COLUMNS], [column for _, column in COLUMNS], by=by)
    Drop.objects.create(
        source=board,
        kind=DropKind.SFTP,
        host="sftp.board.example",
        username="harbor",
        password="only in the demo",  # noqa: S106
        path="/outgoing",
        every_minutes=360,
        is_on=False,
        state=WorkState.DONE,
        by=by,
        last_at=now - timedelta(hours=5),
    )
