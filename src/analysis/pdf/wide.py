"""No table wider than a page: its type becomes smaller and, as a last resort, its words break
anywhere.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from analysis.patches.paper import sticking_out

STEPS = 3  # that `print.css` knows
STEP = "data-narrow"  # of a table that has become narrower


def number_tables(chapter: Element) -> list[Element]:
    """The tables of a chapter, each with its number."""
    tables = [*chapter.iter("table")]
    for number, table in enumerate(tables):
        table.set("data-table", str(number))
    return tables


def narrow(document, tables: list[Element]) -> bool:
    """Makes each table that sticks out of its page narrower by a step; False if none can be."""
    wide = [tables[number] for page in document.pages for number in sticking_out(page)]
    able = {table for table in wide if int(table.get(STEP, 0)) < STEPS}
    for table in able:
        table.set(STEP, str(int(table.get(STEP, 0)) + 1))
    return bool(able)
