"""Discovery spiders: each visits the sources of one kind of one outlet."""

from framewatch_crawler.spiders.feed import FeedSpider
from framewatch_crawler.spiders.sitemap import SitemapSpider

__all__ = ["FeedSpider", "SitemapSpider"]
