"""HTML of mail as text with its lines. By the stream, for a tree of hostile HTML can take minutes to walk."""

import re
from html.parser import HTMLParser

_DROPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "svg"})
_BLOCKS = frozenset(
    {
        *("p", "div", "tr", "table", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "section", "article"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "header", "footer", "body", "form", "center"),
    }
)
LARGEST = 3_000_000


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._dropped = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
        elif tag == "br" or tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("\n• ")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
        elif tag == "a":
            self._links.append(next((value or "" for name, value in attrs if name == "href"), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag == "a" and self._links:
            self._say_address(self._links.pop())

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def _say_address(self, link: str) -> None:
        """A forwarded name is often a link that alone holds the address."""
        address = link[7:].partition("?")[0]
        said = "".join(self.pieces[-3:])
        if link.lower().startswith("mailto:") and address and address.lower() not in said.lower():
            self.pieces.append(f" <{address}>")


def text_of_html(html: str) -> str:
    parser = _Text()
    parser.feed(html[:LARGEST])
    parser.close()
    lines = [line.replace("\N{NO-BREAK SPACE}", " ").strip() for line in "".join(parser.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
