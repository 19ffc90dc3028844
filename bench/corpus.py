"""The main job on real articles: every stage's time, peak memory, and what was found.

    make bench NAME=corpus

Serves the articles of ``data/corpus/articles.jsonl`` (see the folder named by FRAMEWATCH_SHARED) as
outlets on loopback, runs the whole line on them in a new folder, and prints a table for
docs/benchmarks.md.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import framewatch
from framewatch.demo.show import published_site, write_demo_watch
from framewatch.report import make_report
from framewatch.run import Stage, Watcher, run
from framewatch.watch import open_watch

Result = TypeVar("Result")
QUIET = Watcher(on_crawl=lambda _event: None, on_step=lambda _progress: None)


def main() -> None:
    """Run the line on the corpus once cold and once with nothing new."""
    shared = Path(os.environ.get("FRAMEWATCH_SHARED", Path(__file__).parents[2] / "shared"))
    corpus_file = shared / "data" / "corpus" / "articles.jsonl"
    if not corpus_file.is_file():
        sys.exit(f"{corpus_file}: the real corpus is not on this machine")
    kept = os.environ.get("FRAMEWATCH_BENCH_DIR")
    with tempfile.TemporaryDirectory() as temporary:
        measure(Path(kept or temporary), corpus_file)


def measure(folder: Path, corpus_file: Path) -> None:
    """Print seconds per stage, memory and counts."""
    with published_site(corpus_file, port=0) as site:
        write_demo_watch(folder, site.outlets())
        watch = open_watch(folder)
        print("| stage | wall s | CPU s |\n| --- | --- | --- |")
        timed("collect", lambda: run(watch, only=Stage.COLLECT, watcher=QUIET))
        timed("analyse", lambda: run(watch, only=Stage.ANALYSE, watcher=QUIET))
        page = timed("report", lambda: make_report(watch, week=None, out=None))
        timed("second run, nothing new", lambda: run(watch, only=None, watcher=QUIET))
    own, children = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"\npeak memory: {own / 1024:.0f} MB (main process), {children / 1024:.0f} MB (largest child)"
    )
    print(f"report: {page}\n")
    with framewatch.open(folder) as corpus:
        print(corpus, end="\n\n")
        print(
            corpus.outlets()[["outlet", "articles", "on_subject"]].to_string(index=False),
            end="\n\n",
        )
        mentions = corpus.mentions()
        print(mentions.groupby(["framing", "language"]).size().unstack(fill_value=0).to_string())


def timed(stage: str, work: Callable[[], Result]) -> Result:
    """Run one stage and print its row; CPU time counts finished child processes too."""
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    result = work()
    print(f"| {stage} | {time.perf_counter() - wall:.1f} | {sum(os.times()[:4]) - cpu:.1f} |")
    return result


if __name__ == "__main__":
    main()
