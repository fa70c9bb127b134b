from sourcing.models.chain import SearchLogHead, SearchLogLink
from sourcing.models.entry import EntryKind, SearchLogEntry, SearchLogWords
from sourcing.models.keeping import Asking, LegalHold, SearchLogSettings

__all__ = [
    "Asking",
    "EntryKind",
    "LegalHold",
    "SearchLogEntry",
    "SearchLogHead",
    "SearchLogLink",
    "SearchLogSettings",
    "SearchLogWords",
]
