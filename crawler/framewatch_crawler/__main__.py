"""``python -m framewatch_crawler``: one crawl, see `framewatch_crawler.crawl`."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Imported here only: the processes that read pages load this file again, and need none of Scrapy.
    from framewatch_crawler.crawl import main

    sys.exit(main())
