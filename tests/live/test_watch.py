"""`make watch`: what is saved is built; open pages hear of it, and are shown as proofs before."""

import asyncio
import fcntl
import io
import json
import os
import signal
import socket
import sys
from functools import partial

import psutil
import pytest
from project import PATIENCE, become
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect
from watchfiles import Change

from analysis import paths
from analysis.engine.lock import HeldError
from analysis.live import server
from analysis.live.ready import _passed
from analysis.live.watch import Saved, Watch, _version, watch
from analysis.problems import ReportedError

PAGE = "<!DOCTYPE html><html><body><p>one</p></body></html>"
# In place of what builds: notes that a build began, and what the page says then, or what else is
# built; fails where told to.
BUILDS = """import json, pathlib, sys, time
page, log, site = map(pathlib.Path, sys.argv[1:4])
for asked in iter(sys.stdin.readline, ""):
    _, target, *only = json.loads(asked)
    words = page.read_text("utf-8")
    log.parent.mkdir(exist_ok=True)
    with log.open("a") as told:
        told.write((words if target == "book" else " ".join([target, *only[1:]])) + "\\n")
    time.sleep(0.3)
    status = int("wrong" in words or (words == "gone" and target == "notebooks"))
    if words == "taken" and log.read_text("utf-8").count("taken") == 1:
        status = int(sys.argv[4])
    if status:
        print("pages.csv, row 2, column n: wrong; expected a number", file=sys.stderr)
    (site / "en").mkdir(parents=True, exist_ok=True)
    for place in (site, site / "en") if target == "book" and not status else ():
        (place / "index.html").write_text(f"<html><body>{words}</body></html>", "utf-8")
    for stream in (sys.stdout, sys.stderr):
        print(f"\\0{status}", file=stream, flush=True)
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A folder with the places of a project, and nothing in them but one page."""
    for place in ("src", "notebooks", "book/en", "wording", "data/raw"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "book/en/index.md").write_text("one", "utf-8")
    for name in ("STUDY", "RAW", "BOOK", "BUILD", "NOTEBOOKS"):
        monkeypatch.delenv(f"COMPENDIUM_{name}", raising=False)
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tmp_path))
    return tmp_path


class Made:
    """A press that shows what the page says, and notes when it begins anew."""

    def __init__(self, page):
        self.page, self.begun, self.lives = page, 0, False
        self.runs = {"index": ["roles", "targets"], "plain": []}

    async def begin(self):
        self.begun, self.lives = self.begun + 1, True

    async def proofs(self, pages):
        words = self.page.read_text("utf-8")
        return dict.fromkeys(pages, f"<html><body>proof of {words}</body></html>")

    def stop(self):
        self.lives = False

    async def end(self):
        self.stop()


class Watched:
    """A running `make watch` whose build is a small script, and a page that listens to it."""

    def __init__(self, study):
        self.study, self.page, self.log = study, study / "book/en/index.md", study / "build/log"
        self.watch = Watch("")
        site = study / "build/html"
        self.watch.builder.command = [
            sys.executable,
            "-c",
            BUILDS,
            self.page,
            self.log,
            site,
            str(HeldError.status),
        ]
        self.press = Made(self.page)
        self.watch.presses = {"en": self.press}

    async def open(self):
        """Listens from now on."""
        await become(self.address)
        self.home = f"http://{server.HOST}:{self.address()}"
        self.heard = await self.listen()

    async def listen(self, page=""):
        """Somebody has a page open."""
        home = self.home.replace("http", "ws")
        return await websocket_connect(f"{home}{server.NEWS}?page={page}")

    async def hear(self, page):
        """What is told to who has a page open, and what the page says then."""
        news = json.loads(await self.heard.read_message())
        return news, (await self.fetch(page)).body.decode()

    def address(self):
        """The port that this process listens on."""
        listening = psutil.Process().net_connections("inet4")
        ports = [one.laddr.port for one in listening if one.status == psutil.CONN_LISTEN]
        return next((port for port in ports if port in server.PORTS), None)

    async def built(self):
        """The next news of a build that has ended."""
        while (news := json.loads(await self.heard.read_message()))["building"] or (
            news["version"].endswith("-") and not news["trouble"]
        ):
            pass
        return news

    def builds(self):
        """What each build so far found on the page."""
        return self.log.read_text("utf-8").splitlines()

    async def builds_upon(self, path):
        """Saves a file, and waits until something is built for it."""
        before = len(self.builds())
        path.write_text("x", "utf-8")
        while len(self.builds()) == before:
            await asyncio.sleep(0.02)

    async def build_of(self, path, text):
        """Saves a file, and waits until all is done that is done for it."""
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        await self.built()
        await asyncio.sleep(0.1)

    async def fetch(self, path, **headers):
        """An answer of the server, whatever its status."""
        asked = HTTPRequest(self.home + path, headers=headers, follow_redirects=False)
        return await AsyncHTTPClient().fetch(asked, raise_error=False)


