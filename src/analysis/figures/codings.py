"""The code matrix: a heat map of how many statements of which municipality carry which code."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.figures.parts.codematrix import (
    DenseMatrix,
    DenseNarrowMatrix,
    Group,
    Matrix,
    NarrowMatrix,
    legend,
    total_text,
)
from analysis.methods.counts import and_more, clearest, has_more
from analysis.wording import FEW, Wording, capitalised

WIDEST = 1.95  # at most a column of the matrix, cm
MORE = 0.7  # room for what is behind a plus, cm
SPACE = 0.6  # white below a matrix, cm
MANY = 12  # more municipalities than these get narrow columns


def draw(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    municipalities: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Statements per code (rows, by dimension in codebook order) and municipality (columns) as a
    heat map; codes of no statement stay, dimensions of none go.

    coded: code, statement_id, municipality_id, attribution; a row for each statement of a
    municipality and each of its codes. more: as from `only_counted`. Small squares mark statements
    that are not ascribed expressly, if there are such and not many municipalities. Beside the rows
    stands the number of different statements, broadly also as a bar. None if no statement carries
    a code.
    """
    if coded.empty:
        return None
    forms = (DenseMatrix, DenseNarrowMatrix) if are_many(municipalities) else (Matrix, NarrowMatrix)
    form = forms[width != style.WIDTH]
    groups = _groups(_shown(codes, coded, more), dimensions, words, form)
    totals = different(coded, codes)
    places = municipalities.set_index("municipality_id")[words.column("label")]
    sheet, y = style.sheet(width), 0.0
    for matrix in _matrices(coded, more.reindex(codes["code"]), totals, places, words, width, form):
        y = matrix.head(sheet.ax, y, _bases(coded, matrix.places.index))
        for group in groups:
            y = matrix.draw(sheet.ax, y, group, totals)
        if matrix.marked:
            y = legend(sheet.ax, y + SPACE / 2, matrix.marked, words, width)
        y += SPACE
    return sheet.end(y - SPACE)


def are_many(municipalities: pd.DataFrame) -> bool:
    """Whether there is no room in cells to mark statements that are not ascribed expressly."""
    return len(municipalities) > MANY


def different(coded: pd.DataFrame, codes: pd.DataFrame) -> pd.Series:
    """How many different statements carry each code, however many municipalities they are
    ascribed to; arguments as for `draw`.
    """
    found = coded.groupby("code")["statement_id"].nunique()
    return found.reindex(codes["code"], fill_value=0)


def table(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    municipalities: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
) -> pd.DataFrame:
    """The matrix with its rows and columns in the order of the figure; arguments as for `draw`."""
    label = words.column("label")
    places = municipalities.set_index("municipality_id")[label]
    titles = dimensions.set_index("dimension")[label]
    rows = _shown(codes, coded, more)[["dimension", "code", label]]
    counts = _wide(coded, rows["code"], places.index)
    counts = counts.assign(different=different(coded, rows))
    if has_more(more).any():
        counts = _with_more(counts, more)
    named = rows.assign(dimension=rows["dimension"].map(titles))
    return named.merge(counts.rename(columns=places), on="code")


