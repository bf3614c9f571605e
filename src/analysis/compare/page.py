"""A comparison as a page for readers, which needs nothing beside it."""

from __future__ import annotations

import base64
import functools
import re
from difflib import SequenceMatcher
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis import paths, wording
from analysis.compare.differences import UNIVERSE, differs
from analysis.compare.rows import Reader, column_of
from analysis.compare.sides import Side
from analysis.studyfile import read_about
from analysis.tables import COLUMNS
from analysis.tables.columns import language_of
from analysis.wording import Wording

HERE = Path(__file__).parent
FONT = (
    "@font-face {{ font-family: 'Fira Sans'; font-weight: {weight}; "
    "src: url(data:font/woff2;base64,{data}) }}\n"
)
WEIGHTS = {400: "Regular", 500: "Medium"}
KINDS = ("numbers", "findings", "figures", "tables", "raw", "processed", "pages", "files")
COUNTED = ("changed", "added", "removed")  # the first with what is renamed or drawn otherwise
MOST = 100  # changed rows of a table that are shown
FEW = 10  # up to so many are shown without being asked for
FRAMED = 12  # up to so many areas of a picture are framed
THROUGHOUT = 0.5  # share of a picture from which on none are
TOLD_APART = 0.3  # texts that are less alike are other texts, in which no words are marked
IN_ENGLISH = ("holds", "counted")  # conditions on tables, whatever the language of a page
WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def by_kind(found: dict, language: str) -> dict:
    """What differs by kind: the results and pages of a language, and what all languages share."""
    shared = {name: found[name] for name in ("raw", "processed", "files")}
    return {**found["languages"][language], **shared}


def page(found: dict, sides: tuple[Side, Side], language: str) -> str:
    """The page in one language. found: all differences; sides: where pictures are."""
    words = Wording(language, "compare")
    of = by_kind(found, language)
    before, now = found["before"], found["now"]
    templates = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return templates.get_template("page.html.j2").render(
        said=words,
        language=language,
        of=of,
        style=Markup(_style()),
        title=read_about().title_in(language) or "",
        others={
            other: Wording(other)("language_name")
            for other in found["languages"]
            if other != language
        },
        before=words("side", **before) if before["version"] else before["name"],
        now=words("this", **now) if now["version"] else words("this.unnamed"),
        summary=_summary(of, words),
        counted=COUNTED,
        kinds={name: _counts(of[name]) for name in KINDS},
        lacking=_lacking(found, language, words),
        marked=marked,
        in_language=lambda other: Markup(wording.marked(other)),
        spoken_in=functools.partial(_spoken_in, language=language),
        in_words=functools.partial(_in_words, words=words),
        label=functools.partial(_label, words=words, names=_universes(sides[1], language)),
        image=functools.partial(_image, sides=sides, language=language),
        seen=functools.partial(_seen, words=words),
        differs=differs,
        most=MOST,
        few=FEW,
    )


def marked(before: str, now: str) -> tuple[Markup, Markup]:
    """Two texts with the words marked that only one of them has, if they are alike enough."""
    olds, news = WORDS.findall(before), WORDS.findall(now)
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    if not before or not now or matcher.ratio() < TOLD_APART:
        return Markup.escape(before), Markup.escape(now)
    was, is_now = Markup(), Markup()
    for kind, i, j, k, m in matcher.get_opcodes():
        old, new = "".join(olds[i:j]), "".join(news[k:m])
        if kind == "equal":
            was, is_now = was + old, is_now + new
            continue
        was += Markup("<del>{}</del>").format(old) if old else ""
        is_now += Markup("<ins>{}</ins>").format(new) if new else ""
    return was, is_now


@functools.cache
def _style() -> str:
    """Letters and look."""
    fonts = paths.machine_book() / "_static/fonts"
    letters = (
        FONT.format(weight=weight, data=_encoded(file))
        for weight, name in WEIGHTS.items()
        if (file := fonts / f"FiraSans-{name}.woff2").is_file()
    )
    return "".join(letters) + (HERE / "page.css").read_text("utf-8")


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _counts(kind: dict | None) -> list[int] | None:
    """How many things of a kind are otherwise, new, gone and the same; None if not compared."""
    if kind is None:
        return None
    changes = [one["change"] for one in kind["changes"]]
    apart = [changes.count(change) for change in COUNTED[1:]]
    same = kind["same"] if isinstance(kind["same"], int) else len(kind["same"])
    return [len(changes) - sum(apart), *apart, same]


