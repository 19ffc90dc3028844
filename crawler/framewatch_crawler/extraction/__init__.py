"""Extraction: from a page to an article, without reading or writing anything else.

``extract(html, url)`` is loaded on first use: it imports for a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewatch_crawler.extraction.errors import NotAnArticleError

if TYPE_CHECKING:
    from framewatch_crawler.extraction.article import extract

__all__ = ["NotAnArticleError", "extract"]


def __getattr__(name: str) -> Any:
    if name == "extract":
        from framewatch_crawler.extraction.article import extract  # noqa: PLC0415

        return extract
    raise AttributeError(name)
