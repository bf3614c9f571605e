"""A third language costs labels and prose, no code: a two-page book in Esperanto, its texts made
up from the English ones.
"""

import csv
import re
import shutil

import yaml
from project import run_in

from analysis import paths

NEW = "eo"
TITLE = "Varmo en tri komunumoj"


def translated(content):
    """Any mapping of languages gets the new one: the English text, marked."""
    if isinstance(content, dict):
        if isinstance(content.get("en"), str):
            content[NEW] = f"{content['en']} [{NEW}]" if content["en"].strip() else content["en"]
        return {key: translated(value) for key, value in content.items()}
    return [translated(value) for value in content] if isinstance(content, list) else content


def translate_table(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    english = [column for column in columns if column.endswith("_en")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, [*columns, *(f"{column[:-2]}{NEW}" for column in english)], lineterminator="\n"
        )
        writer.writeheader()
        for row in rows:
            writer.writerow(
                row
                | {
                    f"{column[:-2]}{NEW}": f"{row[column]} [{NEW}]" if row[column] else ""
                    for column in english
                }
            )


def test_a_third_language_needs_no_code(tmp_path):
    shutil.copytree(
        paths.root() / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(paths.root() / "tests/mini/data", tmp_path / "data/raw")
    shutil.copytree(
        paths.root() / "book",
        tmp_path / "book",
        ignore=shutil.ignore_patterns("de", "en", "references.bib"),
    )
    shutil.copy(paths.root() / "tests/mini/book/references.bib", tmp_path / "book")
    for file in ("dodo.py", "requirements.lock", "study.yml"):
        shutil.copy(paths.root() / file, tmp_path)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(paths.notebooks() / "codings.ipynb", tmp_path / "notebooks")

    for path in [
        *(tmp_path / "src").rglob("wording/*.yml"),
        tmp_path / "data/raw/coding/codebook.yml",
        *(tmp_path / "book").glob("_c*.yml"),
        tmp_path / "study.yml",
    ]:
        path.write_text(
            yaml.safe_dump(
                translated(yaml.safe_load(path.read_text("utf-8"))),
                allow_unicode=True,
                sort_keys=False,
            ),
            "utf-8",
        )
    about = yaml.safe_load((tmp_path / "study.yml").read_text("utf-8"))
    del about["parameters"]  # of notebooks that are not here
    (tmp_path / "study.yml").write_text(yaml.safe_dump(about, allow_unicode=True), "utf-8")
    config = yaml.safe_load((tmp_path / "book/_config.yml").read_text("utf-8"))
    for style in ("bibtex_default_style", "bibtex_reference_style"):
        config["sphinx"]["config"][style][NEW] = f"study_{NEW}"
    (tmp_path / "book/_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    for path in (tmp_path / "data/raw").rglob("*.csv"):
        translate_table(path)
    pages = {
        "index": (
            f"# {TITLE}\n\nVidu {{numref}}`fig-codings`.\n\n```{{study-figure}} codings\n```\n"
        ),
        "statements": "# Asertoj\n\n```{code-matrix}\n```\n\n```{coded-statements}\n```\n",
    }
    (tmp_path / f"book/{NEW}").mkdir()
    for name, text in pages.items():
        (tmp_path / f"book/{NEW}/{name}.md").write_text(text, "utf-8")
    toc = {
        "format": "jb-book",
        "root": "index",
        "chapters": [{"file": "statements"}, {"glob": "notebooks/*"}],
    }
    (tmp_path / "book/_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")

    done = run_in(tmp_path, "doit", "book")
    assert done.returncode == 0, done.stderr
    index = (tmp_path / f"build/html/{NEW}/index.html").read_text("utf-8")
    assert TITLE in index
    (figure,) = re.findall(r'<figure[^>]* id="fig-codings".*?</figure>', index, re.DOTALL)
    (data,) = re.findall(r'id="below-codings".*?</table>', index, re.DOTALL)
    assert f"[{NEW}]" in re.sub("<svg.*?</svg>", "", figure, flags=re.DOTALL), "its caption"
    assert f"[{NEW}]" in re.sub("<summary.*?</summary>", "", data), "its data"
    assert f"[{NEW}]" in (tmp_path / f"build/html/{NEW}/statements.html").read_text("utf-8")
