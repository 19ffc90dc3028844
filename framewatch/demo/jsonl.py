"""Articles in JSON lines, to be published as outlets."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from framewatch.demo.plan import DemoArticle, DemoOutlet, SourceFormat
from framewatch_models.errors import SettingsError

_FORMATS: tuple[SourceFormat, ...] = ("rss", "atom", "sitemap")
# ISO 3166-1 leaves ZZ to its users, who write it for "unknown".
_UNKNOWN_COUNTRY = "ZZ"
_NOTICE = "Served on this machine by the Framewatch demo"
_N_SLUG_CHARACTERS = 60
# Far beyond any article, and far from the ends of the calendar, where adding a zone overflows.
_YEARS = range(1500, 2501)
_EXAMPLE = 'an article looks like {"outlet": "…", "title": "…", "text": "…", "language": "en"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArticles:
    """The articles of a file, and the outlets that they name."""

    outlets: tuple[DemoOutlet, ...]
    articles: tuple[DemoArticle, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the file, read field by field."""

    path: Path
    number: int
    fields: Mapping[str, object]

    def wrong(self, problem: str, mend: str) -> SettingsError:
        return SettingsError(self.path, problem, line=self.number, mend=mend)

    def text(self, key: str) -> str:
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            what = "is missing" if value is None else f"is {json.dumps(value)[:40]}"
            raise self.wrong(f"{key!r} {what}", f"give it a text that is not empty; {_EXAMPLE}")
        return value.strip()

    def authors(self) -> tuple[str, ...]:
        value = self.fields.get("authors") or []
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise self.wrong("'authors' is not a list of names", 'write ["A. Name"], or []')
        return tuple(name.strip() for name in value if name.strip())

    def published(self) -> datetime | date | None:
        value = self.fields.get("published")
        if value in (None, ""):
            return None
        try:
            if not isinstance(value, str):
                raise ValueError
            bare_date = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip())
            parse = date.fromisoformat if bare_date else datetime.fromisoformat
            published = parse(value.strip())
            if published.year not in _YEARS:
                raise ValueError
        except ValueError:
            raise self.wrong(
                f"'published' is {json.dumps(value, ensure_ascii=False)[:40]}",
                "write a date (2025-01-29) or a date and time (2025-01-29 08:30), or leave it out",
            ) from None
        return published


def articles_from_jsonl(path: Path) -> PublishedArticles:
    """Read articles, one JSON object a line, and group them into outlets by name.

    Fields: ``outlet``, ``title``, ``text`` (paragraphs separated by blank lines), ``language``;
    ``authors`` and ``published`` may be missing, and other fields are not read. Page designs and
    kinds of source alternate from outlet to outlet.

    Raises
    ------
    SettingsError
        The file cannot be read, has no articles, or a line is wrong; names the line.
    """
    lines = list(_lines(path))
    if not lines:
        raise SettingsError(path, "no articles", mend=f"write one a line; {_EXAMPLE}")
    slugs = _outlet_slugs(line.text("outlet") for line in lines)
    articles = tuple(_article(line, slugs) for line in lines)
    return PublishedArticles(
        outlets=tuple(
            _outlet(number, name, slug, articles)
            for number, (name, slug) in enumerate(slugs.items())
        ),
        articles=articles,
    )


def _lines(path: Path) -> Iterator[_Line]:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(path, f"cannot be read ({reason})", mend="check its name") from error
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if raw.strip():
            yield _parsed(path, number, raw)


def _parsed(path: Path, number: int, raw: bytes) -> _Line:
    try:
        fields = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise SettingsError(path, "not UTF-8", line=number, mend="save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        problem = f"not JSON ({getattr(error, 'msg', 'too deep').lower()})"
        raise SettingsError(path, problem, line=number, mend=_EXAMPLE) from None
    if not isinstance(fields, dict):
        raise SettingsError(path, "not a JSON object", line=number, mend=_EXAMPLE)
    return _Line(path, number, fields)


def _outlet_slugs(names: Iterator[str]) -> dict[str, str]:
    """Slugs in Latin letters by outlet name, in order of appearance, no two alike."""
    slugs: dict[str, str] = {}
    for name in dict.fromkeys(names):
        slug = base = _slug(name) or f"outlet-{len(slugs) + 1}"
        n = 2
        while slug in slugs.values():
            slug, n = f"{base}-{n}", n + 1
        slugs[name] = slug
    return slugs


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:_N_SLUG_CHARACTERS].strip("-")


def _outlet(number: int, name: str, slug: str, articles: tuple[DemoArticle, ...]) -> DemoOutlet:
    languages = Counter(article.language for article in articles if article.outlet == slug)
    return DemoOutlet(
        slug=slug,
        name=name,
        short_name=None if name.isascii() else slug,
        country=_UNKNOWN_COUNTRY,
        group="Outlets of a file",
        languages=tuple(language for language, _ in languages.most_common()),
        design=1 if number % 2 == 0 else 2,
        source=_FORMATS[number % len(_FORMATS)],
        notice=_NOTICE,
    )


def _article(line: _Line, slugs: Mapping[str, str]) -> DemoArticle:
    title = line.text("title")
    # The line's number keeps two articles with the same headline apart.
    slug = f"{_slug(title)}-{line.number}".lstrip("-")
    return DemoArticle(
        id=f"line-{line.number}",
        outlet=slugs[line.text("outlet")],
        slug=slug,
        title=title,
        text=line.text("text"),
        language=line.text("language"),
        published=line.published(),
        authors=line.authors(),
    )
