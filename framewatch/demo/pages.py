"""The HTML of the demo's outlets: homepages, and articles in two page designs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from framewatch.demo.markup import escaped, json_script, paragraphs
from framewatch.demo.plan import DemoArticle, DemoOutlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Where the article stands that a reprint copies."""

    url: str
    outlet_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """What an article's page shows beside the article: addresses are absolute."""

    outlet: DemoOutlet
    article: DemoArticle
    homepage: str
    url: str
    original: Original | None
    related: Sequence[tuple[str, str]]
    """Address and title of other articles of the outlet."""


def homepage(outlet: DemoOutlet, listed: Sequence[tuple[str, str]], source_link: str) -> str:
    """Give the outlet's front page, with links to its newest articles and its feed."""
    links = "\n".join(
        f'<li><a href="{escaped(url)}">{escaped(title)}</a></li>' for url, title in listed
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escaped(outlet.languages[0])}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{escaped(outlet.name)}</title>\n{source_link}\n</head>\n'
        f"<body>\n<h1>{escaped(outlet.name)}</h1>\n<ul>\n{links}\n</ul>\n"
        f"<footer><p>{escaped(outlet.notice)}</p></footer>\n</body>\n</html>\n"
    )


def article_page(page: ArticlePage) -> str:
    """Give an article's page in the design of its outlet."""
    design: Callable[[ArticlePage], str] = _modern if page.outlet.design == 1 else _older
    return design(page)


def _modern(page: ArticlePage) -> str:
    """Design 1: JSON-LD, OpenGraph, one ``<article>``; the byline stands in the metadata too."""
    outlet, article = page.outlet, page.article
    machine = escaped(_machine_time(article.published))
    og_time = f'<meta property="article:published_time" content="{machine}">\n' if machine else ""
    related = "\n".join(
        f'<li><a href="{escaped(url)}">{escaped(title)}</a></li>' for url, title in page.related
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escaped(article.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{escaped(article.title)} | {escaped(outlet.name)}</title>\n'
        f'<link rel="canonical" href="{escaped(page.url)}">\n'
        f'<meta property="og:type" content="article">\n'
        f'<meta property="og:title" content="{escaped(article.title)}">\n'
        f'<meta property="og:url" content="{escaped(page.url)}">\n'
        f'<meta property="og:site_name" content="{escaped(outlet.name)}">\n{og_time}'
        f'<script type="application/ld+json">\n{json_script(_json_ld(page))}\n</script>\n'
        f"</head>\n<body>\n"
        f'<header><a href="{escaped(page.homepage)}">{escaped(outlet.name)}</a></header>\n'
        f"<main>\n<article>\n<h1>{escaped(article.title)}</h1>\n{_byline(article)}\n"
        f"{_dateline(article)}\n{_body(page)}\n</article>\n</main>\n"
        f"<aside><h2>{_word(article, 'More from us', '更多文章')}</h2>\n<ul>\n{related}\n</ul></aside>\n"
        f"<footer><p>{escaped(outlet.notice)}</p></footer>\n</body>\n</html>\n"
    )


def _older(page: ArticlePage) -> str:
    """Design 2: a layout table with sidebar, cookie notice and newsletter around the text."""
    outlet, article = page.outlet, page.article
    related = "<br>\n".join(
        f'<a href="{escaped(url)}">{escaped(title)}</a>' for url, title in page.related
    )
    cookies = _word(
        article, "We use cookies to remember your choices.", "本站使用 Cookie 记住您的选择。"
    )
    letter = _word(article, "Sign up for our weekly letter.", "欢迎订阅每周邮件。")
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        f'<html lang="{escaped(article.language)}">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        f"<title>{escaped(article.title)} - {escaped(outlet.name)}</title>\n"
        f'<link rel="canonical" href="{escaped(page.url)}">\n</head>\n<body>\n'
        f'<div id="cookie-notice" class="cookie-banner"><p>{cookies}</p>'
        f"<button>{_word(article, 'Agree', '同意')}</button></div>\n"
        f'<div id="masthead"><a href="{escaped(page.homepage)}">{escaped(outlet.name)}</a></div>\n'
        '<table id="layout" width="960"><tr>\n<td width="660" valign="top">\n'
        f'<div class="content">\n<h1 class="headline">{escaped(article.title)}</h1>\n'
        f'{_byline(article)}\n{_dateline(article)}\n<div class="article-body">\n{_body(page)}\n'
        "</div>\n</div>\n</td>\n"
        f'<td width="300" valign="top" class="sidebar">\n<div class="newsletter"><p>{letter}</p>'
        '<form action="/newsletter"><input name="address"></form></div>\n'
        f'<div class="related"><h3>{_word(article, "Related", "相关阅读")}</h3>\n{related}\n</div>\n'
        f'</td>\n</tr></table>\n<div id="footer" class="footer"><p>{escaped(outlet.notice)}</p></div>\n'
        "</body>\n</html>\n"
    )


def _body(page: ArticlePage) -> str:
    parts = [f"<p>{escaped(p)}</p>" for p in paragraphs(page.article.text)]
    if page.article.note:
        note = escaped(page.article.note)
        if page.original:
            name = escaped(page.original.outlet_name)
            note = note.replace(name, f'<a href="{escaped(page.original.url)}">{name}</a>', 1)
        parts.insert(0, f'<p class="note"><em>{note}</em></p>')
    return "\n".join(parts)


def _json_ld(page: ArticlePage) -> dict[str, object]:
    article = page.article
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "url": page.url,
        "mainEntityOfPage": page.url,
        "inLanguage": article.language,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": page.outlet.name},
    }
    if article.published is not None:
        described["datePublished"] = _machine_time(article.published)
    return described


def _byline(article: DemoArticle) -> str:
    if not article.authors:
        return ""
    by = f"作者：{'、'.join(article.authors)}" if _chinese(article) else _english_names(article)
    return f'<p class="byline">{escaped(by)}</p>'


def _english_names(article: DemoArticle) -> str:
    *others, last = article.authors
    return f"By {', '.join(others)} and {last}" if others else f"By {last}"


def _dateline(article: DemoArticle) -> str:
    published = article.published
    if published is None:
        return ""
    if _chinese(article):
        shown = f"{published.year}年{published.month:02d}月{published.day:02d}日"
    else:
        shown = f"{published.day} {published:%B} {published.year}"
    if isinstance(published, datetime):
        shown += f" {published:%H:%M}" if _chinese(article) else f", {published:%H:%M}"
    return (
        f'<p class="date"><time datetime="{escaped(_machine_time(published))}">{shown}</time></p>'
    )


def _machine_time(published: datetime | date | None) -> str:
    """The time as it was found: an invented zone would hide what the page does not know."""
    return published.isoformat() if published else ""


def _word(article: DemoArticle, english: str, chinese: str) -> str:
    return chinese if _chinese(article) else english


def _chinese(article: DemoArticle) -> bool:
    return article.language.startswith("zh")
