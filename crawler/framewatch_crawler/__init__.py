"""The crawl: a Scrapy project that discovers, fetches, extracts and stores articles."""
