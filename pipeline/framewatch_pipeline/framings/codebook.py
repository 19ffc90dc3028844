"""The codebook: which framings there are, and the graded cues by which each is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from framewatch_models.values.framings import CodebookVersion, Decision, FramingEntry, Stance
from framewatch_pipeline.framings.patterns import checked
from framewatch_pipeline.framings.sources import PACKAGED_CODEBOOK, CodebookSources
from framewatch_pipeline.framings.yamlfile import Place, read_yaml

_CODEBOOK_KEYS = ("version", "unit", "scope", "stances", "rules", "framings")
_FRAMING_KEYS = ("id", "label", "in_seed", "definition", "include", "exclude", "cues", "exemplars")
_REQUIRED = ("id", "label", "definition")
_CUE_FILE_KEYS = ("version", "language", "terms", "framings", "scopes")
_RULE_KEYS = ("strong", "weak", "cancel", "mask", "requires", "alone", "exemplars")
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_TERM = re.compile(r"\{([A-Z]+)\}")

ANY_LANGUAGE = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class CueRules:
    """How one framing is found in one language; the fields are those of a cue file."""

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    requires: str | None = None
    alone: Decision = Decision.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFile:
    """One language's rules, by framing, and what its scopes mean."""

    language: str
    rules: Mapping[str, CueRules]
    scopes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookFraming:
    """A codebook entry with its own plain cues, for framings that no cue file describes."""

    entry: FramingEntry
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """A codebook and its cue files as one version."""

    version: str
    content_hash: str
    framings: tuple[CodebookFraming, ...]
    cue_files: tuple[CueFile, ...]

    @property
    def entries(self) -> tuple[FramingEntry, ...]:
        """The framings without their patterns, in the file's order."""
        return tuple(framing.entry for framing in self.framings)

    def as_version(self) -> CodebookVersion:
        """Give what the store keeps beside the mentions."""
        return CodebookVersion(
            version=self.version, content_hash=self.content_hash, framings=self.entries
        )


def load_codebook(sources: CodebookSources | None = None) -> Codebook:
    """Read a codebook and its cue files; None = those of the package.

    Raises
    ------
    CodebookError
        Names file, line, what is wrong and how to mend it.
    """
    chosen = sources or CodebookSources()
    top = read_yaml(chosen.codebook_path)
    keys = top.keys("the codebook", known=_CODEBOOK_KEYS)
    framings = _framings(top, keys)
    # Cues of the package for a framing that the user has removed are simply not used.
    known = None if not chosen.cues else {framing.entry.slug for framing in framings}
    return Codebook(
        version=_required(top, keys, "version", "the codebook").text("version"),
        content_hash=chosen.content_hash,
        framings=framings,
        cue_files=tuple(_cue_file(path, known) for path in chosen.cue_paths),
    )


def default_codebook_text() -> str:
    """Give the text of the codebook that comes with Framewatch."""
    return PACKAGED_CODEBOOK.read_text(encoding="utf-8")


def _framings(top: Place, keys: Mapping[str, Place]) -> tuple[CodebookFraming, ...]:
    listed = _required(top, keys, "framings", "the codebook").items("framings")
    framings: dict[str, CodebookFraming] = {}
    for place in listed:
        framing = _framing(place)
        slug = framing.entry.slug
        if slug in framings:
            raise place.wrong(f"the framing {slug!r} is there twice", "remove or rename one")
        framings[slug] = framing
    if not framings:
        raise keys["framings"].wrong("the codebook has no framing", "add one under framings")
    return tuple(framings.values())


def _framing(place: Place) -> CodebookFraming:
    keys = place.keys("a framing", known=_FRAMING_KEYS)
    slug, label, definition = (
        _required(place, keys, name, "a framing").text(name).strip() for name in _REQUIRED
    )
    if not _ID.fullmatch(slug):
        raise keys["id"].wrong(f"{slug!r} is no id", "use a-z, 0-9 and _, beginning with a letter")
    for name in ("include", "exclude"):
        _texts(keys, name)
    _check_exemplars(keys)
    cues = tuple(checked(pattern) for pattern in _list(keys, "cues"))
    return CodebookFraming(
        entry=FramingEntry(slug=slug, label=label, definition=definition), cues=cues
    )


def _cue_file(path: Path, known: Iterable[str] | None) -> CueFile:
    top = read_yaml(path)
    keys = top.keys("a cue file", known=_CUE_FILE_KEYS)
    terms = {name: place.text(name) for name, place in _mapping(keys, "terms").items()}
    listed = _required(top, keys, "framings", "a cue file").keys("framings", known=known)
    scopes = {
        name: checked(place)
        for name, place in _mapping(
            keys, "scopes", known=("subject", "china", "technology")
        ).items()
    }
    return CueFile(
        language=_required(top, keys, "language", "a cue file").text("language"),
        rules={slug: _rules(place, slug, terms) for slug, place in listed.items()},
        scopes=scopes,
    )


def _rules(place: Place, slug: str, terms: Mapping[str, str]) -> CueRules:
    keys = place.keys(f"framing {slug!r}", known=_RULE_KEYS)
    _check_exemplars(keys)
    lists = {
        name: tuple(checked(_expanded(pattern, terms)) for pattern in _list(keys, name))
        for name in ("strong", "weak", "cancel", "mask")
    }
    if not lists["strong"]:
        raise place.wrong(f"framing {slug!r} has no strong cue", "add a list under strong")
    requires = checked(_expanded(keys["requires"], terms)) if "requires" in keys else None
    alone = keys["alone"].text("alone") if "alone" in keys else Decision.YES.value
    if alone not in {Decision.YES.value, Decision.REVIEW.value}:
        raise keys["alone"].wrong(f"unknown decision {alone!r} under alone", "use yes or review")
    return CueRules(**lists, requires=requires, alone=Decision(alone))


def _expanded(place: Place, terms: Mapping[str, str]) -> Place:
    """Put the named parts into a pattern."""
    pattern = place.text("a pattern")
    for name in _TERM.findall(pattern):
        if name not in terms:
            raise place.wrong(
                f"the pattern uses the unknown term {{{name}}}",
                f"known terms: {', '.join(sorted(terms)) or 'none'}",
            )
        pattern = pattern.replace(f"{{{name}}}", terms[name])
    return place.with_text(pattern)


def _check_exemplars(keys: Mapping[str, Place]) -> None:
    for place in _list(keys, "exemplars"):
        found = place.keys("an exemplar", known=("stance", "text", "script"))
        stance = _required(place, found, "stance", "an exemplar").text("stance")
        _required(place, found, "text", "an exemplar").text("text")
        if stance not in set(Stance):
            raise found["stance"].wrong(f"unknown stance {stance!r}", f"use {', '.join(Stance)}")


def _required(parent: Place, keys: Mapping[str, Place], name: str, what: str) -> Place:
    if name not in keys:
        raise parent.wrong(f"{what} has no {name!r}", f"add a line {name}: …")
    return keys[name]


def _list(keys: Mapping[str, Place], name: str) -> Sequence[Place]:
    return keys[name].items(name) if name in keys else ()


def _texts(keys: Mapping[str, Place], name: str) -> list[str]:
    return [place.text(name) for place in _list(keys, name)]


def _mapping(
    keys: Mapping[str, Place], name: str, known: Iterable[str] | None = None
) -> dict[str, Place]:
    return keys[name].keys(name, known=known) if name in keys else {}
