"""The finished book and the window it is read in."""

import functools
import http.server
import threading
from contextlib import contextmanager

from analysis import paths

SITE = paths.build() / "html"
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.glob("*/**/*.html")
    if not {"_static", "executed"} & {*path.parts}
)
EXECUTED = sorted(
    path.relative_to(SITE).as_posix() for path in SITE.glob("*/notebooks/executed/*.html")
)
EDITIONS = sorted({path.split("/")[0] for path in PAGES})
SIZES = {"desktop": (1300, 900), "tablet": (820, 1180), "phone": (390, 844)}


def resize(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def end_headers(self):
        # styles and scripts are the same on all pages
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


@contextmanager
def served(folder):
    """The address of a folder that is served for a while."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
