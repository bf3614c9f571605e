"""study.yml says what a study is called, in which languages, and which notebooks it borrows."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import paths
from analysis.engine.runs import notebook_runs
from analysis.files.yamlfile import Entry
from analysis.studyfile import About, StudyFileError, _fits, check_about, read_about, unsaid


@pytest.fixture
def say(tmp_path, monkeypatch):
    """Writes the study.yml of a study."""
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    return lambda text: (tmp_path / "study.yml").write_bytes(text.encode())


def test_a_study_need_not_say_anything(say):
    assert read_about() == About()
    say("")
    assert read_about() == About()
    assert read_about().title_in("de") is None


def test_languages_that_nobody_says_are_told_where_something_is_wrong(say, tmp_path):
    (tmp_path / "study.yaml").write_text("languages: [en]\n", "utf-8")
    (notice,) = unsaid()
    assert notice.endswith(
        "study.yml is not there (did you mean 'study.yaml'?), so texts are to be in de, en"
    )
    say("")
    assert unsaid()[0].endswith("study.yml says nothing, so texts are to be in de, en")
    say("languages: [en]\n")
    assert unsaid() == []


def test_a_title_may_be_one_for_all_languages_or_one_for_each(say):
    say("title: Zwei Krankenhäuser\n")
    assert read_about().title_in("de") == read_about().title_in("en") == "Zwei Krankenhäuser"
    say("title: {de: Zwei, en: Two}\nlanguages: [en]\nnotebooks: [codings]\n")
    assert read_about() == About({"de": "Zwei", "en": "Two"}, ("en",), ("codings",))
    assert read_about().title_in("en") == "Two"


WRONG = {
    "titel: x": "line 1: 'titel' means nothing (did you mean 'title'?); expected only title, "
    "languages, notebooks, parameters, licence, coded_by, counted",
    "licence: 4": "line 1: licence is 4; expected a text in quotation marks",
    "title: 3": "line 1: the title is 3; expected a text",
    "title: {de: }": "line 1: the title is None; expected a text",
    "title: {fr: Deux}": "line 1: the title is in 'fr', a language that has no words; expected "
    "some of de, en",
    "languages: de": "line 1: languages is 'de'; expected a list: languages: [a, b]",
    "languages: []": "line 1: a study in no language; expected some of de, en",
    "languages: [de, fr]": "line 1: languages has 'fr'; expected some of de, en",
    "languages: [de, de]": "line 1: languages has 'de' twice; expected each once",
    "notebooks: [3]": "line 1: notebooks is [3]; expected a list: notebooks: [a, b]",
    "notebooks: [coding]": "line 1: notebooks has 'coding' (did you mean 'codings'?); expected",
    "counted: Anna B.": "line 1: counted is 'Anna B.'; expected the NAME in coding/codings_NAME",
    "parameters: 3": "line 1: parameters is 3; expected names of notebooks, with their parameters",
    "parameters:\n  relation: {role: x}": "line 2: there is no notebook 'relation' (did you mean "
    "'relations'?)",
    "parameters:\n  relations: x": "line 2: parameters of relations is 'x'; expected {parameter:",
    "parameters:\n  relations:\n    role: x\n    rolle: y": "line 4: relations has no parameter "
    "'rolle' to set (did you mean 'role'?); expected one of role, topic, corpora",
    "parameters: {relations: {language: en}}": "relations has no parameter 'language' to set",
    "parameters: {case: {case: x}}": "case has no parameter 'case' to set; expected one of whole",
    "parameters: {disagreements: {most: ten}}": "most of disagreements is 'ten'; expected a value "
    "such as 10",
    "- a": "line 1: holds ['a']; expected lines such as `title: Two hospitals`",
    "title: x\ntitle: y": "line 2: 'title' stands twice; expected each name once",
    "title: a: b": "line 1: not readable as YAML",
}


def test_what_a_damaged_notebook_is_told_is_asked_for_when_it_is_run(say, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/trees.ipynb").write_text("<<<<<<< HEAD\n", "utf-8")
    say("parameters: {trees: {kind: oak}}\n")
    check_about()
    assert read_about().parameters == {"trees": {"kind": "oak"}}


@pytest.mark.parametrize("text", WRONG)
def test_a_slip_is_named_by_its_line(say, text):
    say(text)
    with pytest.raises(StudyFileError) as wrong:
        check_about()
    assert f"{paths.shown(paths.about())}, " in str(wrong.value)
    assert WRONG[text] in str(wrong.value)


def test_all_slips_are_named_at_once(say):
    say("titel: x\nlanguages: [fr]\nnotebooks: [coding]\n")
    with pytest.raises(StudyFileError) as wrong:
        check_about()
    assert [line.partition(": ")[0][-6:] for line in str(wrong.value).splitlines()] == [
        "line 1",
        "line 2",
        "line 3",
    ]


def test_a_study_runs_its_own_notebooks_and_those_of_the_machine_that_it_names(say):
    say("notebooks: [codings, agreement, actors]\n")
    own = paths.notebooks()
    own.mkdir()
    for name in ("actors", "beds"):
        (own / f"{name}.ipynb").write_text("{}", "utf-8")
    sources = {run.name: run.source.parent for run in notebook_runs("de")}
    machine = paths.root() / "notebooks"
    assert sources == {"actors": own, "agreement": machine, "beds": own, "codings": machine}
    assert list(sources) == sorted(sources)


def test_a_study_sets_parameters_of_the_machine_s_notebooks(say):
    say("notebooks: [relations]\nparameters: {relations: {role: strain, topic: relief}}\n")
    check_about()
    (run,) = notebook_runs("de")
    assert run.told == {"role": "strain", "topic": "relief"}
    assert (run.name, run.parameters) == ("relations", {})


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_file_of_a_notebook_may_be_called_in_letters_of_two_signs(say, form):
    say("parameters: {köln: {role: strain}}\n")
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "role = 'calm'"}
    file = paths.notebooks() / unicodedata.normalize(form, "köln.ipynb")
    file.parent.mkdir()
    file.write_text(json.dumps({"metadata": {}, "cells": [cell]}), "utf-8")
    check_about()
    (run,) = notebook_runs("de")
    assert run.told == {"role": "strain"}
    assert run.source.exists()


NUMBERS = st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.booleans() | NUMBERS | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
    lambda value: st.lists(value, max_size=3) | st.dictionaries(st.text("ab"), value, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A study with a notebook whose parameter has a default, and what study.yml says of it."""
    study = tmp_path_factory.mktemp("study")
    (study / "notebooks").mkdir()

    def told(default, value):
        source = ["language = 'de'\n", f"about = {default!r}"]
        cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
        notebook = json.dumps({"metadata": {}, "cells": [cell]})
        (study / "notebooks/own.ipynb").write_text(notebook, "utf-8")
        said = json.dumps(value) if not isinstance(value, str) else f"{value!r}"
        (study / "study.yml").write_text(f"parameters: {{own: {{about: {said}}}}}\n", "utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COMPENDIUM_STUDY", str(study))
            check_about()
            (run,) = notebook_runs("de")
        return run.told["about"]

    return told


