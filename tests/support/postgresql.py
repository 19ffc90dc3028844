"""A real PostgreSQL server for the tests, started as another user where the tests run as root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SERVER_USER = "postgres"


@dataclass(frozen=True)
class PostgresqlServer:
    """Where the server listens."""

    port: int

    @property
    def address(self) -> dict[str, Any]:
        """The arguments by which a database is made and dropped."""
        return {"user": SERVER_USER, "host": "127.0.0.1", "port": self.port}

    def url(self, database: str) -> str:
        """The address of one database."""
        return f"postgresql://{SERVER_USER}@127.0.0.1:{self.port}/{database}"


@contextmanager
def run_postgresql() -> Iterator[PostgresqlServer]:
    """Start a server on a free port with its files in a folder of its own, and stop it at the end."""
    binaries = _binaries()
    with tempfile.TemporaryDirectory(prefix="framewatch-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, user=SERVER_USER)
        port, cluster = _free_port(), folder / "cluster"
        _run(
            binaries / "initdb",
            "-D",
            cluster,
            "-U",
            SERVER_USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        )
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _run(binaries / "pg_ctl", "-D", cluster, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield PostgresqlServer(port=port)
        finally:
            _run(binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    missing = "PostgreSQL's server is not installed (Debian: apt-get install postgresql)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def _run(*command: str | Path) -> None:
    as_other = ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_other, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