def watching(study, scenario):
    """Runs a scenario beside a watch, which is ended after it."""

    async def both():
        watched = Watched(study)
        running = asyncio.create_task(watched.watch.run())
        try:
            await asyncio.wait_for(watched.open(), PATIENCE)
            await asyncio.wait_for(scenario(watched), PATIENCE)
        finally:
            watched.watch.end()
            await asyncio.wait_for(running, PATIENCE)

    asyncio.run(both())


def test_what_is_saved_is_built_and_pages_hear_of_it(study):
    async def scenario(watched):
        first = await watched.built()
        assert "one" in (await watched.fetch("/")).body.decode()
        watched.page.write_text("two", "utf-8")
        second = await watched.built()
        assert second["version"] != first["version"]
        sent = (await watched.fetch("/index.html")).body.decode()
        assert "two" in sent
        assert f'src="{server.SCRIPT}" data-version="{second["version"]}"></script></body>' in sent

    watching(study, scenario)
    assert "script" not in (study / "build/html/index.html").read_text("utf-8")


def test_an_editor_may_write_beside_and_rename(study):
    async def scenario(watched):
        await watched.built()
        beside = watched.page.with_name("index.md~")
        for words in ("two", "three"):
            beside.write_text(words, "utf-8")
            beside.replace(watched.page)
            await watched.built()
        assert watched.builds()[-1] == "three"

    watching(study, scenario)


def test_what_is_saved_during_a_build_is_not_lost(study):
    async def scenario(watched):
        await watched.built()
        watched.page.write_text("two", "utf-8")
        while len(watched.builds()) < 2:
            await asyncio.sleep(0.01)
        watched.page.write_text("three", "utf-8")  # its build has read the page before
        await watched.built()
        await watched.built()
        assert watched.builds() == ["one", "two", "three"]
        assert "three" in (await watched.fetch("/")).body.decode()

    watching(study, scenario)


def test_what_is_saved_while_somebody_else_builds_is_built_after_it(study):
    async def scenario(watched):
        await watched.built()
        lock = study / "build/.lock"
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            watched.page.write_text("two", "utf-8")
            async with asyncio.timeout(PATIENCE):
                while not json.loads(await watched.heard.read_message())["building"]:
                    pass
            await asyncio.sleep(0.1)
            assert watched.builds() == ["one"]
        assert (await watched.built())["trouble"] == ""
        assert watched.builds() == ["one", "two"]

    watching(study, scenario)


def test_a_build_that_another_one_has_forestalled_is_made_all_the_same(study):
    async def scenario(watched):
        await watched.built()
        watched.page.write_text("taken", "utf-8")
        assert (await watched.built())["trouble"] == ""
        assert watched.builds() == ["one", "taken", "taken"]

    watching(study, scenario)