@pytest.mark.parametrize(
    ("default", "value"),
    [
        ({"a": 1}, {"b": {"c": [2, {"d": "e"}]}}),
        ({}, {}),
        ([], [{"a": 1}]),
        (("a", "b"), ["c"]),
        (0.5, 1),
        (None, {"a": [None]}),
    ],
)
def test_a_parameter_may_be_whatever_yaml_and_python_have_in_common(own, default, value):
    told = own(default, value)
    assert told == value
    assert json.dumps(told) == json.dumps(value)
    assert type(told) is type(value)


@given(PLAIN, PLAIN)
def test_a_value_takes_the_place_of_a_default_of_its_kind_and_of_no_other(default, value):
    def read(part):
        return Entry(part) if isinstance(part, dict) else part

    assert _fits(read(default), default)
    assert _fits(read(value), None)
    same = type(default) is type(value) or (type(default), type(value)) == (float, int)
    assert _fits(read(value), default) == same


@pytest.mark.parametrize("value", ["2020-01-01", "[2020-01-01]", ".nan", "{a: !!binary aGk=}"])
def test_what_no_record_could_hold_is_refused_as_a_parameter(own, value):
    class Written(str):
        __repr__ = str.__str__

    with pytest.raises(StudyFileError, match=r"line 1: about of own is .*expected a text in"):
        own(None, Written(value))


def test_a_default_that_yaml_cannot_write_is_told_so(own):
    with pytest.raises(StudyFileError, match=r"expected nothing: YAML has no value such as \{1, 2"):
        own({1, 2}, [1, 2])
