"""What can be asked for on the command line: `python -m analysis --help`; `make` asks for the same.

A command is a function in the room of what it calls, imported when it is asked for.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from importlib import import_module

from analysis.engine import lock
from analysis.engine.folders import check_folders
from analysis.patches.loading import skip_slow_imports
from analysis.problems import ReportedError, said
from analysis.studyfile import check_about

NOTEBOOKS = {"nargs": "?", "default": "", "help": "only notebooks with this in their name"}
STEPS = {"nargs": "?", "default": "", "help": "only steps with this in their name"}


@dataclass(frozen=True)
class Command:
    """What can be asked for.

    does: the function, as `module.function` of this package; it returns an exit status, or
    nothing. said: what it does, for --help. takes: its arguments, as argparse has them.
    of_study: whether it needs all folders of a study. builds: whether it makes something of it in
    the build folder, into which nobody else may write meanwhile.
    """

    does: str
    said: str
    takes: dict[str, dict] = field(default_factory=dict)
    of_study: bool = False
    builds: bool = False

    def __call__(self, **asked) -> int:
        module, _, function = self.does.rpartition(".")
        return getattr(import_module(f"analysis.{module}"), function)(**asked) or 0


COMMANDS = {
    "check": Command("checking.check", "Lists every problem of the study's tables.", of_study=True),
    "build": Command(
        "engine.building.build",
        "Brings the tidy tables, the notebooks, the whole book or it and its PDF up to date.",
        {
            "target": {"choices": ("data", "notebooks", "book", "pdf"), "help": "how far to go"},
            "--language": {"default": "", "help": "only this edition"},
            "--run": {"default": "", "help": NOTEBOOKS["help"]},
        },
    ),
    "watch": Command(
        "live.watch.watch",
        "Builds the report, shows it in a browser of this machine, and does so again with each "
        "saved file, until Ctrl-C.",
        {"--language": {"default": "", "help": "only this edition"}},
        of_study=True,
    ),
    "proofs": Command(
        "live.proofs.make_proofs",
        "Reads one edition and makes proofs of the pages it is asked for, for `watch`.",
        {"language": {"help": "the edition: a folder of pages"}},
        of_study=True,
    ),
    "builds": Command(
        "live.builds.make_builds",
        "Builds what it is told to, with all loaded that a build needs, for `watch`.",
        of_study=True,
    ),
    "why": Command(
        "why.why",
        "Lists the steps and, for each that is due, what has changed.",
        {"run": STEPS},
        of_study=True,
    ),
    "twice": Command(
        "engine.twice.twice",
        "Runs notebooks twice and names what differs from one time to the other.",
        {"run": NOTEBOOKS},
        of_study=True,
    ),
    "import": Command(
        "exchange.reading.import_project",
        "Reads a project or export of a program for coding into the study's raw tables. Everything "
        "in the file is accounted for: written, or set aside with the reason. Imported again, it "
        "updates the tables; another file adds to them; what people added stays.",
        {
            "file": {
                "nargs": "?",
                "default": "",
                "help": "a project or codebook of REFI-QDA (.qdpx, .qde, .qdc), a project of "
                "QualCoder (its folder, or .qda) or Taguette (.sqlite3), or a table of codings "
                "(.csv, .tsv, .xlsx, .xls, .ods), as ATLAS.ti, MAXQDA, OpenQDA, QualCoder, "
                "Taguette and zotQDA export it; for any other table a file is proposed that says "
                "what its columns mean",
            },
            "--dry-run": {
                "action": "store_true",
                "help": "show what would change, and change nothing",
            },
            "--replace": {
                "action": "store_true",
                "help": "let the file take the place of what was imported before of the same "
                "coders and interviews, or under its name, whose rows go",
            },
            "--remove": {
                "default": "",
                "metavar": "NUMBER",
                "help": "remove the import of this number instead; each import tells its own",
            },
            "--coder": {
                "default": "",
                "metavar": "NAME",
                "help": "the name under which the codings of the file are to be published; of "
                "several coders their names in the order of the file, separated by commas. "
                "Remembered for the next time",
            },
            "--offsets": {
                "default": "",
                "choices": ("", "codepoints", "codepoints-crlf", "utf16", "utf16-crlf"),
                "metavar": "WAY",
                "help": "how the program counts characters, if the file does not tell: codepoints "
                "or utf16, of which an emoji has two, or these with -crlf, where a line end of "
                "Windows counts twice",
            },
            "--consent": {
                "default": "paraphrase",
                "choices": ("quote", "paraphrase", "aggregate"),
                "help": "to each passage, `paraphrase` if not said; only with `quote` its words "
                "are copied",
            },
        },
    ),
    "export": Command(
        "exchange.export.export",
        "Writes codebook, statements, codings and coders as a project of REFI-QDA. Only what may "
        "be shown is in it: of people who agreed, in the words of the tables.",
        {
            "file": {"help": "where to, NAME.qdpx"},
            "--language": {
                "default": "",
                "help": "of labels and statements; the first, if not said",
            },
        },
        of_study=True,
    ),
    "anchors": Command(
        "anchors.anchors",
        "Checks with a copy of a source that every passage is where its anchor says; for a study "
        "without anchors makes them from its text.",
        {
            "source": {
                "help": "the text in UTF-8, or a folder with a transcript INTERVIEW.txt of each"
            }
        },
        of_study=True,
    ),
    "withdraw": Command(
        "withdrawal.withdraw",
        "Shows what would change if an interview were withdrawn, and changes nothing.",
        {"interview": {"nargs": "?", "default": "", "help": "its id"}},
        of_study=True,
    ),
    "new": Command(
        "scaffold.new",
        "Writes a small study, a notebook or a table to begin with, and overwrites nothing.",
        {
            "what": {"choices": ("study", "notebook", "table"), "help": "what to begin"},
            "name": {
                "nargs": "?",
                "default": "",
                "help": "of the notebook or table; the folder",
            },
            "--table": {"default": "", "help": "whose numbers the notebook draws"},
        },
    ),
    "strip": Command(
        "engine.clearing.clear_outputs",
        "Takes the outputs out of the notebooks, as they are committed without.",
    ),
    "manifest": Command(
        "manifest.write_manifest",
        "Writes the digests of all results into manifest.json, for a release.",
        of_study=True,
        builds=True,
    ),
    "verify": Command(
        "manifest.verify", "Says what has become of everything in the release's manifest."
    ),
    "compare": Command(
        "compare.comparing.compare",
        "Shows what differs from another version: numbers, findings, figures, rows and texts, side "
        "by side on a page for each language, and all of it as JSON.",
        {
            "version": {
                "metavar": "with",
                "help": "a folder with a build or a site, or a revision that Git knows, which is "
                "built below the build folder",
            }
        },
        of_study=True,
        builds=True,
    ),
    "metadata": Command(
        "deposit.write_metadata",
        "Writes what archives, indexes and reviewers read of the compendium, from CITATION.cff.",
    ),
    "bundle": Command(
        "archive.bundle",
        "Packs the finished book as one file, which opens without a network or a server.",
        of_study=True,
        builds=True,
    ),
    "archive": Command(
        "archive.archive",
        "Packs the project of a release, its data and its book as one file, to be deposited.",
        of_study=True,
        builds=True,
    ),
    "cluster": Command(
        "engine.cluster.serve",
        "Runs a Dask cluster on this machine until Ctrl-C.",
        {
            "workers": {
                "nargs": "?",
                "type": int,
                "help": "as many as there are processors, if not given",
            }
        },
    ),
    "data": Command(
        "checking.data",
        "Writes all tidy tables and the data package, or nothing if the raw data has a problem.",
        {"folder": {"nargs": "?", "default": "", "help": "where to; the study's, if not said"}},
        builds=True,
    ),
    "book": Command(
        "book.staging.build_book",
        "Puts the report of one language together.",
        {
            "language": {"help": "the edition: a folder of pages"},
            "--pdf": {"action": "store_true", "help": "and its PDF"},
        },
        of_study=True,
        builds=True,
    ),
    "landing": Command(
        "book.landing.write_landing_page",
        "Writes the page that leads to the editions.",
        builds=True,
    ),
}


class Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with a call."""

    def error(self, message: str) -> None:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` explains\n")


def main(arguments: list[str], is_step: bool = False) -> int:
    """Runs one command; its exit status: 1 if something is wrong with the study or the
    disk, 2 if with the call, 75 if another build has to end first.

    is_step: whether a build calls, which has looked at the study and holds its folder.
    """
    asked = vars(_parser().parse_args(arguments))
    command = COMMANDS[asked.pop("command")]
    skip_slow_imports()
    try:
        if not is_step:
            check_about()
            if command.of_study:
                check_folders(to_build=command.builds)
            if command.builds:
                lock.hold_build_folder()
        return command(**asked)
    except ReportedError as error:
        print(error, file=sys.stderr)
        return error.status
    except OSError as error:
        print(said(error), file=sys.stderr)
        return 1
    finally:
        lock.let_go()


def _parser() -> Parser:
    """What each command takes."""
    parser = Parser(
        prog="python -m analysis",
        description="The reproducible report, from raw tables to pages.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=Parser
    )
    for name, command in COMMANDS.items():
        summary = f"{command.said.partition('. ')[0].rstrip('.')}."
        one = commands.add_parser(name, help=summary, description=command.said, allow_abbrev=False)
        for argument, settings in command.takes.items():
            one.add_argument(argument, **settings)
    return parser