def test_what_is_wrong_is_told_until_it_is_mended(study):
    async def scenario(watched):
        good = await watched.built()
        watched.page.write_text("wrong", "utf-8")
        news = await watched.built()
        assert news["trouble"] == "pages.csv, row 2, column n: wrong; expected a number"
        assert news["version"] == good["version"]
        assert "one" in (await watched.fetch("/")).body.decode()
        late = await watched.listen()
        assert json.loads(await late.read_message())["trouble"] == news["trouble"]
        watched.page.write_text("one", "utf-8")
        assert (await watched.built())["trouble"] == ""

    watching(study, scenario)


def test_a_page_of_another_edition_is_no_reason_to_read_this_one_anew(study):
    (study / "book/de").mkdir()
    (study / "book/de/index.md").write_text("x", "utf-8")

    async def scenario(watched):
        await watched.built()
        await watched.build_of(study / "book/de/index.md", "y")
        assert watched.press.begun == 1
        await watched.build_of(study / "book/fr/index.md", "x")
        assert watched.press.begun == 2
        await watched.build_of(study / "book/_toc.yml", "x")
        assert watched.press.begun == 3
        (study / "book/de/index.md").unlink()
        await watched.built()
        await watched.build_of(watched.page, "two")
        assert watched.press.begun == 4

    watching(study, scenario)


def test_what_programs_leave_is_no_reason_to_build(study):
    async def scenario(watched):
        await watched.built()
        (study / "notebooks/.ipynb_checkpoints").mkdir()
        for name in ("book/en/.#index.md", "book/en/.index.md.swp", "src/__pycache__/x.pyc",
                     "notebooks/.ipynb_checkpoints/x.ipynb", "build/html/x.html",
                     "data/processed/x.csv", "book/en/4913", "book/en/#index.md#",
                     "nohup.out"):  # fmt: skip
            path = study / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", "utf-8")
        await asyncio.sleep(0.5)
        before = len(watched.builds())
        await watched.builds_upon(study / "study.yml")
        assert before == 1

    watching(study, scenario)


def test_a_folder_that_appears_is_watched(study):
    (study / "wording").rmdir()

    async def scenario(watched):
        await watched.built()
        (study / "wording").mkdir()
        await asyncio.sleep(0.5)
        await watched.builds_upon(study / "wording/pages.yml")

    watching(study, scenario)


@pytest.mark.parametrize("way", ["exchanged", "taken away and put back"])
def test_a_folder_in_the_place_of_another_is_watched(study, way):
    raw, new = study / "data/raw", study / "new"

    async def scenario(watched):
        await watched.built()
        new.mkdir()
        raw.rename(study / "old")
        if way != "exchanged":
            await asyncio.sleep(0.5)
        new.rename(raw)
        await asyncio.sleep(0.8)
        await watched.builds_upon(raw / "units.csv")

    watching(study, scenario)


