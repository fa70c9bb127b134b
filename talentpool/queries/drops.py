"""What the pages of a source show of its columns and watched places."""

from dataclasses import dataclass

from talentpool.intake.columns import KEEP, LEAVE, Field
from talentpool.intake.drops.sftp import fingerprint
from talentpool.models import Drop, DropFile, SavedColumns, Source

FILES = 20
WORDS = {KEEP: "kept under its heading", LEAVE: "left out", **{each.value: each.label for each in Field}}


@dataclass(frozen=True, slots=True)
class Mapping:
    saved: SavedColumns
    lines: list[tuple[str, str]]


def mappings_of(source: Source) -> list[Mapping]:
    saved = SavedColumns.objects.filter(source=source).select_related("by")
    return [Mapping(each, [(heading, WORDS.get(column, column)) for heading, column in each.columns]) for each in saved]


def drops_of(source: Source) -> list[Drop]:
    return list(Drop.objects.filter(source=source).select_related("by"))


def files_of(drop: Drop) -> list[DropFile]:
    """The latest ones; what became of older ones the imports say."""
    return list(DropFile.objects.filter(drop=drop).select_related("run")[:FILES])


def shown_key(key: str) -> str:
    """As the server's owner can compare it."""
    return fingerprint(key) if key else ""
