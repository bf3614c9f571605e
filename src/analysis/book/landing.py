"""The page in front of the editions."""

from __future__ import annotations

import html
import json

from analysis import paths
from analysis.book.settings import read_settings
from analysis.wording import Wording
from analysis.writing import write_whole


def write_landing_page(languages: list[str]) -> None:
    """BUILD/html/index.html: leads to the edition in the reader's language; plain links without JavaScript."""
    names = {language: html.escape(Wording(language)("language_name")) for language in languages}
    title = html.escape(read_settings(paths.BOOK / "_config.yml", languages[0])["title"])
    links = "".join(f'<li><a href="{code}/index.html" hreflang="{code}" lang="{code}">{name}</a></li>' for code, name in names.items())
    choose = (
        f"const known = {json.dumps(languages)}; "
        "const wanted = (navigator.languages || []).map(l => l.slice(0, 2)).find(l => known.includes(l)); "
        "location.replace((wanted || known[0]) + '/index.html');"
    )
    page = f"""<!DOCTYPE html>
<html lang="{languages[0]}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="{languages[0]}/_static/favicon.svg"><script>{choose}</script></head>
<body><h1>{title}</h1><ul>{links}</ul></body>
</html>
"""
    write_whole(paths.BUILD / "html/index.html", page)
