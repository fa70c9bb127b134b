"""A file at a web address, asked for again only if it changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings

from crm.outgoing import Answer, fetch
from talentpool.intake.drops.place import DropProblem, Found, problems_as_sentences

NOT_MODIFIED = 304
_FILE_NAME = re.compile(r'filename="?([^";]+)"?', re.IGNORECASE)


class AddressPlace:
    """`etag` and `last_modified` are what to ask with the next time, once its file was taken."""

    def __init__(self, url: str, etag: str, last_modified: str) -> None:
        self._url = url
        self._asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        self._answer: Answer | None = None
        self.etag, self.last_modified = etag, last_modified

    def look(self) -> list[Found]:
        headers = {name: value for name, value in self._asked.items() if value}
        most = settings.IMPORT_MAX_CSV_BYTES
        with problems_as_sentences():
            answer = fetch(self._url, headers=headers, most_bytes=most, seconds=settings.DROP_SECONDS)
        if answer.status == NOT_MODIFIED:
            return []
        if answer.status != 200:
            raise DropProblem(f"The server answers with {answer.status}.")
        self._answer = answer
        self.etag, self.last_modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        return [Found(_name(answer), len(answer.content), 0.0)]

    def content(self, found: Found, *, most_bytes: int) -> bytes:
        assert self._answer is not None
        return self._answer.content

    def set_aside(self, found: Found) -> None:
        """It stays where it is."""


@contextmanager
def open_address(url: str, etag: str, last_modified: str) -> Iterator[AddressPlace]:
    yield AddressPlace(url, etag, last_modified)


def _name(answer: Answer) -> str:
    stated = _FILE_NAME.search(answer.headers.get("content-disposition", ""))
    name = stated[1] if stated else unquote(urlsplit(answer.url).path)
    return PurePosixPath(name.replace("\\", "/")).name.replace("\x00", "")[:255] or "people.csv"
