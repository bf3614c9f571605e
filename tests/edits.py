"""A small project with a book of a few lines, and edits of every kind to it, made by chance."""

import csv
import json
import random
import shutil

import yaml
from project import Project

from analysis import paths

VALUES = """from analysis.publish import Run
from analysis.drawing import style
{imports}
run = Run({run!r}, language=language{parameters})
run.save_values({value}={number} + len(run.read({table!r})){modules})"""
TABLES = ("targets", "actors", "measures", "facts")


class Edited(Project):
    """What the edits are made to; a book shows every value that a notebook saves."""

    def __init__(self, folder, seed):
        super().__init__(folder)
        for shared in ("_static", "_templates", "locale"):
            shutil.copytree(paths.root() / "book" / shared, folder / "book" / shared)
        self.random = random.Random(seed)
        self.number = 0
        self.kinds = []  # of edits that come next
        self.values, self.pages, self.modules = {}, {}, {}
        for _ in range(2):
            self.add_notebook()
        self.add_module()
        self.add_page()
        self.write(
            "case",
            "from analysis.publish import Run\nrun = Run('case', language=language, "
            "case=case)\nprint(case)",
        )
        self.lay_out()

    def one_of(self, things):
        return self.random.choice(sorted(things))

    def new(self, what):
        self.number += 1
        return f"{what}{self.number}"

    # Edits

    def edit(self):
        """One edit; returns what it was. Every kind comes once before one comes again."""
        kinds = [
            self.change_table, self.change_label, self.add_notebook, self.change_notebook,
            self.rename_notebook, self.remove_notebook, self.add_module, self.change_module,
            self.remove_module, self.change_wording, self.add_page, self.change_page,
            self.rename_page, self.remove_page, self.change_language, self.change_case,
            self.touch_everything,
        ]  # fmt: skip
        self.kinds = self.kinds or self.random.sample(kinds, len(kinds))
        kind = self.kinds.pop()
        kind()
        self.lay_out()
        return kind.__name__

    def change_table(self):
        table = self.folder / f"data/raw/study/{self.one_of(('targets', 'actors', 'measures'))}.csv"
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        column = next(
            n for n, name in enumerate(rows[0]) if name.endswith("_de") and name != "note_de"
        )
        rows[1][column] = f"anders {self.random.randrange(3)}"
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator=self.one_of(("\n", "\r\n"))).writerows(rows)

    def change_label(self):
        table = self.folder / "data/raw/study/cases.csv"
        rows = table.read_text("utf-8").splitlines()
        rows[1] = ",".join(
            [rows[1].split(",")[0], f"Region {self.random.randrange(3)}", *rows[1].split(",")[2:]]
        )
        table.write_text("\n".join(rows) + "\n", "utf-8")

    def change_case(self):
        """A case comes, or goes again; with it a run of the notebook `case`."""
        table = self.folder / "data/raw/study/cases.csv"
        rows = table.read_text("utf-8").splitlines()
        kept = [row for row in rows if not row.startswith("neu,")]
        new = ",".join(["neu", "Region Neu", "New region", *rows[2].split(",")[3:]])
        table.write_text("\n".join(kept if kept != rows else [*rows, new]) + "\n", "utf-8")

    def add_notebook(self):
        name = self.new("notebook")
        self.values[name] = (self.new("value"), self.random.randrange(9), self.one_of(TABLES), [])
        self.write_notebook(name)

    def change_notebook(self):
        if self.values:
            name = self.one_of(self.values)
            value, number, _, modules = self.values[name]
            modules = self.random.sample(sorted(self.modules), min(1, len(self.modules)))
            self.values[name] = (value, number + 1, self.one_of(TABLES), modules)
            self.write_notebook(name)

    def rename_notebook(self):
        if self.values:
            name, new = self.one_of(self.values), self.new("renamed")
            self.values[new] = self.values.pop(name)
            (self.folder / f"notebooks/{name}.ipynb").unlink()
            self.write_notebook(new)

    def remove_notebook(self):
        if len(self.values) > 1:
            name = self.one_of(self.values)
            del self.values[name]
            (self.folder / f"notebooks/{name}.ipynb").unlink()

    def add_module(self):
        self.modules[self.new("module")] = 1

    def change_module(self):
        if self.modules:
            name = self.one_of(self.modules)
            self.modules[name] = (self.modules[name] + 1) % 10

    def remove_module(self):
        """A module goes, and with it what uses it."""
        if self.modules:
            name = self.one_of(self.modules)
            del self.modules[name]
            (self.folder / f"src/analysis/{name}.py").unlink()
            for notebook, (value, number, table, modules) in self.values.items():
                if name in modules:
                    self.values[notebook] = (value, number, table, [])
                    self.write_notebook(notebook)

    def change_wording(self):
        file = self.folder / "src/analysis/wording/pages.yml"
        wording = yaml.safe_load(file.read_text("utf-8"))
        wording["editions"]["de"] = f"Ausgabe {self.random.randrange(3)}"
        file.write_text(yaml.safe_dump(wording, allow_unicode=True, sort_keys=False), "utf-8")

    def add_page(self):
        self.pages[self.new("page")] = "Text."

    def change_page(self):
        if self.pages:
            self.pages[self.one_of(self.pages)] = f"Text {self.random.randrange(99)}."

    def rename_page(self):
        if self.pages:
            self.pages[self.new("page")] = self.pages.pop(self.one_of(self.pages))

    def remove_page(self):
        if self.pages:
            del self.pages[self.one_of(self.pages)]

    def change_language(self):
        """English comes, or goes again."""
        english = self.folder / "book/en"
        if english.is_dir():
            shutil.rmtree(english)
        else:
            english.mkdir()

    def touch_everything(self):
        for path in self.folder.rglob("*"):
            path.touch()

    # What follows from them

    def write_notebook(self, name):
        value, number, table, modules = self.values[name]
        imports = "\n".join(f"from analysis.{module} import N as {module}" for module in modules)
        added = "".join(f" + {module}" for module in modules)
        self.write(
            name,
            VALUES.format(
                run=name,
                parameters="",
                imports=imports,
                value=value,
                number=number,
                table=table,
                modules=added,
            ),
        )

    def write(self, name, source):
        """As any notebook, with the title that a page needs."""
        super().write(name, source)
        file = self.folder / f"notebooks/{name}.ipynb"
        notebook = json.loads(file.read_text("utf-8"))
        notebook["cells"].insert(
            0, {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {name}"}
        )
        file.write_text(json.dumps(notebook), "utf-8")

    def lay_out(self):
        """Pages that show every value there is, modules as they are now."""
        for name, number in self.modules.items():
            path = self.folder / f"src/analysis/{name}.py"
            text = f'"""A module."""\n\nN = {number}\n'
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")
        values = "\n".join(f"{{{{ {value} }}}}" for value, *_ in self.values.values())
        for language in [
            folder for folder in (self.folder / "book").iterdir() if folder.name in ("de", "en")
        ]:
            for page in language.glob("*.md"):
                page.unlink()
            (language / "index.md").write_text(f"# Zahlen\n\n{values}\n", "utf-8")
            for name, text in self.pages.items():
                (language / f"{name}.md").write_text(f"# {name}\n\n{text}\n", "utf-8")
        toc = {
            "format": "jb-book",
            "root": "index",
            "chapters": [*({"file": name} for name in self.pages), {"glob": "notebooks/*"}],
        }
        (self.folder / "book/_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
        config = (paths.root() / "tests/mini/book/_config.yml").read_text("utf-8")
        for text in (
            "Erfunden: Hitzevorsorge in drei Gemeinden",
            "Niemand",
            "Abb. %s",
            "Tab. %s",
            "Abschnitt %s",
        ):
            config = config.replace(f'de: "{text}"', f'de: "{text}", en: "{text}"').replace(
                f"de: {text}}}", f"de: {text}, en: {text}}}"
            )
        (self.folder / "book/_config.yml").write_text(config, "utf-8")

    # Builds

    def results(self):
        """Everything that was built, but not the engine's own notes."""
        made = {}
        for top in ("build", "data/processed"):
            for path in sorted((self.folder / top).rglob("*")):
                name = path.relative_to(self.folder)
                if path.is_file() and name.parts[:2] != ("build", "deps"):
                    made[name.as_posix()] = path.read_bytes()
        return made

    def from_scratch(self, folder):
        """What the project as it is now gives when it is built elsewhere, where
        nothing was built before.
        """
        shutil.rmtree(folder, ignore_errors=True)
        ignored = shutil.ignore_patterns("build", "__pycache__")
        shutil.copytree(self.folder, folder, ignore=ignored)
        shutil.rmtree(folder / "data/processed", ignore_errors=True)
        other = object.__new__(Edited)
        other.folder, other.cold = folder, False
        done = other.make("book")[1]
        assert done.returncode == 0, done.stdout + done.stderr
        return other.results()
