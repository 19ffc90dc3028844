"""The error family: every failure a user can mend says what, where and how in one sentence.

FramewatchError
├── SettingsError           framewatch.toml or its environment is wrong
│   └── OutletFileError     an outlet's file is wrong
├── CodebookError           a codebook or cue file is wrong
├── LabelFileError          a file of labelled passages is wrong
├── StoreError              the database cannot be used
│   ├── StoreBusyError      another process holds it
│   ├── StoreDamagedError   it fails its integrity check
│   ├── StoreOutdatedError  it is older than this program
│   └── StoreNewerError     it is newer than this program
├── NoSpaceError            the disk is full
└── CrawlError              the crawl process died

Two more stand beside what raises them: PeriodError (a date) and WeekError (an ISO week) cannot be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class FramewatchError(Exception):
    """Something the user can mend."""

    exit_code: ClassVar[int] = 1


class FileError(FramewatchError):
    """A file the user writes is wrong: where, what is wrong, what would be right."""

    exit_code = 2

    def __init__(
        self, path: Path | str, problem: str, *, line: int | None = None, mend: str = ""
    ) -> None:
        self.path, self.problem, self.line, self.mend = Path(path), problem, line, mend
        where = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{where}: {problem}" + (f"; {mend}" if mend else ""))


class SettingsError(FileError):
    """framewatch.toml or a FRAMEWATCH_ variable is wrong."""


class OutletFileError(SettingsError):
    """An outlet's file is wrong."""


class CodebookError(FileError):
    """A codebook or cue file is wrong."""


class LabelFileError(FileError):
    """A file of labelled passages is wrong."""


class StoreError(FramewatchError):
    """The database cannot be used."""

    exit_code = 3


class StoreBusyError(StoreError):
    """Another process holds the database."""


class StoreDamagedError(StoreError):
    """The database fails its integrity check."""


class StoreOutdatedError(StoreError):
    """The database is older than this program."""


class StoreNewerError(StoreError):
    """The database is newer than this program."""


class NoSpaceError(FramewatchError):
    """The disk is full."""

    exit_code = 4


class CrawlError(FramewatchError):
    """The crawl process died."""

    exit_code = 5
