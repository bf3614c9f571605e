"""`make watch`: what is saved is built, and pages hear of it."""

import asyncio
import json
import os
import signal
import socket
import sys

import psutil
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from analysis import paths
from analysis.live import server
from analysis.live.watch import Watch, watch
from analysis.problems import ReportedError

PAGE = "<!DOCTYPE html><html><body><p>one</p></body></html>"
# In place of a build: notes that it began, and what the page says then; fails where told to.
BUILD = """import os, pathlib, sys, time
page, log, site = map(pathlib.Path, sys.argv[1:])
words = page.read_text("utf-8")
log.parent.mkdir(exist_ok=True)
with log.open("a") as told:
    told.write(words + "\\n")
time.sleep(0.3)
if "wrong" in words:
    sys.exit("pages.csv, row 2, column n: wrong; expected a number")
site.mkdir(parents=True, exist_ok=True)
(site / "index.html").write_text(f"<html><body>{words}</body></html>", "utf-8")
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


class Watched:
    """A running `make watch` whose build is a small script, and a page that listens to it."""

    def __init__(self, study):
        self.study, self.page, self.log = study, study / "book/en/index.md", study / "build/log"
        self.watch = Watch("")
        site = study / "build/html"
        self.watch.command = [sys.executable, "-c", BUILD, self.page, self.log, site]

    async def open(self):
        """Listens from now on."""
        while not (address := self.address()):
            await asyncio.sleep(0.02)
        self.home = f"http://{server.HOST}:{address}"
        self.heard = await websocket_connect(self.home.replace("http", "ws") + server.NEWS)

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
            await asyncio.wait_for(watched.open(), 10)
            await asyncio.wait_for(scenario(watched), 30)
        finally:
            watched.watch.end()
            await asyncio.wait_for(running, 10)

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


def test_what_is_wrong_is_told_until_it_is_mended(study):
    async def scenario(watched):
        good = await watched.built()
        watched.page.write_text("wrong", "utf-8")
        news = await watched.built()
        assert news["trouble"] == "pages.csv, row 2, column n: wrong; expected a number"
        assert news["version"] == good["version"]
        assert "one" in (await watched.fetch("/")).body.decode()
        late = await websocket_connect(watched.home.replace("http", "ws") + server.NEWS)
        assert json.loads(await late.read_message())["trouble"] == news["trouble"]
        watched.page.write_text("one", "utf-8")
        assert (await watched.built())["trouble"] == ""

    watching(study, scenario)


def test_what_programs_leave_is_no_reason_to_build(study):
    async def scenario(watched):
        await watched.built()
        (study / "notebooks/.ipynb_checkpoints").mkdir()
        for name in ("book/en/.#index.md", "book/en/.index.md.swp", "src/__pycache__/x.pyc",
                     "notebooks/.ipynb_checkpoints/x.ipynb", "build/html/x.html",
                     "data/processed/x.csv"):  # fmt: skip
            path = study / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", "utf-8")
        await asyncio.sleep(0.5)
        before = len(watched.builds())
        (study / "study.yml").write_text("title: x", "utf-8")
        while len(watched.builds()) == before:
            await asyncio.sleep(0.02)
        assert before == 1

    watching(study, scenario)


def test_a_folder_that_appears_is_watched(study):
    (study / "wording").rmdir()

    async def scenario(watched):
        await watched.built()
        (study / "wording").mkdir()
        await asyncio.sleep(0.5)
        before = len(watched.builds())
        (study / "wording/pages.yml").write_text("x", "utf-8")
        while len(watched.builds()) == before:
            await asyncio.sleep(0.02)

    watching(study, scenario)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example:80"])
def test_another_host_is_refused(study, host):
    async def scenario(watched):
        await watched.built()
        for path in ("/", server.SCRIPT, server.NEWS):
            assert (await watched.fetch(path, Host=host)).code == 403

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
        watched.watch.command = [sys.executable, "-c", "import time; time.sleep(600)"]
        watched.page.write_text("two", "utf-8")
        while (
            "600" not in str(watched.watch.command) or watched.watch.process.returncode is not None
        ):
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.wait_for(watched.watch.process.wait(), 10)

    watching(study, scenario)
    assert not [one for one in psutil.Process().children() if "sleep(600)" in str(one.cmdline())]


def test_a_system_that_watches_no_more_files_is_one_clear_sentence(study, monkeypatch):
    (study / "build").mkdir()

    def refused(*_folders, **_settings):
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr("analysis.live.watch.awatch", refused)
    with pytest.raises(ReportedError, match=r"limit reached\.; .* fs\.inotify\.max_user_watches"):
        watch()


def test_a_language_that_is_not_there_is_refused(study):
    (study / "book/en/index.md").touch()
    with pytest.raises(ReportedError, match="there is no language 'fr'"):
        watch("fr")
    assert not paths.build().exists()