def _summary(of: dict, words: Wording) -> str:
    """What differs, in a sentence."""
    things = []
    for name in KINDS:
        changes = of[name]["changes"] if of[name] else []
        if changes:
            said = words.count(name, len(changes))
            rows = sum(_rows(one) for one in changes) if name in ("raw", "processed") else 0
            if rows:
                said = words("with_rows", tables=said, rows=words.count("rows", rows))
            things.append(said)
    return words("summary", things=words.listing(things)) if things else words("summary.none")


def _rows(table: dict) -> int:
    return len(table["changes"]) if table["change"] == "changed" else table["rows"]


def _lacking(found: dict, language: str, words: Wording) -> list[str]:
    """What could not be compared, and why."""
    return [
        words(
            f"lacking.{one['what']}.{one['why']}",
            name=found["before"]["name"],
            edition=Wording(one.get("edition", language))("language_name"),
        )
        for one in found["not_compared"]
        if one.get("language", language) == language
    ]


def _spoken_in(column: str, language: str) -> str:
    """The language of a column, if it is another one than the page's."""
    known = "en" if column in IN_ENGLISH else language_of(column, COLUMNS)
    return known if known != language else ""


def _in_words(cells: list[dict], words: Wording) -> list[dict]:
    """What differs in a finding, its verdicts in words."""
    return [
        cell | {side: _verdict(cell["column"], cell[side], words) for side in ("before", "now")}
        for cell in cells
    ]


def _verdict(column: str, text: str, words: Wording) -> str:
    if column == "is_met" and text:
        return words("yes" if text == "True" else "no")
    kind = "verdict" if column.startswith(UNIVERSE) else column
    return words.known(f"{kind}.{text}", text)


def _universes(side: Side, language: str) -> dict[str, str]:
    """The names of universes by id."""
    table = Reader().table(side, side.shown("universes"))
    names = column_of(table, f"label_{language}")
    return dict(zip(column_of(table, "universe_id"), names, strict=False))


def _label(column: str, words: Wording, names: dict[str, str]) -> str:
    """What a column is called; columns of tables by their own name."""
    if column.startswith(UNIVERSE):
        universe = column.removeprefix(UNIVERSE)
        return words("in_universe", universe=names.get(universe, universe))
    return words.known(f"column.{column}", column)


def _image(name: str, which: int, sides: tuple[Side, Side], language: str) -> str:
    """The picture of a figure on one of the sides, as an address that holds all of it."""
    place = sides[which].results[language] / "figures" / f"{name}.png"
    return f"data:image/png;base64,{_encoded(place)}" if place.is_file() else ""


def _seen(drawn: dict | None, words: Wording) -> dict | None:
    """What differs in a picture in words, and whether areas are framed."""
    if drawn is None:
        return None
    share = words.quantity(max(round(drawn["share"] * 100), 1), "percent", short=True)
    areas, sizes, most = drawn["areas"], drawn["sizes"], words.number(drawn["most"])
    framed = 0 < len(areas) <= FRAMED and drawn["share"] < THROUGHOUT
    if not areas:
        said = [words("drawn.barely", most=most)]
    elif framed:
        places = dict.fromkeys(words(f"place.{_place(area, sizes[1])}") for area in areas)
        listed = words.listing(places)
        said = [words.count("drawn", len(areas), places=listed, share=share), words("framed")]
    else:
        said = [words("drawn.throughout", share=share)]
    if sizes[0] != sizes[1]:
        before, now = ("×".join(map(str, size)) for size in sizes)
        said.append(words("drawn.size", before=before, now=now))
    return {**drawn, "framed": framed, "said": " ".join(said)}


def _place(area: list[int], size: list[int]) -> str:
    """In which of nine parts of a picture the middle of an area is."""
    x, y, width, height = area
    across, down = (
        min(3 * (start + length // 2) // whole, 2)
        for start, length, whole in zip((x, y), (width, height), size, strict=True)
    )
    return f"{('top', 'middle', 'bottom')[down]}.{('left', 'middle', 'right')[across]}"
