"""The one settings object: ``framewatch.toml``, with ``FRAMEWATCH_…`` variables above it.

A variable names section and key with two underscores between: ``FRAMEWATCH_CRAWL__DELAY_SECONDS=2``.
"""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from framewatch_models.errors import SettingsError
from framewatch_models.tomlfile import line_of, nearest, read_toml
from framewatch_models.values.subjects import Subject

FILE_NAME = "framewatch.toml"
PREFIX = "FRAMEWATCH_"
# Variables with our prefix that are no settings: the folder of the watch, of real data, of a benchmark.
_OTHER_VARIABLES = {
    "FRAMEWATCH_WATCH",
    "FRAMEWATCH_SHARED",
    "FRAMEWATCH_DEBUG",
    "FRAMEWATCH_BENCH_DIR",
}

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Section(BaseModel):
    """A table of the file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SubjectSection(Section):
    """What the watch is about."""

    name: str = Field(
        min_length=1, max_length=100, description="Name of the subject, as reports print it."
    )
    patterns: dict[str, tuple[str, ...]] = Field(
        description="Regular expressions that name the subject, by language ('en', 'zh'); 'any' holds in every language."
    )

    @field_validator("patterns")
    @classmethod
    def _some(cls, patterns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if not any(patterns.values()):
            raise ValueError("at least one pattern is needed")
        return patterns

    @property
    def value(self) -> Subject:
        """The subject as the packages know it."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-") or "subject"
        return Subject(slug=slug, name=self.name, patterns=self.patterns)


class StoreSection(Section):
    """Where the corpus lives."""

    url: str = Field(
        default="",
        description="Database address without password; empty = state/framewatch.db in the watch's folder.",
    )
    password: SecretStr | None = Field(
        default=None,
        description="Database password; from the variable FRAMEWATCH_STORE__PASSWORD only, never from the file.",
    )
    password_file: Path | None = Field(
        default=None, description="File that holds the database password."
    )
    busy_timeout_seconds: Seconds = Field(
        default=10, description="How long to wait for another process that holds the database."
    )


class CrawlSection(Section):
    """How outlets are crawled."""

    contact: str = Field(
        default="",
        max_length=200,
        description="Address or e-mail that outlets can reach you at; sent in the User-Agent.",
    )
    delay_seconds: float = Field(
        default=1,
        ge=0,
        le=3_600,
        description="Pause between two requests to one outlet; robots.txt can only lengthen it.",
    )
    concurrent_outlets: int = Field(
        default=8, ge=1, le=64, description="Outlets crawled side by side."
    )
    timeout_seconds: Seconds = Field(default=30, description="Time limit of one request.")
    max_body_mb: float = Field(
        default=10, gt=0, le=200, description="Larger answers are refused, in megabytes."
    )
    memory_limit_mb: int = Field(
        default=1_024,
        ge=256,
        le=65_536,
        description="The crawl stops itself above this memory, in megabytes.",
    )
    stop_after_seconds: Seconds = Field(
        default=3_600,
        description="The crawl of one source kind of one outlet ends after this time.",
    )
    extraction_processes: int = Field(
        default=1,
        ge=0,
        le=32,
        description="Processes that read articles out of pages; 0 = a thread.",
    )
    allow_addresses: tuple[str, ...] = Field(
        default=(), description="Private addresses or networks that may be fetched all the same."
    )
    proxy: str = Field(
        default="", description="HTTP proxy; empty = none, whatever the environment says."
    )

    @field_validator("allow_addresses")
    @classmethod
    def _addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            ipaddress.ip_network(address, strict=False)
        return addresses


class FramingsSection(Section):
    """With what framings are detected."""

    codebook: Path = Field(
        default=Path("codebook.yaml"), description="Codebook file, relative to the watch's folder."
    )
    cues: tuple[Path, ...] = Field(
        default=(), description="Graded cue files; none = those of the package."
    )
    detector: str = Field(
        default="learned",
        pattern=r"^(learned|cues|[A-Za-z_][\w.]*:[A-Za-z_]\w*)$",
        description="Who reads passages: learned, cues, or module:factory of your own.",
    )


class AnalyseSection(Section):
    """How the corpus is analysed."""

    processes: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Worker processes for heavy steps; 0 = in the main process.",
    )


