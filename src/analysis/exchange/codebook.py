"""Turns the codes of a project, one below the other, into dimensions with codes.

A code on top that has others below it is a dimension, and they are its codes, known by all names on
the way to them; it is a code of its own dimension too, if somebody gave it. What stands alone on
top goes into one dimension.
"""

from __future__ import annotations

from collections import Counter

from analysis.exchange.model import Code, Project
from analysis.exchange.names import distinct, inert
from analysis.exchange.opening import DEEPEST, too_deep
from analysis.problems import alike
from analysis.wording import LANGUAGES

STEP = " > "  # between the names of a code and of one below it
STEP_IN_A_NAME = " \\> "  # the same where it belongs to a name
ALONE = "Code"  # the dimension of codes that have none above and none below them
NOTHING = "–"  # where a project has no name


def codebook(project: Project, notes: Counter[str]) -> tuple[dict[str, str], dict[str, dict]]:
    """The id of each code that can be given, and the dimensions as the file has them."""
    codes = project.codes
    paths = {key: path_of(code, codes) for key, code in codes.items()}
    names = {key: inert(code.name, notes) or NOTHING for key, code in codes.items()}
    groups = _groups(project, paths)
    dimensions = distinct(
        [(top, names.get(top, ALONE), top or "") for top in groups], "_", letters=True
    )
    ids: dict[str, str] = {}
    book = {}
    for top, members in groups.items():
        steps = {
            key: [names[step].replace(STEP, STEP_IN_A_NAME) for step in paths[key]][
                key != top and bool(top) :
            ]
            for key in members
        }
        short = distinct([(key, " ".join(steps[key]), key) for key in members], "_")
        ids |= {key: f"{dimensions[top]}.{short[key]}" for key in members}
        book[dimensions[top]] = {
            "label": names.get(top, ALONE),
            "codes": {
                ids[key]: {
                    "label": STEP.join(steps[key]),
                    "definition": inert(codes[key].description, notes),
                }
                for key in members
            },
        }
    described = sum(bool(code.description) for code in codes.values())
    written = sum(
        bool(code["definition"]) for about in book.values() for code in about["codes"].values()
    )
    project.set_aside("descriptions", "they describe folders of codes", described - written)
    used = {step for key in ids for step in paths[key]}
    project.set_aside("codes", "folders that no code lies in", len(set(codes) - used))
    _tell_apart(book)
    return ids, {name: _in_languages(about) for name, about in book.items()}


def path_of(code: Code, codes: dict[str, Code]) -> tuple[str, ...]:
    """The ids on the way to a code, from the top."""
    path = [code.id]
    while (above := codes[path[0]].parent) in codes and above not in path:
        path.insert(0, above)
        if len(path) > DEEPEST:
            raise too_deep("the codebook")
    return tuple(path)


def _groups(project: Project, paths: dict[str, tuple]) -> dict[str | None, list[str]]:
    """The codes of each dimension, by the code on its top; None for those that stand alone."""
    coded = {coding.code for coding in project.codings}
    above = {step for path in paths.values() for step in path[:-1]}
    groups: dict[str | None, list[str]] = {}
    for key, path in paths.items():
        only_names = not project.codes[key].is_codable or (len(path) == 1 and key in above)
        if key in coded or not only_names:
            groups.setdefault(path[0] if path[0] in above else None, []).append(key)
    return groups


def _tell_apart(book: dict[str, dict]) -> None:
    """No two codes may have labels that look alike: they get that of their dimension, or count."""
    often = Counter(
        alike(code["label"]) for about in book.values() for code in about["codes"].values()
    )
    taken: dict[str, int] = {}
    for about in book.values():
        for code in about["codes"].values():
            label = code["label"]
            if often[alike(label)] > 1:
                label = f"{about['label']}{STEP}{label}"
            code["label"] = _free(label, taken)
    taken = {}
    for about in book.values():
        about["label"] = _free(about["label"], taken)


def _free(label: str, taken: dict[str, int]) -> str:
    """The label, or the same with the first number that is free. taken: labels, and how often each
    was asked for.
    """
    found, key = label, alike(label)
    n = taken.get(key, 0) + 1
    while alike(found) in taken:
        n = max(n, 2)
        found = f"{label} ({n})"
        n += 1
    taken[key] = max(n - 1, 1)
    taken.setdefault(alike(found), 1)
    return found


def _in_languages(about: dict) -> dict:
    """The same words in each language of the report, as a project has one alone."""
    return {
        "label": dict.fromkeys(LANGUAGES, about["label"]),
        "codes": {
            code: {
                **dict.fromkeys(LANGUAGES, entry["label"]),
                **_definition(entry["definition"]),
            }
            for code, entry in about["codes"].items()
        },
    }


def _definition(said: str) -> dict[str, dict]:
    return {"definition": dict.fromkeys(LANGUAGES, said)} if said else {}
