"""Text into HTML and XML: everything that an article brings is escaped here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

# XML 1.0 (section 2.2) and HTML know no other characters; lone surrogates cannot even be encoded.
_NOT_A_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Text for an element or a quoted attribute, without characters that no document may hold."""
    return html.escape(_NOT_A_CHARACTER.sub("", text))


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, which are separated by blank lines."""
    return tuple(p.strip() for p in re.split(r"\n\s*\n", text) if p.strip())


def json_script(value: Mapping[str, object]) -> str:
    """JSON that can stand inside ``<script>``: no text in it can end the element."""
    text = _NOT_A_CHARACTER.sub("", json.dumps(value, ensure_ascii=False, indent=1))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
