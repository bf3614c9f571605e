"""The page in front of the editions."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import quote

from analysis import paths
from analysis.book.settings import BookError, read_config
from analysis.citation import Cited, cited
from analysis.files.whole import remove_generated, write_whole
from analysis.tables.study import IDENTITIES
from analysis.wording import ENGLISH, Wording, marked

FIGURE = re.compile(r"^ {0,3}(?:`{3,}|~{3,}|:{3,})\{study-figure\}[ \t]+(\S+)[ \t]*$", re.MULTILINE)
HIDDEN = '<meta name="robots" content="noindex">'  # of a page that search engines shall not list
STYLE = (
    "@font-face {{ font-family: 'Fira Sans'; "
    "src: url({first}/_static/fonts/FiraSans-Regular.woff2) }} "
    "@font-face {{ font-family: 'Fira Sans'; font-weight: 500; "
    "src: url({first}/_static/fonts/FiraSans-Medium.woff2) }} "
    ":root {{ --mark: light-dark(#1f3a5f, #bdd2ff); background: light-dark(#fff, #121212); "
    "color-scheme: light dark }} "
    "body {{ border-top: 0.5rem solid var(--mark); font: 1.1rem/1.5 'Fira Sans', system-ui, "
    "sans-serif; margin: 0 }} main {{ margin: 12vh auto; max-width: 40rem; padding: 0 1.25rem }} "
    "h1 {{ color: var(--mark); font-size: clamp(1.5rem, 1rem + 4vw, 2.2rem); font-weight: 500; "
    "line-height: 1.2 }} h1, p {{ hyphens: auto; overflow-wrap: anywhere }} "
    "ul {{ display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; padding: 0 }} "
    "a {{ border: 2px solid var(--mark); color: var(--mark); display: block; font-weight: 500; "
    "padding: 0.7rem 1.6rem; text-decoration: none }} a:is(:hover, :focus-visible) "
    "{{ background: var(--mark); color: light-dark(#fff, #121212) }}"
)


def write_landing_page() -> None:
    """BUILD/html/index.html: leads to the edition in the reader's language; plain
    links without JavaScript. Raises BookError if the book has no settings or no pages.
    """
    languages = paths.languages()
    if not languages:
        raise BookError(
            f"{paths.shown(paths.book())} has no folder of pages; expected one for each language, "
            "such as de, with a page index.md"
        )
    names = {language: html.escape(Wording(language)("language_name")) for language in languages}
    settings = paths.book() / "_config.yml"
    titles = {language: read_config(settings, language)["title"] for language in languages}
    book = titles[languages[0]]
    title, told = html.escape(book), _metadata(book, languages)
    others = "".join(
        f"<p {marked(language)}>{html.escape(other)}</p>"
        for language, other in titles.items()
        if other != book
    )
    links = "".join(
        f'<li><a href="{code}/index.html" hreflang="{code}" {marked(code)}>{name}</a></li>'
        for code, name in names.items()
    )
    choose = (
        f"const known = {json.dumps(languages)}; "
        "const wanted = (navigator.languages || []).map(l => l.split('-')[0]).find(l => "
        "known.includes(l)); "
        "location.replace((wanted || known[0]) + '/index.html');"
    )
    page = f"""<!DOCTYPE html>
<html {marked(languages[0])}>
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="{languages[0]}/_static/favicon.svg">
{told}
<style>{STYLE.format(first=languages[0])}</style><script>{choose}</script></head>
<body><main><h1>{title}</h1>{others}<ul>{links}</ul></main></body>
</html>
"""
    place, *_ = paths.landing()
    _check_leaks(page, place)
    write_whole(place, page)
    for each, instead in ((f"<script>{choose}</script>", ""), (told, HIDDEN)):
        page = page.replace(each, instead)
    _write_for_address(page, languages)


def _metadata(title: str, languages: list[str]) -> str:
    """What programs that cite, share or index the page read: the report as a whole."""
    about = cited()
    # what is said in CITATION.cff is English, as it is in archives
    said = (languages[0] == ENGLISH and about.abstract) or title
    texts = {"og:type": "website", "og:title": title, "citation_title": title, "DC.title": title}
    texts |= {"og:url": about.site, "DC.identifier": about.site}
    texts |= dict.fromkeys(("description", "og:description", "DC.description"), said)
    texts |= _picture(about.site, languages[0])
    texts |= {"citation_publication_date": about.date.replace("-", "/"), "DC.date": about.date}
    told = [_meta(name, text) for name, text in texts.items() if text]
    for kind in ("citation_author", "DC.creator"):
        told += [_meta(kind, author.name) for author in about.authors]
    told += [_link("license", address) for address in about.terms]
    told += [_link("canonical", about.site)] if about.site else []
    told += [_link("alternate", f"{about.site}{code}/index.html", code) for code in languages]
    return "\n".join([*told, _linked(about, title, languages)])


def _picture(site: str, language: str) -> dict[str, str]:
    """The first figure of the title page that was drawn, where it has an address."""
    if not site:
        return {}
    # What cannot be read is told where the book is made.
    page = (paths.book() / language / "index.md").read_text("utf-8-sig", errors="replace")
    for figure in FIGURE.findall(page):
        try:
            known = json.loads((paths.figures(language) / f"{figure}.json").read_text("utf-8"))
        except FileNotFoundError:
            continue
        if "skipped" not in known:
            address = f"{site}{language}/figures/{quote(figure)}.png"
            return {"og:image": address, "og:image:alt": known["headline"]}
    return {}


def _linked(about: Cited, title: str, languages: list[str]) -> str:
    """The same as linked data."""
    known = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": title,
        "description": about.linked_abstract,
        "url": about.site,
        "inLanguage": languages,
        "author": [author.linked for author in about.authors],
        "version": about.version,
        "datePublished": about.date,
        "license": about.terms,
    }
    text = json.dumps({name: told for name, told in known.items() if told}, ensure_ascii=False)
    text = text.replace("<", "\\u003c")  # so that no text can end the script
    return f'<script type="application/ld+json">{text}</script>'


def _meta(name: str, text: str) -> str:
    kind = "property" if name.startswith("og:") else "name"
    return f'<meta {kind}="{name}" content="{html.escape(text)}">'


def _link(relation: str, address: str, language: str = "") -> str:
    of = f' hreflang="{language}"' if language else ""
    return f'<link rel="{relation}"{of} href="{html.escape(address)}">'


def _write_for_address(page: str, languages: list[str]) -> None:
    """What leads somewhere only if the site has an address: where lists of pages are, for search
    engines, and the page in the place of one that is not there.
    """
    site = cited().site
    robots = "".join(f"Sitemap: {site}{language}/sitemap.xml\n" for language in languages)
    missing = page.replace("<head>", f'<head><base href="{html.escape(site)}">')
    _, *places = paths.landing()
    for place, content in zip(places, (robots, missing), strict=True):
        if site:
            write_whole(place, content)
        else:
            remove_generated(place)


def _check_leaks(page: str, place: Path) -> None:
    """Raises BookError if the page tells who somebody is that is not named."""
    if not (paths.raw() / IDENTITIES.file).exists():
        return
    from analysis.engine.steps import WITHHELD  # what is loaded here takes longer than the page
    from analysis.raw.identities import read_recognised

    if (paths.running() / "landing").is_dir():
        (paths.running() / "landing" / WITHHELD).touch()
    recognised = read_recognised(paths.raw())
    if recognised and (found := next(recognised.places(page.encode()), None)):
        raise BookError(f"{paths.shown(place)} was not written: it holds {found[1]}")
