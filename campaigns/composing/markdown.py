"""Markdown with merge fields, as HTML for mail and as plain text. Raw HTML is shown, never obeyed.

Merge fields are taken out before Markdown reads the text and put back after it, because Markdown would escape their
quotes and read their stars and underscores as emphasis.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

MAX_LINKS = 200
LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: no keyboard has them
_MARK = re.compile(f"{_OPEN}(link)?([0-9]+){_CLOSE}")
_LONE_TAGS = re.compile(rf"<p[^>]*>((?:\s*{_OPEN}[0-9]+{_CLOSE})+)\s*</p>\n?")
_BUTTON = ["strong_open", "link_open", "text", "link_close", "strong_close"]
_TRACKED = ("https://", "http://")
_UNTRACKED = ("mailto:", "tel:")

# Mail clients drop style sheets, so each element carries its own.
_STYLES = {
    "p": "margin:0 0 16px",
    "h1": "margin:0 0 16px;font-size:24px;line-height:1.25",
    "h2": "margin:24px 0 12px;font-size:19px;line-height:1.3",
    "h3": "margin:20px 0 8px;font-size:16px;line-height:1.4",
    "ul": "margin:0 0 16px;padding:0 0 0 22px",
    "ol": "margin:0 0 16px;padding:0 0 0 22px",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #d5d9e0;color:#4a5263",
    "a": "color:#0b6b5d;text-decoration:underline",
    "hr": "border:0;border-top:1px solid #d5d9e0;margin:24px 0",
    "img": "max-width:100%;height:auto;border:0",
    "code": "font-family:monospace",
}
_BUTTON_STYLE = (
    "display:inline-block;background:#0b6b5d;color:#ffffff;text-decoration:none;"
    "padding:12px 22px;border-radius:8px;font-weight:bold"
)


@dataclass(frozen=True)
class Written:
    html: str  # Liquid templates, both
    text: str
    links: tuple[str, ...]  # where link 1, 2, … lead to


def written(source: str, *, link_to: Callable[[int], str]) -> Written:
    """`link_to(n)` is the address that stands in the mail for the n-th tracked link, counted from 1."""
    marked, fields = _take_out(source)
    tokens = MarkdownIt("commonmark", {"html": False, "breaks": True}).parse(marked)
    links = _Links()
    for token in _all_tokens(tokens):
        if token.type == "link_open":
            token.attrSet("href", links.address_for(str(token.attrGet("href") or "")))
        elif token.type == "image":
            _check_image(str(token.attrGet("src") or ""))
    # The text part is read off before styling, which only HTML needs.
    text = _plain(SyntaxTreeNode(tokens)).strip() + "\n"
    html = _LONE_TAGS.sub(r"\1", _styled_html(tokens))

    def put_back(output: str) -> str:
        return _MARK.sub(lambda mark: link_to(int(mark[2])) if mark[1] else fields[int(mark[2])], _defused(output))

    return Written(put_back(html), put_back(text), tuple(links.found))


class _Links:
    def __init__(self) -> None:
        self.found: list[str] = []

    def address_for(self, url: str) -> str:
        shown = url if len(url) <= 80 else url[:80] + "…"
        if "%EE%80%80" in url or _OPEN in url:
            raise ValidationError("A link’s address can’t contain a merge field. Put the field into the link’s words.")
        if url.lower().startswith(_UNTRACKED):
            return url.replace("{", "%7B").replace("}", "%7D")
        if not url.lower().startswith(_TRACKED) or not re.match(r"https?://[^/\s]", url, re.IGNORECASE):
            raise ValidationError(f"The link “{shown}” needs its whole address, such as https://example.com/jobs.")
        if len(url) > 2000:
            raise ValidationError(f"The link “{shown}” is longer than 2,000 characters.")
        if url not in self.found:
            self.found.append(url)
        if len(self.found) > MAX_LINKS:
            raise ValidationError(f"A message can have {MAX_LINKS} different links at most.")
        return f"{_OPEN}link{self.found.index(url) + 1}{_CLOSE}"


def _check_image(url: str) -> None:
    if not url.lower().startswith("https://") or "%EE%80%80" in url:
        raise ValidationError(f"The picture “{url[:80]}” needs an address that begins with https://.")


def _take_out(source: str) -> tuple[str, list[str]]:
    fields: list[str] = []

    def mark(match: re.Match[str]) -> str:
        fields.append(match[0])
        return f"{_OPEN}{len(fields) - 1}{_CLOSE}"

    return LIQUID.sub(mark, source.replace(_OPEN, "").replace(_CLOSE, "")), fields


def _defused(output: str) -> str:
    """What is left of `{{`, `{%` after the fields were taken out is the author's own text."""
    return re.sub(r"\{(?=[{%])", "{{ '{' }}", output)


def _all_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all_tokens(token.children or [])


def _styled_html(tokens: list[Token]) -> str:
    for token in _all_tokens(tokens):
        if token.nesting >= 0 and token.tag in _STYLES:
            token.attrSet("style", _STYLES[token.tag])
        children = token.children or []
        if [child.type for child in children] == _BUTTON:
            children[1].attrSet("style", _BUTTON_STYLE)
    markdown = MarkdownIt("commonmark")
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _plain(node: SyntaxTreeNode, indent: str = "") -> str:
    """Plain text as a person would type it: a blank line between blocks, links as words and address."""
    kind = node.type
    if kind in ("bullet_list", "ordered_list"):
        return _plain_list(node, indent)
    if kind == "blockquote":
        return "".join(f"> {line}\n" for line in _blocks(node, indent).strip().split("\n"))
    if kind in ("fence", "code_block"):
        return node.content
    if kind == "hr":
        return "----\n"
    if kind in ("paragraph", "heading"):
        return _words(node.children[0] if node.children else node).strip() + "\n"
    return _blocks(node, indent)


def _blocks(node: SyntaxTreeNode, indent: str) -> str:
    return "\n".join(_plain(child, indent) for child in node.children)


def _plain_list(node: SyntaxTreeNode, indent: str) -> str:
    start = int(node.attrs.get("start", 1))
    lines: list[str] = []
    for number, item in enumerate(node.children, start):
        bullet = f"{number}. " if node.type == "ordered_list" else "- "
        tight = "".join(_plain(child, indent) for child in item.children).rstrip("\n")
        first, *rest = tight.split("\n")
        lines += [bullet + first, *(" " * len(bullet) + line for line in rest)]
    return "\n".join(lines) + "\n"


def _words(node: SyntaxTreeNode) -> str:
    kind = node.type
    if kind in ("softbreak", "hardbreak"):
        return "\n"
    if kind == "image":
        return node.content
    if kind == "link":
        words = "".join(_words(child) for child in node.children).strip()
        address = str(node.attrs["href"]).removeprefix("mailto:").removeprefix("tel:")
        is_bare = words in ("", address, f"mailto:{address}") or words.startswith(("https://", "http://"))
        return address if is_bare else f"{words} ({address})"
    if node.children:
        return "".join(_words(child) for child in node.children)
    return node.content
