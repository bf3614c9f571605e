"""The directive `import-account`: what each import found, wrote and set aside, and why."""

from __future__ import annotations

import json

from docutils import nodes

from analysis import paths
from analysis.book.directive import DataDirective
from analysis.book.nodes import paragraph, spoken, table
from analysis.files.textfile import texts
from analysis.raw.withheld import WITHHELD, may_be_shown
from analysis.tables import RAW
from analysis.tables.coding import IMPORTED
from analysis.wording import Wording

TOPIC = "import"
SHOWN = 12  # digits of the file's checksum; its name may tell whom it is about

Kind = tuple[str, int, int, dict[str, int]]


class ImportAccount(DataDirective):
    """{import-account}: for each import a table with a line for each kind of thing in the file."""

    def run(self):
        self.wording = Wording(self.config.study_language, TOPIC)
        path = paths.raw() / IMPORTED
        if not path.is_file():
            return [paragraph(self.wording("import.none"))]
        told = [paths.raw() / RAW[table].file for table in WITHHELD]
        told = [file for file in told if file.is_file()]
        for file in (path, *told):
            self.env.note_dependency(str(file))
        if told and not may_be_shown(paths.raw()):  # less what is shown it tells of what is not
            return [paragraph(self.wording("import.withheld"))]
        try:
            imports = json.loads(path.read_text("utf-8"))["imports"]
            read = [(_names(number, kept), _kinds(kept)) for number, kept in imports.items()]
        except (ValueError, LookupError, TypeError, AttributeError):
            raise self.error(
                f"{{{self.name}}}: {paths.shown(path)} is damaged; import again, or get it back "
                "from Git"
            ) from None
        told = [self._account(names, kinds) for names, kinds in read]
        return [*told, paragraph(self.wording("import.scope"))]

    def _account(self, names: dict[str, str], kinds: list[Kind]) -> nodes.table:
        lines = [self._line(*kind) for kind in kinds]
        header = [self.wording(f"import.{name}") for name in ("kind", "found", "written", "aside")]
        result = table(header, lines)
        result.insert(0, nodes.title("", self.wording("import.caption", **names)))
        self.options["name"] = f"tab-import-{names['number']}"
        self.add_name(result)
        return result

    def _line(self, kind: str, found: int, written: int, aside: dict[str, int]) -> list:
        numbers = [self.wording.number(number) for number in (found, written)]
        return [self.wording(f"kind.{kind}"), *numbers, [self._reasons(aside)]]

    def _reasons(self, aside: dict[str, int]) -> nodes.paragraph:
        """How many for which reason, in the language of the page where there are words."""
        said = paragraph("")
        for n, (reason, number) in enumerate(aside.items()):
            known = [key for key, entry in texts(TOPIC).items() if entry.get("en") == reason]
            words = (
                [nodes.Text(self.wording(known[0]))]
                if known
                else [spoken("en", nodes.Text(reason))]
            )
            said += [nodes.Text("; " * bool(n) + f"{self.wording.number(number)}: "), *words]
        return said


def _names(number: str, kept: dict) -> dict[str, str]:
    """What an import is called by."""
    return {"number": number, "origin": kept["origin"], "file": kept["sha256"][:SHOWN]}


def _kinds(kept: dict) -> list[Kind]:
    """The kinds of things in the file, with how many were found and written, and the reasons for
    which others were set aside.
    """
    return [
        (
            kind,
            int(about["found"]),
            int(about["written"]),
            {reason: int(number) for reason, number in about["set aside"].items()},
        )
        for kind, about in kept["kinds"].items()
    ]


def register(app) -> None:
    """Registers the directive."""
    app.add_directive("import-account", ImportAccount)
