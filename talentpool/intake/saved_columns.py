"""Which tables are alike: those with the same headings, in whatever order and spelling of case and accents."""

import hashlib
from collections.abc import Mapping, Sequence

from talentpool.intake.columns import KEEP, folded


def headings_key(headings: Sequence[str]) -> str:
    marks = sorted({folded(heading) or heading for heading in headings})
    return hashlib.sha256("\x1f".join(marks).encode()).hexdigest()


def columns_for(headings: Sequence[str], saved: Sequence[Sequence[str]]) -> list[str]:
    """What each column becomes, as it was saved beside its heading."""
    known: Mapping[str, str] = {folded(heading) or heading: column for heading, column in saved}
    return [known.get(folded(heading) or heading, KEEP) for heading in headings]
