"""Run the main job on outlets that this machine publishes itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from framewatch.demo.jsonl import articles_from_jsonl
from framewatch.demo.plan import load_plan
from framewatch.demo.site import Site
from framewatch.new import outlet_text, packaged_codebook, settings_text
from framewatch.run import RunOutcome, Watcher, run
from framewatch.settings import FILE_NAME
from framewatch.watch import open_watch
from framewatch_models.errors import FramewatchError
from framewatch_models.files import write_atomically
from framewatch_models.values.outlets import Outlet

SUBJECT = "DeepSeek"
# The outlets stand on this machine and are ours: no pause between requests, loopback allowed.
_CRAWL = {"delay_seconds": "0", "allow_addresses": '["127.0.0.0/8"]'}
# Marks a folder that the demo made, and may write to again.
_MARK = "# Made by framewatch demo; its outlets answer only while that command runs.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDemo:
    """What the run did, and the page of the report."""

    outcome: RunOutcome
    report: Path


def show_demo(
    folder: Path, *, articles: Path | None, port: int, watcher: Watcher, debug: bool = False
) -> ShownDemo:
    """Publish outlets on loopback addresses, watch them in ``folder``, and write the report.

    Parameters
    ----------
    articles
        JSON lines to publish; None = the demo's own forty articles.

    Raises
    ------
    FramewatchError
        The folder holds something else, a line of the file is wrong, or the port is taken.
    """
    from framewatch.report import make_report

    with published_site(articles, port=port) as site:
        write_demo_watch(folder, site.outlets())
        watch = open_watch(folder)
        outcome = run(watch, only=None, watcher=watcher, debug=debug)
        return ShownDemo(outcome=outcome, report=make_report(watch, week=None, out=None))


def published_site(articles: Path | None, *, port: int) -> Site:
    """Give the server of the demo's own outlets, or of those in a file of articles."""
    if articles is None:
        plan = load_plan()
        return Site(plan.outlets, plan.articles, port=port)
    published = articles_from_jsonl(articles)
    return Site(published.outlets, published.articles, port=port)


def write_demo_watch(folder: Path, outlets: Sequence[Outlet]) -> None:
    """Write the watch's files; a folder that the demo made before is brought up to date.

    Raises
    ------
    FramewatchError
        The folder holds another watch.
    """
    settings = folder / FILE_NAME
    if settings.exists() and not settings.read_text(encoding="utf-8").startswith(_MARK):
        raise FramewatchError(
            f"{folder}: holds a watch that is not the demo's; name another folder with --dir"
        )
    contents = {
        settings: _MARK + settings_text(SUBJECT, changes=_CRAWL),
        folder / "codebook.yaml": packaged_codebook(),
        **{folder / "outlets" / f"{outlet.slug}.toml": outlet_text(outlet) for outlet in outlets},
    }
    for stale in (folder / "outlets").glob("*.toml"):
        if stale not in contents:
            stale.unlink()
    for path, text in contents.items():
        write_atomically(path, text.encode("utf-8"))
