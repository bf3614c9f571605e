"""The invented study with hostile texts: one in every free text of its tables, codebook,
bibliography, settings and wording.

Each begins with a mark of its own, such as Q0042Z, by which it is found again in whatever is built.
"""

import csv
import json
import re
import shutil
from html.parser import HTMLParser
from itertools import count

import yaml
from project import run_in

from analysis import paths
from analysis.tables import RAW

# Marks of every language that a text may come into on its way, and letters that programs tend to
# lose.
EVERYTHING = (
    r"""<script>stolen()</script><img src=x onerror="stolen()"><b>'a'</b>">"""
    r"""<i>{{ cycler.__init__.__globals__.os.popen('touch ran') }}"""
    r"""{{ trees }}{% raw %}{x} %s %(n)d $\frac$ 5 US$ bis 7 US$ `c` *d* _e_ """
    r"""**[f](javascript:stolen())** {cite:p}`Rahmen2019` """
    "\\newline \\\\ | # :::{note} ``` <!-- g --> &lt 1&2 https://example.org/h?i=1 +j =1+1 🌳 "
    "x\u0301 שלום"
)
# The same for wording, whose texts stand in every figure; braces are doubled where words are filled
# in.
SHORT = r"<i>&lt{{7*7}}{x}$a$*b*_c_`d`%s\n"
EACH = 2  # hostile texts in every column of free text
MARK = re.compile(r"Q\d{4}Z")
# Texts that notebooks choose rows by; they are shown nowhere.
CHOSEN = {
    ("context_units", "kind"),
    ("context_units", "group"),
    ("context_units", "status"),
    ("context_items", "kind"),
}
# Patterns for numbers and dates are no texts; nor is what the parts of a text are split at.
COMPARED = {"municipality", "municipalities"}
COUNTED = ("findings", "sentence")  # in which braces hold numbers
NO_WORDING = {"literature.day", "literature.month"}