def _with_more(counts: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """The same with how many more only count behind each number."""
    unshown = more.reindex(counts.index).assign(
        different=[pd.NA if any_more else 0 for any_more in has_more(more).reindex(counts.index)]
    )
    return pd.DataFrame(
        {
            name: [
                and_more(str(n), extra)
                for n, extra in zip(counts[name], unshown[name], strict=True)
            ]
            for name in counts
        },
        counts.index,
    )


def headline(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
    given: Collection[str] = (),
) -> str:
    """The role that most statements show municipalities in, and the fields that none is about, not
    even one that only counts; of a codebook without roles, the most frequent code. Of many, only
    how many they are. Where such as only count might change the rank, it is that of those shown.

    given: codes that other statements carry, such as those of no municipality or of cases.
    """
    totals, fields = different(coded, codes), codes.dropna(subset="role_code")
    quoted = codes.set_index("code")[words.column("label")].map(
        lambda label: words("quoted", text=label)
    )
    of_roles = totals[codes["dimension"].eq("role").to_numpy()]
    kind = "role" if of_roles.any() else "code"
    ranked = of_roles if of_roles.any() else totals
    first, unshown = ranked.index[ranked == ranked.max()], has_more(more).reindex(totals.index)
    rivals = ranked.index if len(first) > 1 else ranked.index.difference(first)
    among = {"among": f" {words('headline.shown')}" if unshown[rivals].any() else ""}
    if len(first) > FEW:
        most = capitalised(words(f"headline.{kind}.tied", n=words.numeral(len(first)), **among))
    else:
        top = words.listing(quoted[first])
        most = words.count(f"headline.{kind}", len(first), codes=top, **among)
    spoken = totals.gt(0) | unshown | totals.index.isin(given)
    silent = [code for code in fields["code"] if not spoken[code]] if kind == "role" else []
    if not silent:
        return f"{most}."
    if len(silent) == len(fields) > FEW:
        return f"{most}; {words('headline.silent.all')}"
    if len(silent) > FEW:
        return f"{most}; {words('headline.silent.several', n=words.numeral(len(silent)))}"
    return f"{most}; {words('headline.silent', codes=words.listing(quoted[silent], 'or'))}"


def alt(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    municipalities: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
) -> str:
    """The size of the matrix, the most frequent codes of each dimension, and how many statements
    each municipality has, all of them of those shown; arguments as for `draw`.
    """
    label, totals = words.column("label"), different(coded, codes)
    shown = _shown(codes, coded, more)
    counted = shown.assign(n=totals[shown["code"]].to_numpy())
    top = counted[counted["n"].eq(counted.groupby("dimension")["n"].transform("max"))]
    top = top[top["n"].gt(0)]
    named = [
        words("alt.top", code=row[label], n=words.number(row["n"]))
        for row in top.to_dict("records")
    ]
    bases = _bases(coded, municipalities["municipality_id"])
    named_bases = zip(municipalities[label], bases, strict=True)
    own = [f"{name} {words.number(n)}" for name, n in named_bases]
    size = {"codes": len(shown), "places": len(municipalities)}
    size = {name: words.numeral(n) for name, n in size.items()}
    told = words("alt", **size, top=words.listing(named) or "–", bases=words.listing(own))
    return f"{told} {words('alt.shown')}" if has_more(more).any() else told


def _matrices(
    coded: pd.DataFrame,
    more: pd.DataFrame,
    totals: pd.Series,
    places: pd.Series,
    words: Wording,
    whole: float,
    form: type[Matrix],
) -> list[Matrix]:
    """As many municipalities beside each other as fit, the others below them."""
    unshown, most = has_more(more), form.ABREAST
    written = [total_text(n, unshown[code], words) for code, n in totals.items()]
    beside = form.beside(written)
    if unshown.any():  # what is behind a plus needs its room
        beside, most = max(beside, form.TOTALS + MORE), most * 2 // 3
    across = typeset.abreast(len(places), most)
    width = min(WIDEST, (whole - form.LABELS - beside) / across)
    coded = clearest(coded, ["code", "municipality_id", "statement_id"])
    statements = _wide(coded, more.index, places.index)
    marked = {
        attribution: _wide(coded[coded["attribution"] == attribution], more.index, places.index)
        for attribution in form.MARKS
        if (coded["attribution"] == attribution).any()
    }
    return [
        form(statements, marked, more, places.iloc[i : i + across], width, words)
        for i in range(0, len(places), across)
    ]


def _wide(coded: pd.DataFrame, codes: pd.Series | pd.Index, places: pd.Index) -> pd.DataFrame:
    """Statements per code and municipality, every combination a cell."""
    distinct = coded.drop_duplicates(["code", "municipality_id", "statement_id"])
    counts = distinct.groupby(["code", "municipality_id"]).size().unstack(fill_value=0)
    return counts.reindex(index=codes, columns=places, fill_value=0).rename_axis("code")


def _bases(coded: pd.DataFrame, places) -> list[int]:
    """How many different statements each municipality has."""
    own = coded.groupby("municipality_id")["statement_id"].nunique()
    return [int(own.get(place, 0)) for place in places]


def _shown(codes: pd.DataFrame, coded: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """All codes of the dimensions that some statement has a code of."""
    spoken = [*coded["code"], *more.index[has_more(more)]]
    used = codes.loc[codes["code"].isin(spoken), "dimension"]
    return codes[codes["dimension"].isin(used)]


def _groups(
    shown: pd.DataFrame, dimensions: pd.DataFrame, words: Wording, form: type[Matrix]
) -> list[Group]:
    """The dimensions in use, with all their codes; shown: these."""
    groups = []
    for dimension in dimensions.to_dict("records"):
        own = shown[shown["dimension"] == dimension["dimension"]]
        if len(own):
            title, names = words.text(dimension, "label"), own[words.column("label")]
            groups.append(form.group(title, list(own["code"]), list(names), words.language))
    return groups
