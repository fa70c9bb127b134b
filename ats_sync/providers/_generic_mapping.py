"""What an organisation, or a profile, says of an ATS: its lists, its pages, and which path leads to which field.

Paths are JSONPath (RFC 9535) without functions, for a pattern within one could take for ever. A field is a path, a text
after `=`, several of them (the first that leads anywhere counts), or `{"path": …, "values": {theirs: ours}}`, where
`*` stands for every other value.
"""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib.resources import files
from operator import getitem
from typing import Any, Self

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathError

from ats_sync.providers.errors import Refused
from ats_sync.vocabulary import LOOKUPS, Kind

LONGEST = 60_000
LONGEST_PATH = 200
AUTHS = ("none", "bearer", "basic", "header", "login")
PAGINGS = ("none", "page", "offset", "cursor", "link")
TIMES = ("iso", "seconds", "milliseconds")
PROFILE = re.compile(r"[a-z_]{1,40}")

_LOOKUP = ("id", "name", "parent", "phase", "email")
_STEP = ("id", "application", "words", "at")
FIELDS: dict[Kind, tuple[str, ...]] = {
    **dict.fromkeys(LOOKUPS, _LOOKUP),
    Kind.JOB: (
        "id",
        "title",
        "is_open",
        "location",
        "department",
        "family",
        "text",
        "apply_url",
        "team",
        "opened_at",
        "closed_at",
    ),
    Kind.PERSON: (
        "id",
        "name",
        "given_name",
        "family_name",
        "headline",
        "summary",
        "emails",
        "phones",
        "links",
        "location",
        "country",
        "skills",
        "languages",
        "tags",
    ),
    Kind.APPLICATION: ("id", "person", "job", "stage", "stage_name", "state", "reason", "applied_at", "moved_at"),
    Kind.NOTE: ("id", "person", "text", "author", "at"),
    Kind.FILE: ("id", "person", "name", "url", "is_resume", "at"),
    **dict.fromkeys((Kind.STEP, Kind.OFFER, Kind.INTERVIEW, Kind.SCORECARD), _STEP),
}
OWN = "custom."  # begins the name of a field of the ATS's own: "custom.Shift"
COMMON = ("updated_at", "is_deleted")
NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.JOB: ("id", "title"),
    Kind.PERSON: ("id",),
    Kind.APPLICATION: ("id", "person"),
    Kind.NOTE: ("id", "person", "text"),
    Kind.FILE: ("id", "person", "name", "url"),
}


class _Environment(JSONPathEnvironment):
    def setup_function_extensions(self) -> None:
        self.function_extensions = {}


_environment = _Environment()


@cache
def compiled(path: str) -> Any:
    """Raises Refused with a sentence for whoever wrote it."""
    if len(path) > LONGEST_PATH or path.count("..") > 1:
        raise Refused(f"The path {path[:40]}… is too long, or goes into the depth more than once.")
    try:
        return _environment.compile(path)
    except (JSONPathError, RecursionError) as error:
        raise Refused(f"{path} is no JSONPath: {str(error)[:120]}") from error


def found(path: str, row: Any) -> list[Any]:
    """All that a path leads to, or the text after a `=`; null is nothing."""
    if path.startswith("="):
        return [path[1:]]
    try:
        return [each for each in compiled(path).findall(row) if each is not None]
    except (JSONPathError, RecursionError) as error:
        raise Refused(f"{path} can’t be followed: {str(error)[:120]}") from error


def without_found(path: str, row: Any) -> Any:
    """The row without what a path leads to; of a list's entries nothing is left in their place."""
    if path.startswith("=") or not (places := [each.parts for each in compiled(path).finditer(row)]):
        return row
    rest = deepcopy(row)
    for *above, last in reversed([each for each in places if each]):  # the deeper ones first
        held = reduce(getitem, above, rest)
        if isinstance(held, dict):
            held.pop(last, None)
        else:
            held[last] = None
    return rest


