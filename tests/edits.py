"""A small project with a book of a few lines, and edits of every kind to it, made by chance."""

import csv
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import yaml
from project import PATIENCE, Project, environment

from analysis import paths

VALUES = """from analysis.publish import Run
from analysis.drawing import style
{imports}
run = Run({run!r}, language=language{parameters})
run.save_values({value}={number} + len(run.read({table!r})){modules})"""
FIGURE = """from matplotlib.figure import Figure
from analysis.publish import Run
run = Run('drawing', language=language)
texts = {{'headline': {text!r}, 'caption': 'c', 'alt': 'a'}}
if {is_saved}:
    run.save_figure(Figure(figsize=(1, 1)), **texts, data=run.read('measures'), sources=None)"""
TABLES = ("targets", "actors", "measures", "facts")
# One page has what leads to others, and what rests on tables, codings and works.
EVIDENCE = """({place})=
# {heading}

{{cite:p}}`Rahmen2019`{figure}

```{{study-table}} facts
:columns: subject indicator display
Zahlen
```

```{{coded-statements}}
```

```{{list-of}} figure
```

```{{bibliography}}
```
"""
SHOWN = """ {numref}`fig-drawing`

```{study-figure} drawing
```"""
LONGEST = 4  # seconds until a build is interrupted


class Edited(Project):
    """What the edits are made to; a book shows every value that a notebook saves."""

    def __init__(self, folder, seed):
        super().__init__(folder)
        for shared in ("_static", "_templates", "locale"):
            shutil.copytree(paths.root() / "book" / shared, folder / "book" / shared)
        self.random = random.Random(seed)
        self.number = 0
        self.done = [seed]  # and edits and builds so far
        self.kinds = []  # of edits that come next
        self.ways = []  # of builds that come next
        self.staying = None  # process that builds, as beside a watch
        self.values, self.pages, self.modules, self.headings = {}, {}, {}, {}
        self.place, self.is_numbered, self.is_drawn = "place", True, False
        for _ in range(2):
            self.add_module()
            self.add_notebook()
            self.add_page()
        self.change_figure()
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
        """One edit. Every kind comes once before one comes again."""
        self.kinds = self.kinds or self.random.sample(KINDS, len(KINDS))
        kind = self.kinds.pop()
        kind(self)
        self.lay_out()
        self.done.append(kind.__name__)

    def change_table(self):
        table = self.folder / f"data/raw/study/{self.one_of(('targets', 'actors', 'measures'))}.csv"
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        column = next(
            n for n, name in enumerate(rows[0]) if name.endswith("_de") and name != "note_de"
        )
        rows[1][column] = self.new("anders ")
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator=self.one_of(("\n", "\r\n"))).writerows(rows)

    def change_label(self):
        table = self.folder / "data/raw/study/cases.csv"
        rows = table.read_text("utf-8").splitlines()
        rows[1] = ",".join([rows[1].split(",")[0], self.new("Region "), *rows[1].split(",")[2:]])
        table.write_text("\n".join(rows) + "\n", "utf-8")

    def change_case(self):
        """A case comes, or goes again; with it a run of the notebook `case`."""
        table = self.folder / "data/raw/study/cases.csv"
        rows = table.read_text("utf-8").splitlines()
        kept = [row for row in rows if not row.startswith("neu,")]
        new = ",".join(["neu", "Region Neu", "New region", *rows[2].split(",")[3:]])
        table.write_text("\n".join(kept if kept != rows else [*rows, new]) + "\n", "utf-8")

    def add_notebook(self):
        name, value, modules = self.new("notebook"), self.new("value"), [self.one_of(self.modules)]
        self.values[name] = (value, self.random.randrange(9), self.one_of(TABLES), modules)
        self.write_notebook(name)

    def change_notebook(self):
        name = self.one_of(self.values)
        value, number, *_ = self.values[name]
        self.values[name] = (value, number + 1, self.one_of(TABLES), [self.one_of(self.modules)])
        self.write_notebook(name)

    def rename_notebook(self):
        name, new = self.one_of(self.values), self.new("renamed")
        self.values[new] = self.values.pop(name)
        (self.folder / f"notebooks/{name}.ipynb").unlink()
        self.write_notebook(new)

    def remove_notebook(self):
        name = self.one_of(self.values)
        del self.values[name]
        (self.folder / f"notebooks/{name}.ipynb").unlink()

    def add_module(self):
        self.modules[self.new("module")] = 1

    def change_module(self):
        self.modules[self.one_of(self.modules)] += 1

    def remove_module(self):
        """A module goes, and with it what uses it."""
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
        wording["cite"]["de"] = self.new("Zitieren ")
        file.write_text(yaml.safe_dump(wording, allow_unicode=True, sort_keys=False), "utf-8")

    def add_page(self):
        self.pages[self.new("page")] = "Text."

    def change_page(self):
        self.pages[self.one_of(self.pages)] = self.new("Text ")

    def rename_page(self):
        self.pages[self.new("page")] = self.pages.pop(self.one_of(self.pages))

    def remove_page(self):
        del self.pages[self.one_of(self.pages)]

    def change_heading(self):
        name = self.one_of([*self.pages, "index", "evidence"])
        self.headings[name] = self.new("Überschrift ")

    def rename_reference(self):
        self.place = self.new("place-")

    def reorder_contents(self):
        pages = list(self.pages.items())
        self.random.shuffle(pages)
        self.pages = dict(pages)
        self.is_numbered = not self.is_numbered

    def change_figure(self):
        """A figure comes, or goes again; with it the notebook, or not."""
        self.is_drawn = not self.is_drawn
        self.write("drawing", FIGURE.format(text=self.new("Bild "), is_saved=self.is_drawn))
        if not self.is_drawn and self.random.random() < 0.5:
            (self.folder / "notebooks/drawing.ipynb").unlink()

    def change_fact(self):
        self.replace("data/raw/study/facts.csv", r"(?<=Street trees,)\d+", self.new(""))

    def change_coding(self):
        """What was decided of a code, and how certain one is, is other than before."""
        other = {"include": "exclude", "exclude": "include"}
        decided = r"\w+(?=,Warnungen)"
        self.replace("data/raw/coding/adjudication.csv", decided, lambda old: other[old[0]])
        table = self.folder / "data/raw/coding/codings_a.csv"
        rows = table.read_text("utf-8").splitlines()
        number = self.random.randrange(1, len(rows))
        rows[number] = f"{rows[number][:-1]}{int(rows[number][-1]) % 3 + 1}"
        table.write_text("\n".join(rows) + "\n", "utf-8")

    def rename_code(self):
        old, new = r"topic\.health\d*", self.new("topic.health")
        for path in sorted(self.folder.glob("data/raw/**/*.*")):
            if re.search(old, path.read_text("utf-8")):
                self.replace(path, old, new)

    def change_bibliography(self):
        old, new = r"Rahmenplan Hitze ?\d*", self.new("Rahmenplan Hitze ")
        self.replace("book/references.bib", old, new)

    def change_template(self):
        template = self.one_of(self.folder.glob("book/_templates/*.html"))
        with template.open("a", encoding="utf-8") as file:
            file.write(f"<!-- {self.new('')} -->\n")

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

    def interrupt(self):
        """A build is begun and broken off."""
        build = self.start("doit", "-n", "2", "-P", "thread", "book")
        time.sleep(LONGEST * self.random.random())
        build.send_signal(signal.SIGINT)
        build.communicate(timeout=PATIENCE)

    def replace(self, file, old, new):
        path = self.folder / file
        text = path.read_text("utf-8")
        changed = re.sub(old, new, text)
        assert changed != text
        path.write_text(changed, "utf-8")

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
            texts = {"index": f"{{{{ trees }}}}\n{values}", **self.pages}
            for name, text in texts.items():
                heading = self.headings.get(name, name)
                text = f"# {heading}\n\n{text}\n\n[](#{self.place})\n"
                (language / f"{name}.md").write_text(text, "utf-8")
            evidence = EVIDENCE.format(
                place=self.place,
                heading=self.headings.get("evidence", "evidence"),
                figure=SHOWN if self.is_drawn else "",
            )
            (language / "evidence.md").write_text(evidence, "utf-8")
        chapters = [{"file": name} for name in (*self.pages, "evidence")]
        toc = {
            "format": "jb-book",
            "root": "index",
            "parts": [
                {"numbered": self.is_numbered, "chapters": chapters},
                {"chapters": [{"glob": "notebooks/*"}]},
            ],
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

    def build(self):
        """Brings the book up to date, in one of two ways by chance."""
        both = [self.build_anew, self.build_in_staying_process]
        self.ways = self.ways or self.random.sample(both, len(both))
        way = self.ways.pop()
        self.done.append(way.__name__)
        wrong = way()
        assert not wrong, (self.done, wrong)

    def build_anew(self):
        done = self.make("book")[1]
        return done.stdout + done.stderr if done.returncode else ""

    def build_in_staying_process(self):
        """As a watch does it."""
        if not self.staying:
            self.staying = subprocess.Popen(
                [sys.executable, "-m", "analysis", "builds"],
                cwd=self.folder,
                env=environment(self.folder, KERNELS=str(self.folder.with_suffix(".kernels"))),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        print(json.dumps(["build", "book"]), file=self.staying.stdin, flush=True)
        said = []
        while sum("\0" in line for line in said) < 2:  # the end of each stream
            said.append(self.staying.stdout.readline())
            assert said[-1], said
        return "" if "\x000\n" in said else "".join(said)

    def close(self):
        """Ends the process that stays."""
        if self.staying:
            self.staying.communicate()  # it ends with its input

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
        wrong = other.build_anew()
        assert not wrong, wrong
        return other.results()


KINDS = (
    Edited.change_table, Edited.change_label, Edited.change_fact, Edited.change_coding,
    Edited.rename_code, Edited.change_bibliography, Edited.change_wording, Edited.change_template,
    Edited.add_notebook, Edited.change_notebook, Edited.rename_notebook, Edited.remove_notebook,
    Edited.add_module, Edited.change_module, Edited.remove_module, Edited.change_figure,
    Edited.add_page, Edited.change_page, Edited.change_heading, Edited.rename_page,
    Edited.remove_page, Edited.rename_reference, Edited.reorder_contents, Edited.change_language,
    Edited.change_case, Edited.touch_everything, Edited.interrupt,
)  # fmt: skip
