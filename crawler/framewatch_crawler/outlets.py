"""Outlets' files: TOML in, checked values out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import re2

from framewatch_crawler.countries import is_country, meant_country
from framewatch_crawler.urls import NotAWebAddressError, canonical_url
from framewatch_models.errors import OutletFileError
from framewatch_models.tomlfile import line_of, nearest, read_toml
from framewatch_models.values.outlets import Outlet, Source, SourceKind, UrlRules

_OUTLET_KEYS = (
    "name", "short_name", "homepage", "country", "region", "group", "languages", "timezone", "sources", "articles",
)  # fmt: skip
_SOURCE_KEYS = ("kind", "url", "links", "next")
_RULE_KEYS = ("include", "exclude")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")
MAX_PATTERN = 1_000


def load_outlets(folder: Path) -> tuple[Outlet, ...]:
    """Read all outlets of a folder, in order of their slugs.

    Raises
    ------
    OutletFileError
        There is none, or one is wrong.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise OutletFileError(
            folder,
            "there is no outlet",
            mend="add a file NAME.toml for each outlet; framewatch init writes an example",
        )
    return tuple(load_outlet(path) for path in paths)


def load_outlet(path: Path) -> Outlet:
    """Read one outlet; the file's name is its slug.

    Raises
    ------
    OutletFileError
        Names file, line, what is wrong and what would be right.
    """
    content, text = read_toml(path, OutletFileError)
    return _File(path, text).outlet(content)


class _File:
    """An outlet's file while it is read."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text

    def outlet(self, content: Mapping[str, Any]) -> Outlet:
        self._only(content, _OUTLET_KEYS)
        slug = self._path.stem
        if not _SLUG.fullmatch(slug):
            raise OutletFileError(
                self._path,
                f"{slug!r} is no slug",
                mend="name the file in a-z, 0-9 and -, at most 60 characters",
            )
        return Outlet(
            slug=slug,
            name=self._text_of(content, "name"),
            short_name=self._optional(content, "short_name"),
            homepage=self._url(content, "homepage"),
            country=self._country(content),
            region=self._optional(content, "region"),
            group=self._text_of(content, "group"),
            languages=self._languages(content),
            timezone=self._timezone(content),
            sources=self._sources(content),
            articles=self._rules(content),
        )

    def _sources(self, content: Mapping[str, Any]) -> tuple[Source, ...]:
        listed = content.get("sources")
        if (
            not isinstance(listed, list)
            or not listed
            or not all(isinstance(one, dict) for one in listed)
        ):
            raise self._wrong(
                "there is no source",
                'add a table [[sources]] with kind = "feed" and url',
                "sources",
            )
        sources = tuple(self._source(source, number) for number, source in enumerate(listed))
        seen: set[str] = set()
        for number, source in enumerate(sources):
            if source.url in seen:
                raise self._wrong(
                    f"the source {source.url} is there twice",
                    "remove one",
                    "sources",
                    number,
                    "url",
                )
            seen.add(source.url)
        return sources

    def _source(self, source: Mapping[str, Any], number: int) -> Source:
        place = ("sources", number)
        self._only(source, _SOURCE_KEYS, *place)
        kinds = [kind.value for kind in SourceKind]
        kind = self._text_of(source, "kind", *place)
        if kind not in kinds:
            raise self._wrong(f"unknown kind {kind!r}", nearest(kind, kinds), *place, "kind")
        links = self._optional(source, "links", *place)
        if kind == SourceKind.LISTING and links is None:
            raise self._wrong(
                "a listing needs links",
                'add a CSS selector: links = "article h2 a"',
                *place,
                "kind",
            )
        if kind != SourceKind.LISTING and (links or "next" in source):
            raise self._wrong(
                f"links and next belong to listings, not to a {kind}", "remove them", *place, "kind"
            )
        url = self._url(source, "url", *place)
        return Source(
            kind=SourceKind(kind), url=url, links=links, next=self._optional(source, "next", *place)
        )

    def _rules(self, content: Mapping[str, Any]) -> UrlRules:
        rules = content.get("articles", {})
        if not isinstance(rules, dict):
            raise self._wrong("articles must be a table", "write [articles]", "articles")
        self._only(rules, _RULE_KEYS, "articles")
        return UrlRules(**{key: self._patterns(rules[key], key) for key in rules})

    def _patterns(self, patterns: object, key: str) -> tuple[str, ...]:
        if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
            raise self._wrong(
                f"{key!r} must be a list of patterns", f'write {key} = ["/2025/"]', "articles", key
            )
        for pattern in patterns:
            try:
                if len(pattern) > MAX_PATTERN:
                    raise re2.error("too long")
                compile_pattern(pattern)
            except re2.error as error:
                said = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
                raise self._wrong(
                    f"the pattern {pattern[:40]!r} cannot be used ({said})",
                    "RE2 syntax is needed",
                    "articles",
                    key,
                ) from error
        return tuple(patterns)

    def _languages(self, content: Mapping[str, Any]) -> tuple[str, ...]:
        tags = content.get("languages")
        if (
            not isinstance(tags, list)
            or not tags
            or not all(isinstance(tag, str) and _LANGUAGE.fullmatch(tag) for tag in tags)
        ):
            raise self._wrong(
                "'languages' must be a list of language tags",
                'write languages = ["en"] or ["zh-Hans"]',
                "languages",
            )
        return tuple(tags)

    def _timezone(self, content: Mapping[str, Any]) -> str | None:
        name = self._optional(content, "timezone")
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise self._wrong(
                    f"unknown time zone {name!r}",
                    'use an IANA name, such as "Asia/Kolkata"',
                    "timezone",
                ) from error
        return name

    def _url(self, table: Mapping[str, Any], key: str, *place: str | int) -> str:
        url = self._text_of(table, key, *place)
        try:
            canonical_url(url)
        except NotAWebAddressError as error:
            raise self._wrong(
                f"{url[:80]!r} is no http or https address",
                'write it in full: "https://example.org/…"',
                *place,
                key,
            ) from error
        return url

    def _country(self, content: Mapping[str, Any]) -> str:
        code = self._text_of(content, "country")
        if not is_country(code):
            meant = meant_country(code)
            right = 'it is two capital letters of ISO 3166-1, such as "IN"'
            mend = f'did you mean "{meant}"?' if meant else right
            raise self._wrong(f"'country' cannot be {code[:40]!r}", mend, "country")
        return code

    def _text_of(self, table: Mapping[str, Any], key: str, *place: str | int) -> str:
        value = self._optional(table, key, *place)
        if value is None:
            raise self._wrong(f"{key!r} is missing", f'add {key} = "…"', *place)
        return value

    def _optional(self, table: Mapping[str, Any], key: str, *place: str | int) -> str | None:
        value = table.get(key)
        if value is not None and not (
            isinstance(value, str) and value.strip() and len(value) <= 2_000
        ):
            raise self._wrong(f"{key!r} must be a text", f'write {key} = "…"', *place, key)
        return value

    def _only(self, table: Mapping[str, Any], known: tuple[str, ...], *place: str | int) -> None:
        for key in table:
            if key not in known:
                raise self._wrong(f"unknown key {key!r}", nearest(key, known), *place, key)

    def _wrong(self, problem: str, mend: str, *place: str | int) -> OutletFileError:
        line = line_of(self._text, *place) if place else None
        return OutletFileError(self._path, problem, line=line, mend=mend)


def compile_pattern(pattern: str) -> Any:
    """Compile a pattern of an outlet's file; matching takes time linear in the address."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
