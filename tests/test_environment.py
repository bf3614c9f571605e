"""environment.yml, pyproject.toml and requirements.lock name the same packages, and no place they
come from; Binder can use them.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

from analysis import environment, paths
from analysis.book import imprint

ROOT = paths.root()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def declared():
    texts = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    return {requirement.name: requirement for requirement in map(Requirement, texts)}


# What is called otherwise on conda-forge, where `playwright` is the library for Node.js.
ON_CONDA_FORGE = {"playwright": "playwright-python"}


def in_conda():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    pip = next(line["pip"] for line in lines if isinstance(line, dict))
    return {
        r.name: r for r in map(Requirement, [line for line in lines if isinstance(line, str)] + pip)
    }


def test_conda_environment_has_the_packages_of_the_project():
    assert set(in_conda()) - {"python", "pip", "make"} == {
        ON_CONDA_FORGE.get(name, name) for name in declared()
    }


def test_versions_agree():
    conda = in_conda()
    for name, requirement in declared().items():
        assert conda[ON_CONDA_FORGE.get(name, name)].specifier == requirement.specifier, name
    assert conda["python"].specifier == Requirement("python" + PROJECT["requires-python"]).specifier


@pytest.mark.parametrize("name", sorted(declared()))
def test_lock_pins_every_package_with_hashes(name):
    pinned = re.search(
        rf"^{re.escape(name)}==(\S+).*\\\n +--hash=sha256:[0-9a-f]{{64}}", LOCK, re.MULTILINE
    )
    assert pinned, f"{name} is not in requirements.lock; run make lock"
    assert declared()[name].specifier.contains(pinned.group(1))


def test_lock_names_no_address_or_path():
    assert not re.search(r"https?:|file:|index-url|find-links|@ ", LOCK)


def test_binder_finds_its_files_and_may_run_what_it_has_to():
    """Where there is a folder `binder` or `.binder`, Binder looks nowhere else; other files would
    make it choose another way.
    """
    others = (
        "binder",
        ".binder",
        "Dockerfile",
        "apt.txt",
        "requirements.txt",
        "runtime.txt",
        "Pipfile",
        "setup.py",
    )
    assert not [name for name in others if (ROOT / name).exists()]
    assert os.access(ROOT / "postBuild", os.X_OK)
    first, *_, last = (ROOT / "postBuild").read_text("utf-8").splitlines()
    assert first == "#!/bin/sh"
    assert last == "exec make data"
    assert {"make", "jupyterlab", "pip"} <= set(in_conda())


@pytest.mark.parametrize(
    ("said", "address"),
    {
        "https://github.com/some/thing": "https://mybinder.org/v2/gh/some/thing/HEAD?labpath=a%20b",
        "https://github.com/some/thing.git": "https://mybinder.org/v2/gh/some/thing/HEAD?labpath=a"
        "%20b",
        "https://example.org/some/thing": "",
        "[1": "",
    }.items(),
)
def test_binder_is_offered_where_the_repository_is_known(tmp_path, monkeypatch, said, address):
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    imprint.binder.cache_clear()
    whole = "authors: [{name: A}]\nversion: '1'\ndate-released: 2026-02-03\n"
    (tmp_path / "CITATION.cff").write_text(f"{whole}repository-code: {said}\n", "utf-8")
    assert imprint.binder("a b") == address
    imprint.binder.cache_clear()


def test_readme_has_the_badge_of_binder_exactly_if_the_repository_is_known():
    imprint.binder.cache_clear()
    address = imprint.binder("book/en/adapt.md")
    assert ("mybinder.org" in (ROOT / "README.md").read_text("utf-8")) == bool(address)


def workflow() -> dict:
    return yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text("utf-8"))["jobs"]


def test_workflow_runs_what_has_to_pass():
    jobs = workflow()
    steps = " ".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    needed = re.findall(r"^(make \w+)", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)
    assert needed
    assert all(command in steps for command in needed)
    assert all(job["timeout-minutes"] <= 45 for name, job in jobs.items() if name != "edits")


def test_by_night_the_workflow_makes_edits_alone_and_keeps_nobody_waiting():
    about = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text("utf-8"))
    jobs = about["jobs"]
    assert about[True]["schedule"], "`on` is a truth value in YAML 1.1"
    assert "'schedule' && '-nightly'" in about["concurrency"]["group"]
    night = jobs.pop("edits")
    assert night["if"] == "github.event_name == 'schedule'"
    assert night["timeout-minutes"] <= 120
    assert night["steps"][-1]["run"].endswith("pytest tests/engine/test_edits.py")
    assert night["steps"][-1]["env"]["EDITS"] == "300"
    assert all("github.event_name != 'schedule'" in job["if"] for job in jobs.values())


def test_workflow_makes_only_what_the_makefile_knows():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    runs = [step.get("run", "") for job in workflow().values() for step in job["steps"]]
    made = {word for run in runs if run.startswith("make ") for word in run.split()[1:]}
    assert {"pdf", "bundle", "archive"} <= made
    assert {word for word in made if "=" not in word} <= set(targets)


def test_workflow_releases_only_a_tag_of_the_version_that_is_cited():
    steps = [step.get("run", "") for step in workflow()["release"]["steps"]]
    (check,) = [run for run in steps if "CITATION.cff" in run]
    assert steps.index(check) < min(n for n, run in enumerate(steps) if "gh release create" in run)
    for tag, status in ((f"v{PROJECT['version']}", 0), ("v0", 1), (f"v{PROJECT['version']}1", 1)):
        about = os.environ | {"GITHUB_REF_NAME": tag}
        done = subprocess.run(["bash", "-ec", check], cwd=ROOT, env=about, capture_output=True)
        assert done.returncode == status


def test_files_are_checked_out_with_the_bytes_that_were_committed(tmp_path):
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("book", "data/raw", "notebooks", "src", "tests", "wording")
        for path in (ROOT / folder).rglob("*.*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    asked = ["git", "-C", tmp_path, "check-attr", "--stdin", "-z", "text", "eol"]
    names = "\0".join(files).encode()
    told = subprocess.run(asked, input=names, capture_output=True, check=True).stdout.decode()
    name, attribute, value = (told.split("\0")[n::3] for n in range(3))
    found = dict(zip(zip(name, attribute, strict=False), value, strict=False))
    for file, content in files.items():
        is_kept = b"\0" in content or b"\r\n" in content
        expected = ("unset", "unspecified") if is_kept else ("auto", "lf")
        known = found[file, "text"], found[file, "eol"]
        assert known[0] == expected[0], file
        assert is_kept or known == expected, file


def test_workflow_names_actions_by_what_they_contain_and_only_one_publication_runs():
    jobs = workflow()
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) for action in used)
    assert jobs["publish"]["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    allowed = [job for job, said in jobs.items() if "write" in said.get("permissions", {}).values()]
    assert allowed == ["publish", "release"]


def test_python_that_is_too_old_or_too_new_is_told_so(monkeypatch):
    for version in ((3, 10, 4), (3, 14, 0)):
        monkeypatch.setattr(sys, "version_info", version)
        with pytest.raises(
            environment.NotReadyError,
            match=r"needs Python 3.11, 3.12 or 3.13; .*PYTHON=python3.13`$",
        ):
            environment.check_python()


def test_set_up_in_a_folder_that_cannot_be_written_says_so(monkeypatch):
    monkeypatch.setattr(environment.os, "access", lambda *_: False)
    with pytest.raises(
        environment.NotReadyError,
        match=r"cannot be written, so no \.venv can be made in it; copy the folder",
    ):
        environment.make_anew()


def test_python_without_ensurepip_is_told_which_package_has_it(monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(environment.NotReadyError, match=r"apt install python3\.\d+-venv"):
        environment.install()


def test_conda_environment_that_lacks_packages_is_told_how_to_add_them(tmp_path, monkeypatch):
    project = tmp_path / "pyproject.toml"
    project.write_text(
        '[project]\nrequires-python = ">=3.11,<3.14"\ndependencies = ["pandas", '
        '"nobody-has-this<2"]\n',
        "utf-8",
    )
    monkeypatch.setattr(environment, "PROJECT", project)
    with pytest.raises(
        environment.NotReadyError,
        match=r"lacks nobody-has-this; `conda env update --file environment.yml`",
    ):
        environment.use_conda()
