"""Scrapy's settings; each differs from Scrapy's default for the reason beside it."""

from __future__ import annotations

from typing import Any

from framewatch_crawler.options import MEGABYTE, CrawlOptions

BOT_NAME = "framewatch"
SPIDER_MODULES = ["framewatch_crawler.spiders"]
USER_AGENT = "Framewatch"

# Files, FTP and S3 behind an address in a feed or a sitemap would be read: only the web is fetched.
DOWNLOAD_HANDLERS: dict[str, str | None] = {"file": None, "data": None, "ftp": None, "s3": None}
# A middleware runs before DNS and cannot see where a name leads; the resolver can.
TWISTED_DNS_RESOLVER = "framewatch_crawler.resolver.GuardedResolver"
FRAMEWATCH_ALLOW_ADDRESSES: list[str] = []
# Proxies of the environment would resolve names beyond the guard.
HTTPPROXY_ENABLED = False
# Scrapy takes any certificate: whoever sits on the line could write an outlet's articles.
DOWNLOAD_VERIFY_CERTIFICATES = True

# Both run Python that is posted to a local port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# A server runs for years: everything has a bound. Scrapy's are none for memory, 1 GiB for a body, 20
# redirects and 180 s for an answer, none for a crawl. Article pages of 600 outlets stay below 5 MB.
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1_024
DOWNLOAD_MAXSIZE = 10 * MEGABYTE
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
REDIRECT_MAX_TIMES = 5
CLOSESPIDER_TIMEOUT = 3_600
# At the longest crawl delay that is kept, 120 s, 15 pages without an article.
CLOSESPIDER_TIMEOUT_NO_ITEM = 1_800
# A pool of threads waits for the database; the reactor never does.
REACTOR_THREADPOOL_MAXSIZE = 20

# Politeness is kept by outlet (each request names its slot): hosts without port, Scrapy's default,
# would put several outlets of one machine into one slot, and one outlet's hosts into several.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# No more than the slot takes: what waits behind it is past the middlewares, and would still be asked for
# after the server wants a pause, or the user the end.
CONCURRENT_REQUESTS = 1
# First come, first served: sources list the newest first, and Scrapy's stacks would begin with the oldest.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0
AUTOTHROTTLE_ENABLED = False

# Outlets do not need to know readers, and meta refresh is how cookie walls and ad pages redirect.
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REFERRER_POLICY = "no-referrer"
HTTPERROR_ALLOW_ALL = True

# Scrapy's own fails open, and never applies a crawl delay; ours follows RFC 9309.
ROBOTSTXT_OBEY = False
# Two further tries; addresses that still fail wait in the database for the next crawl.
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]

DOWNLOADER_MIDDLEWARES = {
    "framewatch_crawler.middlewares.same_site.SameSiteMiddleware": 90,
    "framewatch_crawler.middlewares.robots.RobotsMiddleware": 100,
    "framewatch_crawler.middlewares.conditional.ConditionalMiddleware": 200,
    "framewatch_crawler.middlewares.retry_after.RetryAfterMiddleware": 560,
}
ITEM_PIPELINES = {"framewatch_crawler.store.StorePipeline": 300}

LOG_LEVEL = "INFO"
LOG_FORMATTER = "framewatch_crawler.logs.QuietFormatter"


def settings_of(options: CrawlOptions) -> dict[str, Any]:
    """Give what a crawl's options change."""
    return {
        "USER_AGENT": options.user_agent,
        "FRAMEWATCH_ALLOW_ADDRESSES": list(options.allow_addresses),
        "FRAMEWATCH_DATABASE_URL": options.database_url,
        "FRAMEWATCH_BUSY_TIMEOUT_SECONDS": options.busy_timeout_seconds,
        "FRAMEWATCH_EXTRACTION_PROCESSES": options.extraction_processes,
        "FRAMEWATCH_ARTICLES_PER_OUTLET": options.articles_per_outlet,
        "FRAMEWATCH_PROXY": options.proxy,
        "DOWNLOAD_DELAY": options.delay_seconds,
        "DOWNLOAD_TIMEOUT": options.timeout_seconds,
        "DOWNLOAD_MAXSIZE": options.max_body_bytes,
        "MEMUSAGE_LIMIT_MB": options.memory_limit_mb,
        "REDIRECT_MAX_TIMES": options.max_redirects,
        "CLOSESPIDER_TIMEOUT": options.close_after_seconds,
        "CLOSESPIDER_TIMEOUT_NO_ITEM": options.close_without_new_seconds,
        "HTTPPROXY_ENABLED": options.proxy is not None,
        # With no delay there is nothing to be polite to: our own machine, or a benchmark.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if options.delay_seconds else 8,
        "CONCURRENT_REQUESTS": 1 if options.delay_seconds else 8,
        "LOG_FILE": options.log_path,
    }
