"""The process that builds for a watch: it stays, whatever becomes of what it has started."""

import asyncio
import os
import signal

import psutil

from analysis.live.ready import Builder


def forks(process):
    """What is below a process, by what it is called with."""
    found = psutil.Process(process.pid).children(recursive=True)
    return {one: " ".join(one.cmdline()) for one in found}


def test_builds_go_on_without_what_kernels_were_forked_from_and_end_with_all_of_it(mini, capsys):
    asked = ("data", "--language=de")

    async def scenario():
        builder = Builder()
        assert await builder.build(*asked) == ""
        assert "done   data" in capsys.readouterr().out
        first = builder.process
        for one, command in forks(first).items():
            if "forkserver" in command:
                os.kill(one.pid, signal.SIGKILL)
                while one.status() != psutil.STATUS_ZOMBIE:
                    await asyncio.sleep(0.01)
        mini.put("study/facts.csv", 3, "value", "many")
        assert "facts.csv, row 3, column value: 'many'" in await builder.build(*asked)
        mini.put("study/facts.csv", 3, "value", "12600")
        assert await builder.build(*asked) == ""
        assert builder.process is first
        mini.put("study/facts.csv", 3, "value", "12700")
        building = asyncio.create_task(builder.build(*asked))
        while not (mini.build / "running/data").exists():
            await asyncio.sleep(0.01)
        left = forks(first)
        assert len(left) > 2
        builder.stop()
        assert await building
        await builder.end()
        psutil.wait_procs(left, timeout=10)
        assert not [one for one in left if one.is_running()]

    asyncio.run(scenario())
    assert not [*mini.build.glob("*lock*"), *mini.build.glob("*.partial")]


def test_without_kernels_to_fork_its_steps_begin_anew(mini, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_KERNEL", "plain")

    async def scenario():
        builder = Builder()
        assert await builder.build("data", "--language=de") == ""
        assert not forks(builder.process)
        await builder.end()

    asyncio.run(scenario())
    assert (mini.build / "processed/facts.csv").is_file()