class ReportSection(Section):
    """Where reports go."""

    folder: Path = Field(
        default=Path("reports"), description="Folder for reports, relative to the watch's folder."
    )


class Settings(BaseSettings):
    """All settings of a watch."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )
    subject: SubjectSection
    store: StoreSection = StoreSection()
    crawl: CrawlSection = CrawlSection()
    framings: FramingsSection = FramingsSection()
    analyse: AnalyseSection = AnalyseSection()
    report: ReportSection = ReportSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the signature is pydantic-settings')
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment above the file, which `load_settings` hands over as arguments."""
        return env_settings, init_settings


def load_settings(folder: Path) -> Settings:
    """Read the settings of the watch in ``folder``.

    Raises
    ------
    SettingsError
        Names file (or variable), line, what is wrong and what would be right.
    """
    path = folder / FILE_NAME
    content, text = read_toml(path)
    section = content.get("store", {})
    if isinstance(section, dict) and ("password" in section or "@" in _user_part(section)):
        raise SettingsError(
            path,
            "the database password must not stand in this file",
            line=line_of(text, "store", "password" if "password" in section else "url"),
            mend="set FRAMEWATCH_STORE__PASSWORD, or password_file",
        )
    _refuse_unknown_variables()
    try:
        return Settings(**content)
    except ValidationError as error:
        raise _named(error.errors()[0], path, content, text) from None


def _user_part(section: dict[str, Any]) -> str:
    """Give ``:password@`` of a database address, where it has one."""
    found = re.search(r"://[^/@]*(:[^/@]+@)", str(section.get("url", "")))
    return found.group(1) if found else ""


def _named(fault: ErrorDetails, path: Path, content: dict[str, Any], text: str) -> SettingsError:
    keys = fault["loc"]
    name = ".".join(str(key) for key in keys if not isinstance(key, int))
    variable = PREFIX + "__".join(str(key).upper() for key in keys[:2])
    in_file = _stands_in(content, keys) and variable not in os.environ
    where: Path | str = path if in_file or fault["type"] == "missing" else f"variable {variable}"
    line = line_of(text, *(key for key in keys if isinstance(key, str))) if in_file else None
    if fault["type"] == "extra_forbidden":
        return SettingsError(
            where,
            f"unknown key {name!r}",
            line=line,
            mend=nearest(str(keys[-1]), _known_keys(keys)),
        )
    if fault["type"] == "missing":
        return SettingsError(path, f"{name!r} is missing", mend=f"add it ({_description(keys)})")
    # The value itself is not repeated: it may be a secret.
    said = fault["msg"].removeprefix("Value error, ")
    problem = f"{name!r}: {said[:1].lower()}{said[1:]}"
    return SettingsError(where, problem, line=line, mend=_description(keys))


def _stands_in(content: Any, keys: tuple[int | str, ...]) -> bool:  # noqa: ANN401  (parsed TOML)
    for key in keys:
        if isinstance(content, dict) and key in content:
            content = content[key]
        elif not (isinstance(key, int) and isinstance(content, list)):
            return False
    return True


def _known_keys(keys: tuple[int | str, ...]) -> list[str]:
    fields = _section_fields(str(keys[0])) if len(keys) > 1 else Settings.model_fields
    return list(fields)


def _description(keys: tuple[int | str, ...]) -> str:
    fields = _section_fields(str(keys[0]))
    field = fields.get(str(keys[1])) if len(keys) > 1 else None
    return (field.description or "").rstrip(".") if field else f"a table [{keys[0]}]"


def _section_fields(section: str) -> dict[str, Any]:
    known = Settings.model_fields.get(section)
    table = known.annotation if known else None
    if isinstance(table, type) and issubclass(table, Section):
        return dict(table.model_fields)
    return {}


def _refuse_unknown_variables() -> None:
    """A misspelt variable would otherwise be ignored in silence."""
    for name in os.environ:
        if not name.startswith(PREFIX) or name in _OTHER_VARIABLES:
            continue
        section = name.removeprefix(PREFIX).split("__")[0].lower()
        if section not in Settings.model_fields or "__" not in name:
            raise SettingsError(
                f"variable {name}",
                "unknown setting",
                mend="a setting is named FRAMEWATCH_SECTION__KEY; "
                + nearest(section, Settings.model_fields),
            )
