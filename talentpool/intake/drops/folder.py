"""A folder of this machine, below DROP_ROOT and there below the organisation's own; links lead nowhere."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from talentpool.intake.drops.place import DONE_FOLDER, MOST_FILES, DropProblem, Found, is_wanted, name_when_done

NOT_LARGER = "It is larger than an import may be."


class FolderPlace:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self) -> list[Found]:
        try:
            with os.scandir(self._folder) as entries:
                files = [each for each in entries if is_wanted(each.name) and each.is_file(follow_symlinks=False)]
                states = [(each.name, each.stat(follow_symlinks=False)) for each in files[:MOST_FILES]]
        except OSError as error:
            raise DropProblem(f"The folder can’t be read: {error.strerror}.") from error
        found = [Found(name, state.st_size, state.st_mtime) for name, state in states if _is_text(name)]
        return sorted(found, key=lambda each: (each.modified, each.name))

    def content(self, found: Found, *, most_bytes: int) -> bytes:
        try:
            handle = os.open(self._folder / found.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise DropProblem("It is no file.")
                content = file.read(most_bytes + 1)
        except OSError as error:
            raise DropProblem(f"{found.name} can’t be read: {error.strerror}.") from error
        if len(content) > most_bytes:
            raise DropProblem(NOT_LARGER)
        return content

    def set_aside(self, found: Found) -> None:
        with suppress(OSError):
            done = self._folder / DONE_FOLDER
            done.mkdir(exist_ok=True)
            if not done.is_symlink():
                (self._folder / found.name).rename(done / name_when_done(found.name))


@contextmanager
def open_folder(organisation: str, path: str) -> Iterator[FolderPlace]:
    yield FolderPlace(folder_below(organisation, path))


def folder_below(organisation: str, path: str) -> Path:
    """The folder, if it is there and really below the organisation's own, however it is spelled or linked."""
    if not settings.DROP_ROOT:
        raise DropProblem("This installation watches no folders: DROP_ROOT is not set.")
    own = Path(settings.DROP_ROOT).resolve() / organisation
    try:
        folder = (own / path).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise DropProblem(f"There is no folder {path!r} in {organisation!r} below DROP_ROOT.") from error
    if not folder.is_relative_to(own) or not folder.is_dir():
        raise DropProblem("The folder must lie below the organisation’s own.")
    return folder


def _is_text(name: str) -> bool:
    """Bytes that are no UTF-8 come as halves of surrogates, which can neither be shown nor stored."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