@dataclass(frozen=True, slots=True)
class Field:
    paths: Sequence[str]
    values: Mapping[str, str]

    @classmethod
    def of(cls, said: Any, where: str) -> Self:
        inner = said.get("path") if isinstance(said, dict) else said
        paths = [inner] if isinstance(inner, str) else inner
        if not isinstance(paths, list) or not paths or not all(isinstance(each, str) for each in paths):
            raise Refused(f"{where} needs a path, or several.")
        for each in paths:
            if not each.startswith("="):
                compiled(each)
        values = said.get("values", {}) if isinstance(said, dict) else {}
        if not isinstance(values, dict):
            raise Refused(f"{where}: “values” has to say for each of theirs which is ours.")
        return cls(tuple(paths), {str(key): str(value) for key, value in values.items()})

    def all(self, row: Any) -> list[Any]:
        for path in self.paths:
            if hits := found(path, row):
                flat = [one for each in hits for one in (each if isinstance(each, list) else [each])]
                return [self._ours(one) for one in flat if one is not None]
        return []

    def _ours(self, value: Any) -> Any:
        if not self.values:
            return value
        theirs = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        return self.values.get(str(theirs), self.values.get("*", value))


@dataclass(frozen=True, slots=True)
class Paging:
    """`next` is the path to a cursor or an address; `total` to how many rows there are."""

    kind: str = "none"
    parameter: str = ""
    size_parameter: str = ""
    size: int = 100
    first: int = 1
    next: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """`one` is the address of one record, with {id}; when `whole` is true a row of the list is no more than an id.

    Of a list that comes in files, `file` is the pattern of their names; who is not in one that `is_complete` is gone.
    """

    path: str
    rows: str
    fields: Mapping[str, Field]
    query: Mapping[str, str] = field(default_factory=dict)
    paging: Paging = field(default_factory=Paging)
    since: str = ""
    since_as: str = "iso"
    one: str = ""
    one_row: str = "$"
    whole: bool = False
    file: str = ""
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class AtsMapping:
    """All of it. `unverified` says what nobody could try out."""

    name: str
    url: str
    auth: Mapping[str, Any]
    lists: Mapping[Kind, Listing]
    unverified: Sequence[str] = ()


def profile_keys() -> list[str]:
    return sorted(each.name.removesuffix(".json") for each in _folder().iterdir() if each.name.endswith(".json"))


def profile_text(key: str) -> str:
    if not PROFILE.fullmatch(key) or key not in profile_keys():
        raise Refused(f"There is no profile “{key[:40]}”. There are: {', '.join(profile_keys())}.")
    return str((_folder() / f"{key}.json").read_text(encoding="utf-8"))


def _folder() -> Any:
    return files("ats_sync.providers") / "profiles"


