"""The process that builds for a watch: it stays, whatever becomes of what it has started."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from project import PATIENCE, become

from analysis import paths
from analysis.engine import processes
from analysis.engine.pipeline import data_step
from analysis.live.ready import Builder

ASKED = ("data", "--language=de")


def forks(process):
    """What is below a process, by what it is called with."""
    found = psutil.Process(process.pid).children(recursive=True)
    return {one: " ".join(one.cmdline()) for one in found}


def test_builds_go_on_without_what_kernels_were_forked_from_and_end_with_all_of_it(mini, capsys):
    async def scenario():
        builder = Builder()
        assert await builder.build(*ASKED) == ""
        assert "done   data" in capsys.readouterr().out
        first = builder.process
        for one, command in forks(first).items():
            if "forkserver" in command:
                os.kill(one.pid, signal.SIGKILL)
                while one.status() != psutil.STATUS_ZOMBIE:
                    await asyncio.sleep(0.01)
        mini.put("study/facts.csv", 3, "value", "many")
        assert "facts.csv, row 3, column value: 'many'" in await builder.build(*ASKED)
        mini.put("study/facts.csv", 3, "value", "12600")
        assert await builder.build(*ASKED) == ""
        assert builder.process is first
        mini.put("study/facts.csv", 3, "value", "12700")
        building = asyncio.create_task(builder.build(*ASKED))
        await become((mini.build / "running/data").exists)
        left = forks(first)
        assert len(left) > 2
        builder.stop()
        assert await building
        await builder.end()
        psutil.wait_procs(left, PATIENCE)
        assert not [one for one in left if one.is_running()]

    asyncio.run(scenario())
    assert not [*mini.build.glob("*lock*"), *mini.build.glob("*.partial")]


def test_a_build_reads_texts_anew_that_others_have_read(mini):
    texts, about = mini.book / "wording/common.yml", mini.book / "study.yml"

    async def scenario():
        builder = Builder()
        assert await builder.build(*ASKED) == ""
        texts.parent.mkdir(exist_ok=True)
        texts.write_text("language_name: {de: Deutsch, en: English, fr: Français}\n", "utf-8")
        about.write_text("title: {de: Eins, en: One, fr: Un}\n", "utf-8")
        wrong = await builder.build(*ASKED)  # the tables, in that language
        assert "has no 'fr'" in wrong
        assert "study.yml" not in wrong
        (mini.book / "fr").mkdir()
        (mini.book / "fr/index.md").write_text("# Un\n", "utf-8")
        assert await builder.build(*ASKED) == wrong, "it has pages, too"
        await builder.end()

    asyncio.run(scenario())


def test_without_kernels_to_fork_its_steps_begin_anew(mini, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_KERNEL", "plain")

    async def scenario():
        builder = Builder()
        assert await builder.build("data", "--language=de") == ""
        assert not forks(builder.process)
        await builder.end()

    asyncio.run(scenario())
    assert (mini.build / "processed/facts.csv").is_file()


def test_a_build_ends_when_the_watch_was_killed(mini):
    async def scenario():
        builder = Builder()
        building = asyncio.create_task(builder.build(*ASKED))
        await become((mini.build / "running/data").exists)
        left = [psutil.Process(builder.process.pid), *forks(builder.process)]
        builder.process.stdin.close()  # as the system does
        assert await building
        assert not psutil.wait_procs(left, PATIENCE)[1]

    asyncio.run(scenario())
    assert not (mini.build / "deps/data.json").exists()
    assert not [*mini.build.glob("*lock*"), *mini.build.glob("running")]


@pytest.mark.usefixtures("mini")
def test_who_is_ended_while_it_loads_leaves_nothing(monkeypatch):
    passing = Path(tempfile.mkdtemp(dir="/tmp"))  # the names of sockets must be short
    monkeypatch.setenv("TMPDIR", str(passing))

    async def scenario():
        builder = Builder()
        await builder.begin()
        await become(lambda: any(passing.glob("*/*")))
        await builder.end()

    asyncio.run(scenario())
    passing.rmdir()


def kill_all(process):
    os.killpg(process.pid, signal.SIGKILL)


def kill_the_build(process):
    """Its fork alone, as a system does that is short of memory."""
    (build,) = [one for one in process.children() if one.cmdline() == process.cmdline()]
    build.kill()


@pytest.mark.usefixtures("mini")
@pytest.mark.parametrize("kill", [kill_all, kill_the_build])
def test_a_build_that_is_killed_is_told_as_that_and_the_next_one_is_built(kill):
    async def scenario():
        builder = Builder()
        building = asyncio.create_task(builder.build(*ASKED))
        await become((paths.running() / "data").exists)
        kill(psutil.Process(builder.process.pid))
        told = await building
        assert told.endswith("was ended, perhaps for want of memory; save a file to build again")
        assert await builder.build(*ASKED) == ""
        await builder.end()

    asyncio.run(scenario())


def test_a_build_that_is_killed_while_it_asks_for_a_process_takes_no_later_one_with_it(
    mini, monkeypatch
):
    passing = Path(tempfile.mkdtemp(dir="/tmp"))  # the names of sockets must be short
    monkeypatch.setenv("TMPDIR", str(passing))
    running = mini.build / "running/data"

    async def begun(builder):
        building = asyncio.create_task(builder.build(*ASKED))
        await become(running.exists)
        return building

    async def scenario():
        builder = Builder()
        assert await builder.build(*ASKED) == ""
        (server,) = [one for one, said in forks(builder.process).items() if "forkserver" in said]
        server.suspend()
        mini.put("study/facts.csv", 3, "value", "12600")
        building = await begun(builder)
        (place,) = passing.glob("pymp-*/listener-*")
        with socket.socket(socket.AF_UNIX) as torn:  # as of who is killed before it has asked
            torn.connect(str(place))
        kill_the_build(psutil.Process(builder.process.pid))
        assert "was ended" in await building
        shutil.rmtree(running)
        building = await begun(builder)
        with suppress(psutil.NoSuchProcess):
            server.resume()
        assert await building == ""
        await builder.end()

    asyncio.run(scenario())


@pytest.mark.usefixtures("mini")
@pytest.mark.parametrize("error", [ConnectionRefusedError(111, "refused"), EOFError()])
def test_a_step_that_cannot_be_forked_says_why(error, monkeypatch, capsys):
    def refuse():
        """As the system says it when nobody listens, or nobody answers."""
        raise error

    context = processes.forkserver()
    refused = SimpleNamespace(Pipe=context.Pipe, Process=lambda **_: SimpleNamespace(start=refuse))
    monkeypatch.setattr(processes, "PRELOADED", [*processes.PRELOADED, processes.PAGES])
    monkeypatch.setattr(processes, "forkserver", lambda: refused)
    assert not data_step().run()
    assert "data: the process that all others are forked from was ended" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["analysis.engine.preload", "analysis.book.preload"])
def test_what_is_loaded_ahead_leaves_the_answer_to_ctrl_c_to_the_build(name):
    code = f"""import importlib, os, signal
load = importlib.import_module
importlib.import_module = lambda *given: (os.kill(os.getpid(), signal.SIGINT), load(*given))[1]
before = signal.getsignal(signal.SIGINT)
load({name!r})
print(signal.getsignal(signal.SIGINT) is before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_nothing_is_loaded_ahead_of_which_a_record_has_to_tell():
    code = """import sys
from pathlib import Path
import analysis.engine.preload
before = set(sys.modules)
import analysis.book.preload
from analysis.engine.askers import is_pythons
from analysis.engine.recorder import BELOW_PYTHON, leaves_files_to_python

files = {getattr(module, "__name__", ""): getattr(module, "__file__", None) or ""
         for name, module in sys.modules.items() if name not in before}
compiled = {name for name, file in files.items() if file.endswith(".so") and not is_pythons(file)}
assert len(compiled) > 10
print({name for name in compiled if not leaves_files_to_python(name.partition(".")[0])}
      | (BELOW_PYTHON & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
