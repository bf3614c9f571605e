"""Shows the finished book on the loopback address, with a script in each page that hears of builds.

What is published has no such script: it is added to what is sent.
"""

from __future__ import annotations

import errno
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from analysis import paths
from analysis.problems import ReportedError

HOST = "127.0.0.1"
PORTS = range(8000, 8050)
NEWS = "/-/news"
SCRIPT = "/-/watched.js"
MISSING = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Not built</title><body><main>'
    "<h1>Not built</h1><p>The report has no such page now.</p></main></body></html>"
)


@dataclass
class News:
    """What open pages have to know: whether something is being built, what was wrong with it, and
    which version of the book is there, with proofs of some pages by their addresses.
    """

    building: bool = False
    trouble: str = ""
    version: str = ""
    proofs: dict[str, str] = field(default_factory=dict)
    start: str = field(default_factory=secrets.token_hex)  # pages of an earlier one load anew
    listeners: set[WebSocketHandler] = field(default_factory=set)

    def tell(self, **changed) -> None:
        """Changes what there is to know, and tells it to all who listen."""
        for name, value in changed.items():
            setattr(self, name, value)
        for listener in list(self.listeners):
            self._send(listener)

    def hear(self, listener: WebSocketHandler) -> None:
        """From now on somebody listens; what is known now is told at once."""
        self.listeners.add(listener)
        self._send(listener)

    def leave(self, listener: WebSocketHandler) -> None:
        """Somebody listens no longer."""
        self.listeners.discard(listener)

    def shown(self) -> str:
        """The version that a page is of which is sent now."""
        proofs = hashlib.sha256("".join(self.proofs.values()).encode()).hexdigest()[:16]
        return f"{self.start}-{proofs if self.proofs else ''}-{self.version}"

    def pages(self, language: str) -> list[str]:
        """The pages of an edition that somebody has open, by name."""
        edition, opened = f"/{language}/", {listener.page for listener in self.listeners}
        named = {page.removeprefix(edition) for page in opened if page.startswith(edition)}
        return sorted(page.removesuffix(".html") or "index" for page in named)

    def _send(self, listener: WebSocketHandler) -> None:
        said = {"building": self.building, "trouble": self.trouble, "version": self.shown()}
        try:
            listener.write_message(json.dumps(said))
        except WebSocketClosedError:
            self.leave(listener)


class Guarded(RequestHandler):
    """Answers only who asks for this machine by its own name: a page from elsewhere whose name
    leads here is refused, and so is one that loads something of the report into itself.
    """

    def prepare(self) -> None:
        asked = self.request.headers
        is_led = asked.get("Sec-Fetch-Mode", "navigate") == "navigate"
        is_foreign = asked.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        if self.request.host.rpartition(":")[0] not in (HOST, "localhost") or (
            is_foreign and not is_led
        ):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")


class Pages(Guarded, StaticFileHandler):
    """The files of the book; pages with the script that hears of builds."""

    def initialize(self, path: str, news: News) -> None:
        super().initialize(path, default_filename="index.html")
        self.news = news

    async def get(self, path: str, include_body: bool = True) -> None:
        self.path = self.parse_url_path(path)
        named = self.get_absolute_path(self.root, self.path)
        place = self.validate_absolute_path(self.root, named)
        if place and place.endswith(".html"):
            page = Path(place)
            proof = self.news.proofs.get(page.relative_to(self.root).as_posix())
            self._send(proof or page.read_text("utf-8"), " data-proof" if proof else "")
        elif place:
            await super().get(path, include_body)

    def write_error(self, status_code: int, **about) -> None:
        if status_code == 404:
            self._send(MISSING)
        else:
            super().write_error(status_code, **about)

    def compute_etag(self) -> None:
        """None: tornado remembers its own for as long as it runs."""

    def _send(self, page: str, about: str = "") -> None:
        if '<meta http-equiv="Content-Security-Policy"' not in page:  # it has no script at all
            before, body, after = page.rpartition("</body>")
            script = f'<script src="{SCRIPT}" data-version="{self.news.shown()}"{about}></script>'
            page = f"{before}{script}{body}{after}"
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)


class Script(Guarded):
    """The script in each page."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(Path(__file__).with_name("watched.js").read_bytes())


class Listener(Guarded, WebSocketHandler):
    """An open page. Unlike a stream of events, of which a browser bears six, any number may be."""

    def initialize(self, news: News) -> None:
        self.news = news

    def open(self) -> None:
        self.page = unquote(self.get_query_argument("page", ""))
        self.news.hear(self)

    def on_message(self, message: str | bytes) -> None:
        """Pages have nothing to say."""

    def on_close(self) -> None:
        self.news.leave(self)


@contextmanager
def serving(news: News) -> Iterator[str]:
    """Serves the book for a while, at the address that it gives. Raises ReportedError if no port is
    free.
    """
    application = Application(
        [
            (NEWS, Listener, {"news": news}),
            (SCRIPT, Script),
            (r"/(.*)", Pages, {"path": str(paths.build() / "html"), "news": news}),
        ],
        log_function=lambda _handler: None,
    )
    server, (sockets, port) = HTTPServer(application), _bound()
    server.add_sockets(sockets)
    try:
        yield f"http://{HOST}:{port}/"
    finally:
        server.stop()


def _bound() -> tuple[list, int]:
    """The first free port, and who listens there."""
    for port in PORTS:
        try:
            return bind_sockets(port, HOST), port
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise ReportedError(
        f"the ports {PORTS.start} to {PORTS.stop - 1} of this machine are all taken; stop what "
        "listens there"
    )
