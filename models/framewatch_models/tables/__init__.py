"""SQLAlchemy tables, one file per family; importing this package fills the metadata."""

from framewatch_models.tables.accuracies import AccuracyRow
from framewatch_models.tables.articles import ArticleRow, RawPageRow, RevisionRow
from framewatch_models.tables.crawls import (
    CrawlCountRow,
    CrawlRow,
    DiscoveredUrlRow,
    RobotsFileRow,
)
from framewatch_models.tables.framings import CodebookRow, FramingRow, MentionRow
from framewatch_models.tables.labels import LabelFramingRow, LabelRow
from framewatch_models.tables.ledger import RevisionStepRow
from framewatch_models.tables.outlets import OutletRow, SourceRow
from framewatch_models.tables.passages import PassageRow, RelevanceRow
from framewatch_models.tables.reports import ReportRow
from framewatch_models.tables.subjects import SubjectRow

__all__ = [
    "AccuracyRow",
    "ArticleRow",
    "CodebookRow",
    "CrawlCountRow",
    "CrawlRow",
    "DiscoveredUrlRow",
    "FramingRow",
    "LabelFramingRow",
    "LabelRow",
    "MentionRow",
    "OutletRow",
    "PassageRow",
    "RawPageRow",
    "RelevanceRow",
    "ReportRow",
    "RevisionRow",
    "RevisionStepRow",
    "RobotsFileRow",
    "SourceRow",
    "SubjectRow",
]
