"""Extraction: from a page to an article, without reading or writing anything else."""

from framewatch_crawler.extraction.article import extract
from framewatch_crawler.extraction.errors import NotAnArticleError

__all__ = ["NotAnArticleError", "extract"]
