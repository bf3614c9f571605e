"""The directive `what-if`: a reader switches interviews, codings and statements off and on, and
matrices and findings follow. Every combination is computed here; the page only looks them up.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
from docutils import nodes

from analysis.book.directive import DataDirective
from analysis.book.nodes import left_out, link, paragraph, raw, table
from analysis.methods.conditions import NUMBER, NUMBERS, parse, tables_of
from analysis.methods.evaluation import Tables
from analysis.methods.exposure import is_said, is_touched
from analysis.methods.universes import (
    AS_STATED,
    NEEDED,
    alike,
    coders,
    different_counts,
    in_universes,
    statement_counts,
)
from analysis.processed.store import read_processed
from analysis.wording import Wording, capitalised

MOST = 6  # interviews that can be switched, as each doubles the combinations
VERDICTS = ("void", "fails", "holds")
NUMERALS = 12  # up to here numbers in sentences are words
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Switch:
    """One thing that can be chosen, and what each of its positions changes; the first nothing.

    labels: of the positions; of what is on or off one alone.
    """

    kind: str
    labels: list[str]
    changes: list[dict[str, str]]

    @property
    def is_on_or_off(self) -> bool:
        """Whether it has one label for both of its positions."""
        return len(self.labels) == 1


@dataclass
class Vectors:
    """Numbers for every combination of the switches, each kept once and only along the switches
    that it depends on.
    """

    sizes: list[int]
    kept: dict[tuple, int] = field(default_factory=dict)

    def add(self, numbers: np.ndarray) -> int:
        """The place of these numbers among all."""
        cube, by = np.asarray(numbers).astype(int).reshape(self.sizes), []
        for axis in range(len(self.sizes)):
            first = cube.take([0], axis=axis)
            if (cube == first).all():
                cube = first
            else:
                by.append(axis)
        key = tuple(by), tuple(cube.ravel().tolist())
        return self.kept.setdefault(key, len(self.kept))

    def listed(self) -> list[list]:
        """As the page reads them: the switches they depend on, and the numbers; small ones, of
        which none is below zero, as a text with a digit for each, up to z for 35.
        """
        return [
            [
                list(by),
                "".join(DIGITS[n] for n in numbers)
                if min(numbers) >= 0 and max(numbers) < len(DIGITS)
                else numbers,
            ]
            for by, numbers in self.kept
        ]


class WhatIf(DataDirective):
    """{what-if}: switches, findings and matrices."""

    def run(self):
        self.texts = Wording(self.config.study_language, "whatif")
        findings = read_processed("findings").dropna(subset="holds").to_dict("records")
        self.findings = [(found, parse(found["holds"])) for found in findings]
        names = {*NEEDED, "cases"}
        names = names.union(*(tables_of(tree) for _, tree in self.findings))
        self.tables = {name: read_processed(name) for name in sorted(names)}
        self.switches = switches(self.tables, self.texts)
        if not self.switches:
            return [paragraph(self.texts("nothing"))]
        self.known = in_universes(self.tables, combinations(self.switches))
        self.vectors = Vectors([len(switch.changes) for switch in self.switches])
        content = [*self._findings(), *self._matrices(), *left_out(self.words)]
        return [raw(self._form()), *self._without_script(), *content, raw(self._data())]

    def _form(self) -> str:
        """The switches; hidden where no script could read them."""
        groups: dict[str, list[tuple[int, Switch]]] = {}
        for axis, switch in enumerate(self.switches):
            groups.setdefault(switch.kind, []).append((axis, switch))
        fields = [self._fieldset(kind, own) for kind, own in groups.items()]
        reset = html.escape(self.texts("reset"))
        said = '<p class="study-whatif-said" role="status"></p>'
        return (
            f'<form class="study-whatif" hidden>{"".join(fields)}'
            f'<p><button type="reset">{reset}</button></p>{said}</form>'
        )

    def _fieldset(self, kind: str, own: list[tuple[int, Switch]]) -> str:
        inputs = [
            f"<label><input {attributes}> {html.escape(name)}</label>"
            for axis, switch in own
            for attributes, name in self._inputs(axis, switch)
        ]
        legend = html.escape(self.texts(f"switch.{kind}"))
        return f"<fieldset><legend>{legend}</legend>{''.join(inputs)}</fieldset>"

    @staticmethod
    def _inputs(axis: int, switch: Switch) -> list[tuple[str, str]]:
        """What is there to press: one thing that is on or off, or one of several."""
        name = f'name="axis-{axis}"'
        if switch.is_on_or_off:
            return [(f'type="checkbox" {name} data-kind="{switch.kind}" checked', switch.labels[0])]
        return [
            (f'type="radio" {name} value="{place}"{" checked" if place == 0 else ""}', label)
            for place, label in enumerate(switch.labels)
        ]

    def _data(self) -> str:
        words = self.texts
        content = {
            "sizes": self.vectors.sizes,
            "vectors": self.vectors.listed(),
            "numerals": [words.numeral(n) for n in range(NUMERALS + 1)],
            "verdicts": [words(f"verdict.{name}") for name in VERDICTS],
            "changed": words("changed"),
            "said": words("said", holds="{holds}", fails="{fails}", void="{void}"),
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        safe = text.replace("<", "\\u003c")  # so that no text can end the script
        return f'<script type="application/json" id="study-whatif">{safe}</script>'

    def _findings(self) -> list[nodes.table]:
        rows = []
        for found, tree in self.findings:
            if not is_touched(tree):
                continue
            holds = self.known.values(tree).astype(bool)
            verdicts = np.where(is_said(self.known, tree), holds + 1, 0)
            shown = self._shown(verdicts, self.texts(f"verdict.{VERDICTS[verdicts[0]]}"), "verdict")
            rows.append([[self._sentence(found)], [shown]])
        head = [self.texts("finding"), self.texts("verdict")]
        return [table(head, rows, css="study-verdicts", called=head[0])] if rows else []

    def _sentence(self, found: dict) -> nodes.inline:
        """The sentence of a finding, in which the numbers follow the switches."""
        text = self.texts.text(found, "template")
        parts, end = [], 0
        for number in NUMBERS.finditer(text):
            values = self.known.values(parse(number[1], NUMBER))
            said = self.texts.numeral(int(values[0]))
            is_first = number.start() == 0
            kind = "capital" if is_first else "number"
            parts += [
                nodes.Text(text[end : number.start()]),
                self._shown(values, capitalised(said) if is_first else said, kind),
            ]
            end = number.end()
        return nodes.inline("", "", *parts, nodes.Text(text[end:]))

    def _shown(self, values: np.ndarray, stated: str, kind: str) -> nodes.raw:
        """A place of the page that shows the value of a combination; at first the one stated."""
        place = self.vectors.add(values)
        return raw(f'<span data-{kind}="{place}">{html.escape(stated)}</span>')

    def _matrices(self) -> list[nodes.Node]:
        """Statements by code and municipality, and by code and case; a table per dimension."""
        codes, places = self.tables["codes"], self.tables["municipalities"]["municipality_id"]
        of_interviews = Tables(self.known.tables, self._corpus("interview"))
        towns = statement_counts(of_interviews, codes["code"], places.name, places)
        different = different_counts(of_interviews, codes["code"], places.name)
        of_cases = Tables(self.known.tables, self._corpus("case"))
        cases = self.tables["cases"]["case_id"]
        by_case = statement_counts(of_cases, codes["code"], cases.name, cases)
        content = []
        for dimension in read_processed("dimensions").to_dict("records"):
            own = codes[codes["dimension"] == dimension["dimension"]]
            if different.loc[own["code"]].to_numpy().any():
                rows = [
                    [self.texts.text(code, "label")]
                    + [
                        [self._cell(frame.loc[key])]
                        for frame, keys in (
                            (towns, [(code["code"], place) for place in places]),
                            (different, [code["code"]]),
                            (by_case, [(code["code"], case) for case in cases]),
                        )
                        for key in keys
                    ]
                    for code in own.to_dict("records")
                ]
                title = nodes.rubric("", self.texts.text(dimension, "label"))
                css, called = "study-matrix study-counts", title.astext()
                content += [title, table(self._head(), rows, css=css, called=called)]
        return content

    def _corpus(self, corpus: str) -> dict[str, np.ndarray]:
        """The rows that are there, of one part of the study."""
        is_of = self.known.has("codings", "corpus", [corpus])
        return self.known.kept | {"codings": self.known.kept["codings"] & is_of}

    def _head(self) -> list[str]:
        places, cases = (
            [self.texts.text(row, "label") for row in self.tables[name].to_dict("records")]
            for name in ("municipalities", "cases")
        )
        told = [f"{self.texts('case_study')}: {case}" for case in cases]
        return [self.texts("code"), *places, self.texts("different"), *told]

    def _cell(self, numbers: pd.Series) -> nodes.raw:
        return self._shown(numbers.to_numpy(), str(numbers.iloc[0]), "count")

    def _without_script(self) -> list[nodes.Node]:
        """Where no script runs: what each finding is in the declared universes."""
        universes, verdicts = read_processed("universes"), read_processed("verdicts")
        if verdicts.empty:
            return []
        wide = verdicts.pivot(index="finding_id", columns="universe_id", values="verdict")
        findings = read_processed("findings").set_index("finding_id")
        rows = [
            [
                [link(f"finding-{name}", self.texts.text(findings.loc[name], "sentence"))],
                *(self.texts(f"verdict.{wide.at[name, one]}") for one in universes["universe_id"]),
            ]
            for name in dict.fromkeys(verdicts["finding_id"])
        ]
        head = [self.texts("finding"), *universes[self.texts.column("label")]]
        said = paragraph(self.texts("without_script"))
        shown = table(head, rows, css="study-data", called=head[0])
        return [raw("<noscript>"), said, shown, raw("</noscript>")]


def switches(tables: dict[str, pd.DataFrame], texts: Wording) -> list[Switch]:
    """What can be switched in a study: only what changes something, and not each of many
    interviews.
    """
    places = tables["municipalities"]
    asked = places["municipality_id"].isin(tables["interviews"]["municipality_id"])
    places = places[asked].to_dict("records")
    found = [
        Switch(
            "interview",
            [texts.text(place, "label")],
            [{}, {"without_interview": place["municipality_id"]}],
        )
        for place in places
        if 1 < len(places) <= MOST
    ]
    known = {name: texts(f"coder.{name}") for name in ("a", "b")}
    names = {name: known.get(name, texts("coder.other", name=name)) for name in coders(tables)}
    ways = {name: texts(f"attribution.{name}") for name in ("all", "not_collective", "explicit")}
    several = {"coder": {"agreed": texts("coder.agreed"), **names}, "attribution": ways}
    single = {"certainty": "not_weak", "corpus": "interview"}
    telling = _telling(
        tables,
        [{kind: name} for kind, labels in several.items() for name in [*labels][1:]]
        + [{kind: choice} for kind, choice in single.items()],
    )
    for kind, labels in several.items():
        changes = [{}, *(choice for choice in telling if kind in choice)]
        if changes[1:]:
            first, *_ = labels
            named = [labels[choice.get(kind, first)] for choice in changes]
            found.append(Switch(kind, named, changes))
    for choice in telling:
        found += [
            Switch(kind, [texts(f"keep.{kind}")], [{}, choice]) for kind in choice if kind in single
        ]
    return found


def _telling(tables: dict[str, pd.DataFrame], choices: list[dict[str, str]]) -> list[dict]:
    """The choices of which each changes something by itself."""
    each = pd.DataFrame([AS_STATED, *(AS_STATED | choice for choice in choices)])
    same = alike(in_universes(tables, each))[1:]
    return [choice for choice, is_same in zip(choices, same, strict=True) if not is_same]


def combinations(found: list[Switch]) -> pd.DataFrame:
    """Every combination of the switches as a universe, the last switch changing first."""
    rows = []
    for changes in product(*(switch.changes for switch in found)):
        without = [each["without_interview"] for each in changes if "without_interview" in each]
        row = {key: value for each in changes for key, value in each.items()}
        rows.append(AS_STATED | row | {"without_interview": ";".join(without) or None})
    return pd.DataFrame(rows)


def register(app) -> None:
    """Registers the directive."""
    app.add_directive("what-if", WhatIf)
