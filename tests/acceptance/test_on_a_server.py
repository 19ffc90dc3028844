"""A watch whose corpus lives on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_postgresql.janitor import DatabaseJanitor

import framewatch as fw
from framewatch.demo.plan import load_plan
from framewatch.demo.show import write_demo_watch
from framewatch.demo.site import Site
from tests.support.command import framewatch
from tests.support.postgresql import PostgresqlServer


@pytest.fixture
def address(postgresql: PostgresqlServer) -> Iterator[str]:
    """An empty database on the server."""
    with DatabaseJanitor(dbname="fresh", **postgresql.address):
        yield postgresql.url("fresh")


def test_a_server_is_upgraded_on_command_and_then_holds_the_whole_line(
    address: str, tmp_path: Path
) -> None:
    watch, plan = tmp_path / "watch", load_plan()
    variables = {"FRAMEWATCH_STORE__URL": address}
    with Site(plan.outlets, plan.articles, port=0) as site:
        write_demo_watch(watch, site.outlets())
        refused = framewatch("run", "--watch", watch, variables=variables)
        assert (refused.returncode, "framewatch db upgrade" in refused.stderr) == (3, True)
        assert framewatch("db", "upgrade", "--watch", watch, variables=variables).returncode == 0
        done = framewatch("run", "--watch", watch, variables=variables)
        assert done.returncode == 0, done.stderr
        again = framewatch("run", "--watch", watch, variables=variables)
    assert "Nothing new since the last run." in again.stdout
    assert framewatch("report", "--watch", watch, variables=variables).returncode == 0
    with fw.open(address) as corpus:
        articles, mentions = corpus.articles(), corpus.mentions()
    assert (len(articles), int(articles["on_subject"].sum())) == (40, 34)
    assert len(mentions) > 50
    assert not (watch / "state" / "framewatch.db").exists()


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    assert framewatch("init", tmp_path / "watch").returncode == 0
    variables = {
        "FRAMEWATCH_STORE__URL": "postgresql://reader@127.0.0.1:1/watch",
        "FRAMEWATCH_STORE__PASSWORD": "hunter2",
    }
    done = framewatch("run", "--watch", tmp_path / "watch", variables=variables)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert "hunter2" not in done.stdout + done.stderr
