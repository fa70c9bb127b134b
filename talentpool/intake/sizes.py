"""What is too much, and the sentence that refuses it. The limits are settings."""

from django.conf import settings
from django.core.exceptions import ValidationError


def words_for_bytes(size: int) -> str:
    for unit, least in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if size >= least:
            return f"{size / least:.0f} {unit}"
    return f"{size} bytes"


def refuse_size(size: int, most: int | None = None) -> None:
    most = settings.IMPORT_MAX_BYTES if most is None else most
    if size == 0:
        raise ValidationError("The file is empty.", code="empty")
    if size > most:
        raise ValidationError(
            f"The file has {words_for_bytes(size)}; an import may have {words_for_bytes(most)}. "
            "Split it and bring in the parts one after the other.",
            code="too_large",
        )


def refuse_rows(rows: int, most: int | None = None) -> None:
    most = settings.IMPORT_MAX_ROWS if most is None else most
    if rows > most:
        raise ValidationError(
            f"The file has more than {most:,} rows, which is the most an import may have. "
            "Split it and bring in the parts one after the other.",
            code="too_many_rows",
        )
