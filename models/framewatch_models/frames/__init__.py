"""SQL to tidy DataFrames: the only way from the store to pandas.

Every frame has a RangeIndex, the columns of its schema in order, and the same dtypes when empty.
"""

from framewatch_models.frames.articles import article_texts, articles, passages, texts_by_url
from framewatch_models.frames.crawls import crawl_counts
from framewatch_models.frames.framings import framings, mentions
from framewatch_models.frames.labels import labels
from framewatch_models.frames.outlets import outlets
from framewatch_models.frames.schema import SCHEMAS, Column
from framewatch_models.frames.scope import Scope
from framewatch_models.frames.subjects import subjects

__all__ = [
    "SCHEMAS",
    "Column",
    "Scope",
    "article_texts",
    "articles",
    "crawl_counts",
    "framings",
    "labels",
    "mentions",
    "outlets",
    "passages",
    "subjects",
    "texts_by_url",
]
