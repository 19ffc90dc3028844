"""From a page's bytes to its text, whatever the server or the page says of the encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

# Tried in this order when no declaration fits. GB18030 and Big5 refuse most of each other's text;
# windows-1252 takes anything and so stands last.
_FALLBACKS = ("utf-8", "gb18030", "big5hkscs", "windows-1252")
_HAN_OR_MARK = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# One damaged character in so many is a slip of the page, not a wrong encoding.
_DAMAGED_SHARE = 200


def decode(body: bytes, declared: str | None = None) -> str:
    """Decode a page.

    A cascade: (1) byte order mark, (2) the encoding of the Content-Type header, (3) that of the page's
    meta element, (4) UTF-8, GB18030, Big5, windows-1252. A declared encoding counts only if the whole
    body is valid in it.

    Parameters
    ----------
    declared
        Encoding named by the server, if any.
    """
    for encoding in _encodings(body, declared):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return _nearly(body, declared)


def _encodings(body: bytes, declared: str | None) -> Iterator[str]:
    marked, _ = read_bom(body)
    if marked:
        yield marked.replace("le", "").replace("be", "").rstrip("-") or marked
    for name in (declared, html_body_declared_encoding(body[:4096])):
        known = resolve_encoding(name) if name else None
        # Latin-1 takes anything: a page that declares it and is valid UTF-8 is UTF-8.
        if known and not (known in {"cp1252", "iso8859-1"} and _is_utf8(body)):
            yield known
    if _is_utf8(body):
        yield "utf-8"


def _nearly(body: bytes, declared: str | None) -> str:
    """Decode a body that is valid in nothing that is declared: damaged, cut, or declared wrongly.

    The first declared encoding with next to no damage, else the likeliest of the fallbacks.
    """
    names = [name for name in (declared, html_body_declared_encoding(body[:4096])) if name]
    for text in (body.decode(name, "replace") for name in names if _exists(name)):
        if text.count("\ufffd") <= 1 + len(text) // _DAMAGED_SHARE:
            return text
    return min((body.decode(name, "replace") for name in _FALLBACKS), key=_damage)


def _damage(text: str) -> float:
    """Replaced characters weigh most; among texts without any, Chinese is likelier than its mojibake."""
    return text.count("\ufffd") - len(_HAN_OR_MARK.findall(text)) / (len(text) + 1)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not body.isascii()


def _exists(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
