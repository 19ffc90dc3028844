"""A watch: the folder that holds settings, outlets, codebook, state and reports."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framewatch import logs
from framewatch.clock import now
from framewatch.settings import FILE_NAME, Settings, load_settings
from framewatch_crawler.outlets import load_outlets
from framewatch_models.errors import SettingsError, StoreBusyError, StoreError
from framewatch_models.migrate import ensure_current
from framewatch_models.session import Store, open_store, parse_url
from framewatch_models.values.outlets import Outlet
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.sources import CodebookSources


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch's folder with its settings; made by `open_watch`."""

    folder: Path
    settings: Settings

    @property
    def subject(self) -> Subject:
        """What the watch is about."""
        return self.settings.subject.value

    @property
    def state(self) -> Path:
        """Folder of what the program keeps for itself: database, copies, caches, logs."""
        return self.folder / "state"

    @property
    def log_path(self) -> Path:
        """File of logged events."""
        return self.state / "logs" / "framewatch.log"

    @property
    def crawl_log_path(self) -> Path:
        """File of what crawls log."""
        return self.log_path.with_name("crawl.log")

    @property
    def _lock_path(self) -> Path:
        return self.state / "run.lock"

    @property
    def backups(self) -> Path:
        """Folder of database copies."""
        return self.state / "backups"

    @property
    def database_path(self) -> Path | None:
        """File of the embedded database; None for a server's."""
        url = parse_url(self._url())
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @property
    def framing_sources(self) -> CodebookSources:
        """The watch's codebook and cue files, and the detector that reads them."""
        framings = self.settings.framings
        return CodebookSources(
            codebook=self.folder / framings.codebook,
            cues=tuple(self.folder / path for path in framings.cues),
            detector=framings.detector,
        )

    @property
    def reports(self) -> Path:
        """Folder of reports."""
        return self.folder / self.settings.report.folder

    def outlets(self) -> tuple[Outlet, ...]:
        """Read the outlets' files.

        Raises
        ------
        OutletFileError
            A file is wrong, or there is none.
        """
        return load_outlets(self.folder / "outlets")

    def open_store(self) -> Store:
        """Open the database as it is."""
        return open_store(
            self._url(), busy_timeout_seconds=self.settings.store.busy_timeout_seconds
        )

    def open_current_store(self) -> Store:
        """Open the database for work; an embedded one is created or upgraded first.

        Raises
        ------
        StoreError
            It is damaged, newer than the program, or a server's that needs: framewatch db upgrade.
        """
        store = self.open_store()
        try:
            ensure_current(store, backups=self.backups, now=now())
        except BaseException:
            store.close()
            raise
        return store

    def prepare(self, *, debug: bool = False) -> None:
        """Make the state folder (for its owner only), send logs and caches there."""
        try:
            self.log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.state.chmod(0o700)
            for path in (self.log_path, self.crawl_log_path, self._lock_path):
                path.touch(mode=0o600)
            logs.set_up(self.log_path, debug=debug)
        except OSError as error:
            raise StoreError(f"{self.state}: cannot be written ({error.strerror})") from error
        # Compiled analysis code is cached beside the data: in a hardened unit nothing else is writable.
        os.environ.setdefault("NUMBA_CACHE_DIR", str(self.state / "numba"))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep a second run out of this watch: it would visit every outlet twice.

        Raises
        ------
        StoreBusyError
            Another run is at work.
        """
        with self._lock_path.open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreBusyError(
                    f"{self.folder}: another framewatch run is at work here; wait until it is done"
                ) from error
            yield

    def _url(self) -> str:
        section = self.settings.store
        if not section.url:
            return f"sqlite:///{self.state / 'framewatch.db'}"
        password = section.password.get_secret_value() if section.password else None
        if section.password_file is not None:
            password = self._read_secret(section.password_file)
        url = parse_url(section.url)
        if password:
            url = url.set(password=password)
        return url.render_as_string(hide_password=False)

    def _read_secret(self, file: Path) -> str:
        path = self.folder / file
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(
                path, f"the password file cannot be read ({error.strerror})"
            ) from error


def open_watch(folder: Path) -> Watch:
    """Read the settings of the watch in ``folder``.

    Raises
    ------
    SettingsError
        There is no watch, or its settings are wrong.
    """
    if not (folder / FILE_NAME).is_file():
        raise SettingsError(
            folder / FILE_NAME,
            "there is no watch here",
            mend=f"make one with: framewatch init {folder}",
        )
    return Watch(folder=folder, settings=load_settings(folder))
