"""study.yml says what a study is called, in which languages, and which notebooks it borrows."""

import pytest

from analysis import paths
from analysis.engine.runs import notebook_runs
from analysis.studyfile import About, StudyFileError, check_about, read_about


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
