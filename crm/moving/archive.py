"""An archive that somebody hands in: opened, and nothing in it believed before it was looked at.

Names in the zip are looked up and never written to a disk. What is read is bounded by what the manifest announces, and
that by this installation's limits, so a zip bomb ends in a sentence.
"""

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError

from crm.moving.packing import FORMAT, VERSION, columns_of
from crm.moving.tables import Table, left_out, tables

MOST_MANIFEST = 10 * 2**20
MOST_LINE = 64 * 2**20
MOST_DIRECTORY = 256 * 2**20  # of the zip itself: about two million files
STEP = 100
_FILE = re.compile(r"files/([0-9a-f]{64})")


class Archive:
    """`tables` are those that move here, each with what the manifest says of it; `files` is their number."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = _opened(file)
        self.manifest = self._read_manifest()
        self.facts: dict[Table, dict[str, Any]] = self._announced()
        self.files = self._check_names()

    @property
    def rows(self) -> int:
        return sum(int(facts["rows"]) for facts in self.facts.values())

    def lines(self, table: Table, *, check: bool = False) -> Iterator[bytes]:
        """The rows of a table as they stand; with `check` an error at the end unless all is as announced."""
        facts = self.facts[table]
        number, length, digest = 0, 0, hashlib.sha256()
        with self._zip.open(facts["part"]) as part:
            while line := _read(lambda: part.readline(MOST_LINE), facts["part"]):
                number, length = number + 1, length + len(line)
                if length > facts["bytes"] or (len(line) == MOST_LINE and not line.endswith(b"\n")):
                    raise ValidationError(f"“{facts['part']}” is longer than the archive says. It is damaged.")
                if check:
                    digest.update(line)
                yield line
        if check and (number, length, digest.hexdigest()) != (facts["rows"], facts["bytes"], facts["sha256"]):
            raise ValidationError(f"“{facts['part']}” is not as it was packed: it is damaged, or somebody changed it.")

    def content(self, digest: str) -> bytes:
        """A file by its hash, which is looked at again."""
        try:
            entry = self._zip.getinfo(f"files/{digest}")
        except KeyError:
            raise ValidationError(f"The file {digest} is missing from the archive.") from None
        with self._zip.open(entry) as file:
            content = _read(lambda: file.read(settings.MOVE_IN_MAX_FILE + 1), entry.filename)
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValidationError(f"The file {digest} is not as it was packed: it is damaged, or somebody changed it.")
        return content

    def check_files(self) -> Iterator[int]:
        """Every file against its name; a step for a hundred."""
        step = 0
        for name in self._zip.namelist():
            if found := _FILE.fullmatch(name):
                self.content(found[1])
                step += 1
            if step == STEP:
                yield step
                step = 0
        if step:
            yield step

    def _read_manifest(self) -> dict[str, Any]:
        try:
            entry = self._zip.getinfo("manifest.json")
            if entry.file_size > MOST_MANIFEST:
                raise ValidationError("The archive’s manifest is larger than any pool’s.")
            manifest = json.loads(_read(lambda: self._zip.read(entry), entry.filename))
        except (KeyError, ValueError):
            raise ValidationError("This zip is no pool that was moved out: it has no manifest.json.") from None
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise ValidationError("This zip is no pool that was moved out of Rapport.")
        if manifest.get("version") != VERSION:
            raise ValidationError(
                f"The archive is of version {str(manifest.get('version'))[:20]}; this Rapport reads version {VERSION}."
            )
        return manifest

    def _announced(self) -> dict[Table, dict[str, Any]]:
        here = {table.name: table for table in tables()}
        found: dict[Table, dict[str, Any]] = {}
        for facts in _list(self.manifest.get("tables")):
            if not _is_sound(facts):
                raise ValidationError("The archive’s manifest can’t be read.")
            if facts["table"] in left_out():
                continue
            if facts["table"] not in here or here[facts["table"]] in found:
                raise ValidationError(f"There is no place here for the archive’s “{facts['table'][:60]}”. Is it newer?")
            table = here[facts["table"]]
            if strange := set(facts["columns"]) - set(columns_of(table)):
                raise ValidationError(
                    f"“{min(strange)[:60]}” of “{table.name}” is not known here. Is the archive newer?"
                )
            found[table] = facts
        return found

    def _check_names(self) -> int:
        """How many files there are; an error for whatever else is in the zip, twice in it, locked, or too large."""
        names = [entry.filename for entry in self._zip.infolist()]
        files = sum(1 for name in names if _FILE.fullmatch(name))
        parts = {facts["part"] for facts in _list(self.manifest.get("tables"))}
        strange = next(
            (name for name in names if not (_FILE.fullmatch(name) or name in parts | {"manifest.json"})), None
        )
        if strange is not None:
            raise ValidationError(f"“{strange[:100]}” does not belong into such an archive.")
        if len(set(names)) != len(names):
            raise ValidationError("The archive holds two files of one name.")
        missing = next((facts["part"] for facts in self.facts.values() if facts["part"] not in names), None)
        if missing is not None:
            raise ValidationError(f"“{missing}” is missing from the archive.")
        if any(entry.flag_bits & 1 for entry in self._zip.infolist()):
            raise ValidationError("The archive is locked with a password.")
        self._check_sizes()
        return files

    def _check_sizes(self) -> None:
        for entry in self._zip.infolist():
            if _FILE.fullmatch(entry.filename) and entry.file_size > settings.MOVE_IN_MAX_FILE:
                raise ValidationError(f"“{entry.filename}” is larger than {settings.MOVE_IN_MAX_FILE // 2**20} MB.")
        if sum(entry.file_size for entry in self._zip.infolist()) > settings.MOVE_IN_MAX_UNPACKED:
            limit = settings.MOVE_IN_MAX_UNPACKED // 2**30
            raise ValidationError(f"Unpacked the archive would be larger than the {limit} GB that are taken here.")


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        if _directory_size(file) > MOST_DIRECTORY:
            raise ValidationError("There are more files in the archive than are taken.")
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, ValueError, OSError):
        raise ValidationError("This is no zip, or it did not arrive whole.") from None


def _directory_size(file: BinaryIO) -> int:
    """How long the zip says its list of files is; `zipfile` would read it all."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(end - 2**16 - 100, 0))
    tail = file.read()
    sizes = [0]
    if (at := tail.rfind(b"PK\x05\x06")) >= 0:
        size = struct.unpack_from("<L", tail, at + 12)[0]
        sizes.append(0 if size == 0xFFFFFFFF else size)
    if (at := tail.rfind(b"PK\x06\x06")) >= 0:
        sizes.append(struct.unpack_from("<Q", tail, at + 40)[0])
    file.seek(0)
    return max(sizes)


def _read(read: Any, name: str) -> bytes:
    try:
        content: bytes = read()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise ValidationError(f"“{name}” can’t be read: the archive is damaged.") from None
    return content


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_sound(facts: Any) -> bool:
    if not isinstance(facts, dict):
        return False
    texts, numbers = ("table", "part", "sha256"), ("rows", "bytes")
    return (
        all(isinstance(facts.get(name), str) for name in texts)
        and all(isinstance(facts.get(name), int) and facts[name] >= 0 for name in numbers)
        and isinstance(facts.get("columns"), list)
        and all(isinstance(name, str) for name in facts["columns"])
    )