def read_mapping(text: str) -> AtsMapping:
    """Raises Refused with a sentence that says where the mapping is wrong."""
    if len(text) > LONGEST:
        raise Refused("The mapping is too long.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"The mapping is no JSON: {error}") from error
    if not isinstance(said, dict) or not isinstance(said.get("lists"), dict) or not said["lists"]:
        raise Refused("The mapping needs “lists”, with at least one list in it.")
    auth = said.get("auth") or {"kind": "none"}
    if not isinstance(auth, dict) or auth.get("kind") not in AUTHS:
        raise Refused(f"The kind of “auth” has to be one of: {', '.join(AUTHS)}.")
    lists = {_kind(name): _listing(name, each) for name, each in said["lists"].items()}
    return AtsMapping(
        name=str(said.get("name", "")),
        url=str(said.get("url", "")),
        auth=auth,
        lists={kind: lists[kind] for kind in Kind if kind in lists},
        unverified=[str(each) for each in said.get("unverified", ())],
    )


def _kind(name: str) -> Kind:
    if name not in FIELDS:
        kinds = ", ".join(kind for kind in Kind if kind in FIELDS)
        raise Refused(f"“{name}” is no kind of record. There are: {kinds}.")
    return Kind(name)


def _listing(name: str, said: Any) -> Listing:
    if not isinstance(said, dict) or not isinstance(said.get("fields"), dict):
        raise Refused(f"The list “{name}” needs “fields”.")
    if isinstance(said.get("file"), str) and said["file"]:
        said = {**said, "path": "", "fields": {key: _by_column(value) for key, value in said["fields"].items()}}
    elif not isinstance(said.get("path"), str):
        raise Refused(f"The list “{name}” needs a “path”, or a “file” if it comes in files.")
    kind, rows, one_row = Kind(name), str(said.get("rows", "$[*]")), str(said.get("one_row", "$"))
    compiled(rows)
    compiled(one_row)
    fields = {key: Field.of(value, f"The field “{key}” of “{name}”") for key, value in said["fields"].items()}
    own = {each for each in fields if each.startswith(OWN) and each != OWN} if kind == Kind.PERSON else set()
    if unknown := sorted({*fields} - {*FIELDS[kind], *COMMON} - own):
        raise Refused(f"“{name}” has no field “{unknown[0]}”. It has: {', '.join(FIELDS[kind])}.")
    needed = NEEDED.get(kind, ("id", "name") if kind in LOOKUPS else ("id", "application"))
    if missing := [each for each in needed if each not in fields]:
        raise Refused(f"“{name}” needs the field “{missing[0]}”.")
    if said.get("whole") and not said.get("one"):
        raise Refused(f"“{name}” needs “one”, the address at which a record is read whole.")
    since = said.get("since") or {}
    if not isinstance(since, dict) or since.get("as", "iso") not in TIMES:
        raise Refused(f"“since” of “{name}” needs a “parameter”, and “as” one of: {', '.join(TIMES)}.")
    return Listing(
        path=said["path"],
        rows=rows,
        fields=fields,
        query={str(key): str(value) for key, value in dict(said.get("query") or {}).items()},
        paging=_paging(name, said.get("paging") or {}),
        since=str(since.get("parameter", "")),
        since_as=str(since.get("as", "iso")),
        one=str(said.get("one", "")),
        one_row=one_row,
        whole=bool(said.get("whole")),
        file=str(said.get("file", "")).casefold(),
        is_complete=bool(said.get("complete")),
    )


def _by_column(said: Any) -> Any:
    """A heading is the path to its cell."""
    if isinstance(said, dict):
        return {**said, "path": _by_column(said.get("path"))}
    if isinstance(said, list):
        return [_by_column(each) for each in said]
    if not isinstance(said, str) or said.startswith(("$", "=")):
        return said
    return f"$[{json.dumps(said, ensure_ascii=False)}]"


def _paging(name: str, said: Any) -> Paging:
    if not isinstance(said, dict) or said.get("kind", "none") not in PAGINGS:
        raise Refused(f"The paging of “{name}” has to be one of: {', '.join(PAGINGS)}.")
    kind = said.get("kind", "none")
    if kind in ("cursor", "link") and not said.get("next"):
        raise Refused(f"The paging of “{name}” needs “next”, the path to where the next page is.")
    if kind in ("page", "offset", "cursor") and not said.get("parameter"):
        raise Refused(f"The paging of “{name}” needs “parameter”, its name in an address.")
    for key in ("next", "total"):
        if said.get(key):
            compiled(str(said[key]))
    size, first = said.get("size", 100), said.get("first", 1)
    if not (isinstance(size, int) and 1 <= size <= 10_000 and isinstance(first, int)):
        raise Refused(f"“size” of the pages of “{name}” has to be between 1 and 10,000.")
    return Paging(
        kind=str(kind),
        parameter=str(said.get("parameter", "")),
        size_parameter=str(said.get("size_parameter", "")),
        size=size,
        first=first,
        next=str(said.get("next", "")),
        total=str(said.get("total", "")),
    )
