"""The page of docs that each provider has, as help: how to make credentials, which rights, how to set the webhook."""

from pathlib import Path

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent / "docs"


def guide_of(provider: str) -> str:
    """As HTML; empty where nobody has written one."""
    file = FOLDER / f"{provider}.md"
    if not provider.isidentifier() or not file.is_file():
        return ""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    lines = [line for line in file.read_text().splitlines() if not line.startswith("# ")]
    return mark_safe(str(markdown.render("\n".join(lines))))  # noqa: S308 - a file of ours, and without HTML
