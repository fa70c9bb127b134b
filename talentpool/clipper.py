"""The two programs that clip a page, made for one organisation from the same script: a bookmarklet and an extension.

The bookmarklet carries the whole script, because pages forbid scripts from elsewhere; both run only when clicked.
"""

import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path
from urllib.parse import quote

FOLDER = Path(__file__).resolve().parent.parent / "crm" / "static" / "clipper"
IN_EXTENSION = ("manifest.json", "background.js", "collect.js", "icon-48.png", "icon-128.png")


def bookmarklet(page: str) -> str:
    """An address to drag into the bookmarks bar. `page` is where the clip is received."""
    opened = f"window.open({json.dumps(page)}+'#'+encodeURIComponent({_script()}),'_blank','noopener')"
    return "javascript:" + quote(f"void {opened}", safe="()[]{}=+*/!?:;,.'$&|<>~@-_")


def extension_zip(page: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in IN_EXTENSION:
            packed.writestr(
                zipfile.ZipInfo(f"rapport-clipper/{name}", (2026, 1, 1, 0, 0, 0)), (FOLDER / name).read_bytes()
            )
        address = f"export const CLIP_PAGE = {json.dumps(page)};\n"
        packed.writestr(zipfile.ZipInfo("rapport-clipper/address.js", (2026, 1, 1, 0, 0, 0)), address)
    return buffer.getvalue()


@cache
def _script() -> str:
    """collect.js as one expression on one line."""
    lines = (FOLDER / "collect.js").read_text("utf-8").splitlines()
    bare = [line.strip() for line in lines if line.strip() and not line.strip().startswith("//")]
    return re.sub(r";$", "", " ".join(bare))
