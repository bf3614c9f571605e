"""The page in front of the editions."""

from __future__ import annotations

import html
import json
from pathlib import Path

from analysis import paths
from analysis.book.settings import BookError, read_config
from analysis.citation import cited
from analysis.files.whole import remove_generated, write_whole
from analysis.tables.study import IDENTITIES
from analysis.wording import Wording

STYLE = (
    "@font-face {{ font-family: 'Fira Sans'; "
    "src: url({first}/_static/fonts/FiraSans-Regular.woff) }} "
    "@font-face {{ font-family: 'Fira Sans'; font-weight: 500; "
    "src: url({first}/_static/fonts/FiraSans-Medium.woff) }} "
    ":root {{ --mark: light-dark(#1f3a5f, #bdd2ff); color-scheme: light dark }} "
    "body {{ border-top: 0.5rem solid var(--mark); font: 1.1rem/1.5 'Fira Sans', system-ui, "
    "sans-serif; margin: 0 }} main {{ margin: 12vh auto; max-width: 40rem; padding: 0 1.25rem }} "
    "h1 {{ color: var(--mark); font-weight: 500; hyphens: auto; line-height: 1.2 }} "
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
    title = html.escape(read_config(paths.book() / "_config.yml", languages[0])["title"])
    links = "".join(
        f'<li><a href="{code}/index.html" hreflang="{code}" lang="{code}">{name}</a></li>'
        for code, name in names.items()
    )
    choose = (
        f"const known = {json.dumps(languages)}; "
        "const wanted = (navigator.languages || []).map(l => l.slice(0, 2)).find(l => "
        "known.includes(l)); "
        "location.replace((wanted || known[0]) + '/index.html');"
    )
    page = f"""<!DOCTYPE html>
<html lang="{languages[0]}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="{languages[0]}/_static/favicon.svg">
<style>{STYLE.format(first=languages[0])}</style><script>{choose}</script></head>
<body><main><h1>{title}</h1><ul>{links}</ul></main></body>
</html>
"""
    place, *_ = paths.landing()
    _check_leaks(page, place)
    write_whole(place, page)
    _write_for_address(page.replace(f"<script>{choose}</script>", ""), languages)


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
    from analysis.checks.leaks import decoded  # what is loaded here takes longer than the page
    from analysis.engine.steps import WITHHELD
    from analysis.raw.identities import read_recognised

    if (paths.running() / "landing").is_dir():
        (paths.running() / "landing" / WITHHELD).touch()
    recognised = read_recognised(paths.raw())
    if recognised and (found := recognised.within(decoded(page))):
        raise BookError(f"{paths.shown(place)} was not written: it holds {found[0]}")
