"""HTML: blocks become lines, headings keep their level, list items are marked, scripts and styles are dropped."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.readers.plain import decoded
from talentpool.resumes.rows import PLAIN, Document, Lines, Style

MAX_CHARACTERS = 200_000
_DEEPEST = 200
_DROPPED = ["script", "style", "noscript", "template", "head", "svg", "iframe", "object"]
_BLOCKS = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figure",
        ),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
_SIZES = {"h1": 20.0, "h2": 15.0, "h3": 13.0, "h4": 12.0, "h5": 11.0, "h6": 11.0}
_BOLD = ("b", "strong")


def read_html(data: bytes) -> Document:
    tree = LexborHTMLParser(decoded(data))
    tree.strip_tags(_DROPPED)
    if tree.body is None:
        raise ResumeError(Unreadable.DAMAGED)
    lines = Lines(MAX_CHARACTERS)
    _add_block(tree.body, lines, PLAIN, bullet=False, depth=0)
    if not lines.rows:
        raise ResumeError(Unreadable.PICTURES)
    return lines.document([href for a in tree.css("a[href]") if (href := a.attributes.get("href"))])


def _add_block(block: LexborNode, lines: Lines, style: Style, *, bullet: bool, depth: int) -> None:
    """Text between child blocks is a line of this block; a break ends a line.

    A row of a table without blocks is one line of cells.
    """
    inline: list[str] = []
    bold = True

    def flush() -> None:
        nonlocal inline, bold
        for line in "".join(inline).split("\v"):
            lines.add(
                [line], style=Style(style.bold or (bold and bool(line.strip())), style.font, style.size), bullet=bullet
            )
        inline, bold = [], True

    for child in block.iter(include_text=True):
        tag = child.tag or ""
        if tag in _BLOCKS and depth < _DEEPEST:
            flush()
            _add_child(child, tag, lines, style, bullet=bullet, depth=depth + 1)
        elif tag == "br":
            inline.append("\v")
        elif _holds_blocks(child) and depth < _DEEPEST:
            flush()
            _add_block(child, lines, style, bullet=bullet, depth=depth + 1)
        elif text := child.text(deep=True):
            inline.append(" ".join(("x" + text + "x").split())[1:-1])
            bold = bold and (tag in _BOLD or not text.strip())
    flush()


def _add_child(child: LexborNode, tag: str, lines: Lines, style: Style, *, bullet: bool, depth: int) -> None:
    if tag == "tr" and not any(_holds_blocks(cell) for cell in child.iter()):
        lines.add([cell.text(deep=True) for cell in child.iter()], style=style)
        return
    size = _SIZES.get(tag)
    inner = Style(True, tag, size) if size else style
    _add_block(child, lines, inner, bullet=bullet or tag == "li", depth=depth)


def _holds_blocks(node: LexborNode) -> bool:
    return any(
        (each.tag or "") in _BLOCKS or each.tag == "br" for each in node.traverse() if each.mem_id != node.mem_id
    )