class Hostile:
    """A copy of the whole project with hostile texts, in a folder of its own; `texts`
    are those texts by mark.
    """

    def __init__(self, folder):
        self.folder, self.texts, self.kinds, self._marks = folder, {}, {}, count()
        self.site = folder / "build/html"
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("src", "notebooks", "data/raw", "book"):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in ("src", "notebooks"):
            shutil.copytree(paths.root() / name, folder / name, ignore=ignored)
        for name in ("dodo.py", "pyproject.toml", "requirements.lock"):
            shutil.copy(paths.root() / name, folder)
        shutil.copytree(paths.root() / "tests/mini/data", folder / "data/raw")
        shutil.copytree(paths.root() / "tests/mini/book", folder / "book")
        for name in ("_static", "_templates", "locale"):
            shutil.copytree(paths.root() / "book" / name, folder / "book" / name)
        for what in ("tables", "codebook", "bibliography", "settings", "wording"):
            before = set(self.texts)
            getattr(self, f"_{what}")()
            self.kinds[what] = self.texts.keys() - before

    def text(self, payload=EVERYTHING):
        """A text with a mark of its own."""
        mark = f"Q{next(self._marks):04}Z"
        self.texts[mark] = f"{mark}{payload}"
        return self.texts[mark]

    def _tables(self):
        for table, about in RAW.items():
            free = [
                name
                for name, column in about.columns.items()
                if column.is_free_text and (table, name) not in CHOSEN
            ]
            path = self.folder / "data/raw" / about.file
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            for row in rows if "consent" in about.columns else ():
                # Addresses and quotations are refused where somebody did not agree to them.
                named = {"consent": "named", "function_de": "x", "function_en": "x"}
                row |= named if "function_de" in about.columns else {"consent": "quote"}
            for name in free:
                for row in [row for row in rows if row[name] and ";" not in row[name]][:EACH]:
                    is_counted = (table, name.rpartition("_")[0]) == COUNTED
                    row[name] = self.text(
                        re.sub("[{}]", "", EVERYTHING) if is_counted else EVERYTHING
                    )
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(about.columns), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def _codebook(self):
        path = self.folder / "data/raw/coding/codebook.yml"
        _write(path, self._in_languages(yaml.safe_load(path.read_text("utf-8"))))

    def _in_languages(self, content):
        """YAML in which every text of a language is hostile."""
        if not isinstance(content, dict):
            return content
        texts = {
            key: self.text()
            for key, value in content.items()
            if key in ("de", "en") and isinstance(value, str)
        }
        return {key: texts.get(key) or self._in_languages(value) for key, value in content.items()}

    def _bibliography(self):
        """BibTeX is a language of its own: its signs are written as BibTeX has them."""
        path = self.folder / "book/references.bib"
        fields = "".join(
            f"  {name} = {{{in_bibtex(self.text())}}},\n"
            for name in ("title", "note", "publisher", "journal", "series", "address")
        )
        author = in_bibtex(self.text().replace(" and ", " "))
        path.write_text(
            path.read_text("utf-8")
            + f"\n@misc{{Hostile,\n  author = {{{{{author}}}}},\n{fields}  year = {{2020}}\n}}\n",
            "utf-8",
        )

    def _settings(self):
        path = self.folder / "book/_config.yml"
        settings = yaml.safe_load(path.read_text("utf-8")) | {
            "title": self.text(),
            "author": self.text(),
            "copyright": self.text(),
        }
        settings["html"]["favicon"] = "_static/favicon.svg"  # browsers ask for one
        prompts = {f"nb_code_prompt_{name}": self.text() for name in ("show", "hide")}
        options = {name: self.text() for name in ("search_bar_text", "toc_title")}
        styles = dict.fromkeys(("bibtex_default_style", "bibtex_reference_style"), "study_de")
        settings["sphinx"]["config"] |= {**prompts, **styles, "html_theme_options": options}
        _write(path, settings)
        contents = yaml.safe_load((self.folder / "book/_toc.yml").read_text("utf-8"))
        contents["parts"][0]["chapters"][0]["title"] = self.text()
        contents["parts"][0]["caption"] = self.text()
        _write(self.folder / "book/_toc.yml", contents)

    def _wording(self):
        for path in sorted((self.folder / "src/analysis/wording").glob("*.yml")):
            texts = yaml.safe_load(path.read_text("utf-8"))
            for key in sorted(texts.keys() - NO_WORDING):  # in the same order in every process
                texts[key] = {
                    language: text + self._worded(key) for language, text in texts[key].items()
                }
            _write(path, texts)

    def _worded(self, key):
        """A short text for the wording; in most of it, numbers and names are
        filled in between braces.
        """
        # What a study compares stands in descriptions, in which backticks mark names.
        text = self.text(SHORT.replace("`", "") if key in COMPARED else SHORT)
        return text if key.startswith("unit.") else text.replace("{", "{{").replace("}", "}}")

    def build(self):
        """Builds the report, as far as it is not built."""
        return run_in(self.folder, "doit", "-n", "2", "-P", "thread", "book")


def in_bibtex(text):
    """A text as BibTeX writes it."""
    signs = {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "-": "-{}",
        "`": "`{}",
    }
    return re.sub(
        r"-(?=-)|`(?=`)|[\\~^{}$&%#_]", lambda sign: signs.get(sign[0], rf"\{sign[0]}"), text
    )


def _write(path, content):
    path.write_text(
        yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000), "utf-8"
    )


class Page(HTMLParser):
    """The elements of a page, and its texts: those between elements, joined,
    and those of attributes; files within the page (a picture, a citation) are no text, what is
    written in a drawing stands there in lines, a shortened text ends somewhere; and nobody reads a
    script.
    """

    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self._is_unread = [], [""], False
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        self._is_unread = tag in ("text", "script")
        texts = [value for _, value in attrs if value]
        self.texts += [text for text in texts if not re.match("data:(image|text)/|.*…$", text)]
        self.texts.append("")

    def handle_endtag(self, _tag):
        self._is_unread = False
        self.texts.append("")

    def handle_data(self, data):
        if not self._is_unread:
            self.texts[-1] += data


def strings(content):
    """Every text in a JSON file, keys included."""
    if isinstance(content, dict):
        content = [*content, *content.values()]
    if isinstance(content, list):
        return [text for part in content for text in strings(part)]
    return [content] if isinstance(content, str) else []


def texts_of(path):
    """Every text of a finished file, as its readers see it."""
    if path.suffix == ".html":
        return Page(path).texts
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [cell for row in csv.reader(file) for cell in row]
    return strings(json.loads(path.read_text("utf-8")))