def test_what_is_saved_beside_a_build_folder_of_like_name_is_seen(study, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BUILD", str(study / "book/e"))
    assert Saved()(Change.modified, str(study / "book/en/index.md"))
    assert not Saved()(Change.modified, str(study / "book/e/html/index.html"))


def test_a_folder_named_by_a_year_is_one_that_people_save():
    assert Saved()(Change.added, str(paths.book() / "en/2025"))


@pytest.mark.parametrize("name", ["node_modules", ".idea", "4913"])
def test_a_project_may_lie_anywhere(tmp_path, monkeypatch, name):
    root = tmp_path / name / "project"
    for place in ("book/en", "wording"):
        (root / place).mkdir(parents=True)
    for variable in ("STUDY", "RAW", "BOOK", "BUILD", "NOTEBOOKS"):
        monkeypatch.delenv(f"COMPENDIUM_{variable}", raising=False)
    monkeypatch.setenv("COMPENDIUM_ROOT", str(root))
    for saved in ("book/en/index.md", "wording", "study.yml"):
        assert Saved()(Change.modified, str(root / saved)), saved
    assert not Saved()(Change.modified, str(root / "src/node_modules/x.py"))


def test_thousands_of_files_are_few_builds(study):
    async def scenario(watched):
        await watched.built()
        for number in range(3000):
            (study / f"data/raw/{number}.csv").write_text("x", "utf-8")
        await watched.built()
        await watched.builds_upon(study / "data/raw/last.csv")
        assert len(watched.builds()) <= 4

    watching(study, scenario)


def test_after_folders_have_changed_what_builds_begins_anew(study):
    """What was saved of its own code meanwhile, nobody may have heard of."""

    async def scenario(watched):
        await watched.built()
        one = watched.watch.builder.process
        (study / "wording").rmdir()
        while watched.watch.builder.process is one:
            await asyncio.sleep(0.02)

    watching(study, scenario)


def test_an_edition_that_comes_has_proofs_and_one_that_goes_has_none(study):
    async def scenario(watched):
        await watched.built()
        (study / "book/de").mkdir()
        (study / "book/de/index.md").write_text("eins", "utf-8")
        await watched.built()
        await asyncio.sleep(0.1)
        assert {*watched.watch.presses} == {"de", "en"}
        assert watched.watch.presses["de"].command[-1] == "de"
        (study / "book/de/index.md").unlink()
        await watched.built()
        await asyncio.sleep(0.1)
        assert watched.watch.presses == {"en": watched.press}

    watching(study, scenario)


def test_the_address_of_one_edition_is_that_of_its_pages(study, capsys):
    async def scenario():
        one = Watch("en")
        one.build = partial(asyncio.sleep, 0)
        running = asyncio.create_task(one.run())
        await asyncio.sleep(0.1)
        one.end()
        await running

    (study / "build").mkdir()
    asyncio.run(scenario())
    assert "/en/ as it is saved" in capsys.readouterr().out


def test_files_beside_a_folder_elsewhere_are_no_reason_to_build(study, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (study / "book").rename(home / "pages")
    (study / "book").symlink_to(home / "pages")

    async def scenario(watched):
        await watched.built()
        (home / "log").write_text("x", "utf-8")
        await asyncio.sleep(0.5)
        assert len(watched.builds()) == 1
        await watched.builds_upon(study / "dodo.py")

    watching(study, scenario)


def test_what_a_build_has_read_elsewhere_is_watched_after_it(study, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (study / "benchmarks").mkdir()
    link = study / "data/raw/links.csv"
    for path in (study / "benchmarks/values.json", home / "links.csv"):
        path.write_text("x", "utf-8")
    link.symlink_to(home / "links.csv")
    inputs = dict.fromkeys(["project:benchmarks/values.json", "raw:links.csv"], "file")
    record = {"settings": {}, "inputs": inputs, "outputs": {}, "unseen": []}

    async def scenario(watched):
        await watched.built()
        (study / "build/deps/book").mkdir(parents=True)
        (study / "build/deps/book/en.json").write_text(json.dumps(record), "utf-8")
        await watched.builds_upon(watched.page)
        await watched.built()
        await watched.built()  # as something may have been saved that was not watched yet
        for path in (study / "benchmarks/values.json", home / "links.csv"):
            (path.parent / "other").write_text("x", "utf-8")
            await asyncio.sleep(0.4)
            before = len(watched.builds())
            await watched.builds_upon(path)
            await watched.built()
            assert len(watched.builds()) == before + 1

    watching(study, scenario)


def test_a_watch_that_was_told_to_outlive_its_terminal_does(study):
    async def scenario(watched):
        await watched.built()
        os.kill(os.getpid(), signal.SIGHUP)
        await watched.builds_upon(watched.page)

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        watching(study, scenario)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_open_page_is_shown_as_a_proof_until_the_book_is_built(study):
    async def scenario(watched):
        await watched.built()
        watched.heard = await watched.listen("/en/")
        old, _ = await watched.hear("/en/")
        watched.page.write_text("two", "utf-8")
        begun, _ = await watched.hear("/en/")
        assert begun["building"]
        proof, said = await watched.hear("/en/index.html")
        assert proof["building"]
        assert proof["version"] != old["version"]
        assert "proof of two" in said
        assert " data-proof></script>" in said
        new = await watched.built()
        assert new["version"] not in (old["version"], proof["version"])
        assert "<body>two<" in (await watched.fetch("/en/")).body.decode()
        assert watched.press.begun == 1  # it reads what was saved with the next proof

    watching(study, scenario)


@pytest.mark.parametrize("saved", ["data/raw/x.csv", "notebooks/x.ipynb", "wording/x.yml"])
def test_a_proof_of_data_waits_for_notebooks(study, saved):
    async def scenario(watched):
        await watched.built()
        watched.heard = await watched.listen("/en/index.html")
        await watched.hear("/en/")
        (study / saved).write_text("x", "utf-8")
        await watched.hear("/en/")
        _, said = await watched.hear("/en/")
        assert "proof of one" in said
        await watched.built()
        assert watched.builds() == ["one", "notebooks --run=roles,targets", "one"]
        assert watched.press.begun == 2

    watching(study, scenario)


@pytest.mark.parametrize("page", ["plain", "new"])
def test_a_proof_of_a_page_without_notebooks_waits_for_tables_only(study, page):
    async def scenario(watched):
        await watched.built()
        await watched.listen(f"/en/{page}.html")
        (study / "data/raw/x.csv").write_text("x", "utf-8")
        await watched.built()
        assert watched.builds() == ["one", "data", "one"]

    watching(study, scenario)


def test_a_notebook_that_is_gone_keeps_no_book_from_being_built(study):
    async def scenario(watched):
        await watched.built()
        await watched.listen("/en/index.html")
        watched.page.write_text("gone", "utf-8")
        (study / "notebooks/x.ipynb").write_text("x", "utf-8")
        assert (await watched.built())["trouble"] == ""
        assert watched.builds()[-2:] == ["notebooks --run=roles,targets", "gone"]

    watching(study, scenario)


def test_nobody_waits_for_a_press_that_reads(study):
    async def scenario(watched):
        await watched.built()
        watched.press.runs = {}
        await watched.listen("/en/index.html")
        (study / "data/raw/x.csv").write_text("x", "utf-8")
        await watched.built()
        assert watched.builds() == ["one", "one"]

    watching(study, scenario)


def test_what_builds_loads_the_code_of_the_project_anew_when_that_is_saved(study):
    async def scenario(watched):
        await watched.built()
        one = watched.watch.builder.process
        watched.page.write_text("two", "utf-8")
        await watched.built()
        assert watched.watch.builder.process is one
        (study / "src/x.py").write_text("x", "utf-8")
        await watched.built()
        assert one.returncode is not None
        assert watched.watch.builder.lives

    watching(study, scenario)


def test_what_builds_begins_anew_if_it_was_ended(study):
    async def scenario(watched):
        await watched.built()
        watched.watch.builder.process.kill()
        await watched.watch.builder.process.wait()
        watched.page.write_text("two", "utf-8")
        assert (await watched.built())["trouble"] == ""
        assert watched.builds() == ["one", "two"]

    watching(study, scenario)


def test_what_cannot_begin_to_build_says_why(study):
    async def scenario(watched):
        await watched.built()
        watched.watch.builder.command = [sys.executable, "-c", "import nothing_such"]
        (study / "src/x.py").write_text("x", "utf-8")
        trouble = (await watched.built())["trouble"]
        assert trouble.endswith("No module named 'nothing_such'"), "it has ended by itself"

    watching(study, scenario)


def test_what_no_proof_shows_is_built_at_once(study):
    async def scenario(watched):
        await watched.built()
        watched.heard = await watched.listen("/en/index.html")
        await watched.hear("/en/")
        for name in ("src/x.py", "book/_toc.yml", "book/en/x.png", "data/raw/tables.yml"):
            (study / name).write_text("x", "utf-8")
            begun, said = await watched.hear("/en/")
            assert begun["building"]
            assert "<body>one<" in said
            assert not json.loads(await watched.heard.read_message())["building"]
        assert "notebooks" not in watched.builds()

    watching(study, scenario)


def test_nobody_waits_for_a_proof_of_a_page_that_is_not_open(study):
    async def scenario(watched):
        await watched.built()
        for page in ("/de/index.html", "/", "/english/en/x.html"):
            await watched.listen(page)
        (study / "data/raw/x.csv").write_text("x", "utf-8")
        await watched.built()
        assert watched.builds() == ["one", "one"]

    watching(study, scenario)


def test_a_proof_gives_way_to_the_last_good_page_if_the_book_is_not_built(study):
    async def scenario(watched):
        good = await watched.built()
        watched.heard = await watched.listen("/en/index.html")
        await watched.hear("/en/")
        watched.page.write_text("wrong", "utf-8")
        await watched.hear("/en/")
        _, said = await watched.hear("/en/")
        assert "proof of wrong" in said
        news, said = await watched.hear("/en/")
        assert news["trouble"]
        assert news["version"] == good["version"]
        assert "<body>one<" in said

    watching(study, scenario)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example:80"])
def test_another_host_is_refused(study, host):
    async def scenario(watched):
        await watched.built()
        for path in ("/", server.SCRIPT, server.NEWS):
            assert (await watched.fetch(path, Host=host)).code == 403

    watching(study, scenario)


def test_pages_from_elsewhere_may_lead_to_the_report_and_load_nothing_of_it(study):
    def asked(site, mode):
        return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}

    async def scenario(watched):
        await watched.built()
        for path in ("/index.html", server.SCRIPT):
            for site in ("cross-site", "same-site"):
                assert (await watched.fetch(path, **asked(site, "no-cors"))).code == 403
                assert (await watched.fetch(path, **asked(site, "navigate"))).code == 200
            answer = await watched.fetch(path, **asked("same-origin", "no-cors"))
            assert answer.code == 200
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"

    watching(study, scenario)


def test_only_pages_of_this_server_may_listen(study):
    async def scenario(watched):
        await watched.built()
        asked = HTTPRequest(
            watched.home.replace("http", "ws") + server.NEWS,
            headers={"Origin": "http://evil.example"},
        )
        with pytest.raises(Exception, match="403"):
            await websocket_connect(asked)

    watching(study, scenario)


def test_nothing_outside_the_book_is_served(study):
    (study / "build/html").mkdir(parents=True)
    (study / "secret.txt").write_text("secret", "utf-8")
    (study / "build/html/link.txt").symlink_to(study / "secret.txt")

    async def scenario(watched):
        await watched.built()
        for path in ("/../../secret.txt", "/..%2f..%2fsecret.txt", "/%2e%2e/%2e%2e/secret.txt",
                     "//etc/passwd", "/link.txt"):  # fmt: skip
            answer = await watched.fetch(path)
            assert answer.code in (403, 404)
            assert b"secret" not in answer.body

    watching(study, scenario)


def test_a_page_that_is_not_there_loads_when_it_is(study):
    watching_page = "/en/new.html"

    async def scenario(watched):
        await watched.built()
        missing = await watched.fetch(watching_page)
        assert missing.code == 404
        assert server.SCRIPT in missing.body.decode()

    watching(study, scenario)


def test_a_page_that_forbids_scripts_has_none(study):
    place = study / "build/html/executed.html"
    place.parent.mkdir(parents=True)
    place.write_text('<meta http-equiv="Content-Security-Policy" content="">', "utf-8")

    async def scenario(watched):
        await watched.built()
        assert (await watched.fetch("/executed.html")).body == place.read_bytes()
        place.write_text("<body>on Content-Security-Policy</body>", "utf-8")
        assert server.SCRIPT in (await watched.fetch("/executed.html")).body.decode()

    watching(study, scenario)


def addresses():
    """Where two servers at a time are found."""

    async def both():
        with server.serving(server.News()) as one, server.serving(server.News()) as other:
            return one, other

    return asyncio.run(both())


def test_another_port_is_taken_where_one_is_in_use():
    one, other = addresses()
    assert one != other


def test_no_free_port_is_one_clear_sentence(monkeypatch):
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(server, "PORTS", range(port, port + 1))
        with pytest.raises(ReportedError, match=f"the ports {port} to {port} .* all taken"):
            addresses()


def test_ctrl_c_ends_the_build_too(study):
    async def scenario(watched):
        await watched.built()
        builder = watched.watch.builder
        builder.command = [sys.executable, "-c", "import time; time.sleep(600)"]
        one = builder.process
        (study / "src/x.py").write_text("x", "utf-8")
        while builder.process is one or not builder.lives:
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.wait_for(builder.process.wait(), PATIENCE)

    watching(study, scenario)
    assert not [one for one in psutil.Process().children() if "sleep(600)" in str(one.cmdline())]


def test_ctrl_c_while_what_builds_begins_begins_no_build(study):
    async def scenario(watched):
        await watched.built()
        builder = watched.watch.builder
        begin = builder.begin

        async def begin_as_somebody_ends():
            os.kill(os.getpid(), signal.SIGINT)
            await watched.watch.ended.wait()
            await begin()

        builder.begin = begin_as_somebody_ends
        builder.process.kill()
        await builder.process.wait()
        watched.page.write_text("two", "utf-8")
        await watched.watch.ended.wait()

    watching(study, scenario)
    assert (study / "build/log").read_text("utf-8") == "one\n"


def test_ctrl_c_during_a_proof_begins_no_build(study):
    async def scenario(watched):
        await watched.built()

        async def proofs(_pages):
            os.kill(os.getpid(), signal.SIGINT)
            await watched.watch.ended.wait()
            return {}

        watched.press.proofs = proofs
        await watched.listen("/en/index.html")
        watched.page.write_text("two", "utf-8")
        await watched.watch.ended.wait()

    watching(study, scenario)
    assert (study / "build/log").read_text("utf-8") == "one\n"


def test_a_system_that_watches_no_more_files_is_one_clear_sentence(study, monkeypatch):
    (study / "build").mkdir()

    def refused(*_folders, **_settings):
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr("analysis.live.watch.awatch", refused)
    with pytest.raises(ReportedError, match=r"limit reached\.; .* fs\.inotify\.max_user_watches"):
        watch()


def test_another_trouble_of_the_system_is_not_called_a_limit(study, monkeypatch):
    def refused(*_folders, **_settings):
        raise PermissionError(13, "Permission denied", str(study))

    monkeypatch.setattr("analysis.live.watch.awatch", refused)
    with pytest.raises(ReportedError, match="Permission denied") as told:
        watch()
    assert "inotify" not in str(told.value)


def test_a_folder_that_goes_while_the_book_is_looked_at_is_passed_over(study, monkeypatch):
    def gone(*_):
        """As `rglob` when a folder is no longer there."""
        yield study / "book/en/index.md"
        raise FileNotFoundError

    before = _version()
    monkeypatch.setattr(type(study), "rglob", gone)
    assert _version() != before


def test_a_file_that_goes_while_the_book_is_looked_at_is_passed_over(study, monkeypatch):
    site = study / "build/html"
    site.mkdir(parents=True)
    (site / "here.html").touch()
    monkeypatch.setattr(type(site), "rglob", lambda *_: [site / "here.html", site / "gone.html"])
    version = _version()
    monkeypatch.setattr(type(site), "rglob", lambda *_: [site / "here.html"])
    assert version == _version()


def test_a_language_that_is_not_there_is_refused(study):
    (study / "book/en/index.md").touch()
    with pytest.raises(ReportedError, match="there is no language 'fr'"):
        watch("fr")
    assert not paths.build().exists()


def test_the_mark_of_the_end_is_shown_to_nobody_even_if_it_comes_in_parts():
    async def scenario():
        stream, shown = asyncio.StreamReader(), io.StringIO()
        passing = asyncio.create_task(_passed(stream, shown))
        for part in (b"done \xc3", b"\xa4\0", b"1", b"2\n"):
            stream.feed_data(part)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert await passing == ("done ä", 12)
        assert shown.getvalue() == "done ä"

    asyncio.run(scenario())
