"""From a saved file to the page in a browser while `make watch` runs: how long one waits."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from analysis import paths

TIMES = 10
# What is saved, the page that is open, the file, and the two texts that take turns in it.
CHANGES = (
    ("sentence", "cases", "book/en/cases.md", "strongly shapes", "shapes"),
    ("text of a figure", "contribution", "wording/roles.yml", "}, taken by", "}, found by"),
    ("coding", "coding", "data/raw/coding/adjudication.csv", "framework,a,exclude",
     "framework,a,include"),
)  # fmt: skip
SHOWN = "document.querySelector('script[data-version]').dataset.version"
STILL = 3  # seconds without work, after which everything is ready for the next change


def watch(study: Path, build: Path, note: Callable[[str, int, float, float], None]) -> None:
    """Saves each change TIMES times in a copy of the study, and notes the seconds of each until the
    open page shows something new, with the MiB that all processes hold as they wait for it.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("no Chromium on this machine: what `make watch` takes is not measured")
        return
    command = ["make", "-s", "-C", paths.root(), "watch", f"STUDY={study}", f"BUILD={build}"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    with tempfile.TemporaryFile() as log, sync_playwright() as playwright:
        watching = subprocess.Popen(
            command, env=own, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        )
        try:
            address = watching.stdout.readline().split()[2]
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            for kind, name, file, *texts in CHANGES:
                for i in range(TIMES):
                    memory = rest(watching.pid)
                    page.goto(f"{address}en/{name}.html")
                    page.wait_for_timeout(500)  # it hears of news
                    seconds = until_shown(page, study / file, *(texts, texts[::-1])[i % 2])
                    note(f"make watch, one {kind} saved", 1, seconds, memory)
            browser.close()
        finally:
            os.killpg(watching.pid, signal.SIGINT)
            watching.wait()


def until_shown(page: Page, file: Path, old: str, new: str) -> float:
    """Seconds from saving a file to a page that is of another version."""
    text, version = file.read_text("utf-8"), page.evaluate(SHOWN)
    assert old in text
    with page.expect_navigation(timeout=120_000):
        begin = time.perf_counter()
        file.write_text(text.replace(old, new, 1), "utf-8")
    page.wait_for_load_state("domcontentloaded")
    seconds = time.perf_counter() - begin
    assert page.evaluate(SHOWN) != version
    return seconds


def rest(pid: int) -> float:
    """Waits until nothing of a process and those below it has worked for a while; their MiB."""
    worked, since = -1.0, time.monotonic()
    while time.monotonic() - since < STILL:
        time.sleep(0.2)
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        try:
            now = sum(one.cpu_times().user + one.cpu_times().system for one in family)
        except psutil.NoSuchProcess:  # something has just ended, and so worked
            since = time.monotonic()
            continue
        if abs(now - worked) > 0.03:
            worked, since = now, time.monotonic()
    return sum(one.memory_full_info().pss for one in family) / 2**20
