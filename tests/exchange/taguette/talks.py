"""Codes two invented talks in a real Taguette and keeps what it exports, in this folder.

Taguette wants other versions of packages than we have, so it gets an environment of its own:

    python -m venv taguette
    taguette/bin/pip install -r tests/exchange/taguette/requirements.txt
    taguette/bin/python tests/exchange/taguette/talks.py

The exports are tested like any other file; who changes this file runs it anew.
"""

import html
import http.cookiejar
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

HERE = Path(__file__).parent
PORT = 7469
DOCUMENTS = {
    "Gespräch A": "<h1>Gespräch</h1><p>Wir brauchen 😀 &amp; wollen <b>Geld</b>.</p>"
    "<p>Größe fehlt, ja, ja.</p>",
    "Gespräch B": "<ul><li>Das Land hilft.</li><li>Die Leute nicht.</li></ul>",
}
TAGS = {
    "hemmnis": "Was hindert",
    "hemmnis.geld": "Es fehlt Geld.",
    "hilfe/land; “Bund”": "",
}
# Document, words, how often they stand before, tags.
CODED = [
    ("Gespräch A", "brauchen 😀 & wollen Geld", 0, ["hemmnis.geld"]),
    ("Gespräch A", "Größe fehlt", 0, ["hemmnis", "hemmnis.geld"]),
    ("Gespräch A", "ja", 0, ["hilfe/land; “Bund”"]),
    ("Gespräch A", "ja", 1, ["hilfe/land; “Bund”"]),
    ("Gespräch B", "Das Land hilft", 0, ["hilfe/land; “Bund”"]),
    ("Gespräch B", "Leute", 0, []),
]
EXPORTS = {
    "talks.sqlite3": "export/project.sqlite3",
    "talks.csv": "export/highlights/.csv",
    "talks.xlsx": "export/highlights/.xlsx",
    "codebook.qdc": "export/codebook.qdc",
}
BOUNDARY = "-" * 20 + "talk"


class Visitor:
    """Somebody who works in Taguette, as a browser does."""

    def __init__(self, address: str):
        self.base = address.partition("?")[0]
        self.cookies = http.cookiejar.CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))
        self.opener.open(address).read()

    def get(self, place: str) -> bytes:
        """What is at a place."""
        return self.opener.open(self.base + place).read()

    def send(self, place: str, body: bytes, kind: str) -> tuple[str, bytes]:
        """Sends something; where that leads, and what is said."""
        headers = {"Content-Type": kind, "X-XSRFToken": self.token}
        with self.opener.open(Request(self.base + place, body, headers)) as answer:
            return answer.url, answer.read()

    def tell(self, place: str, **said) -> dict:
        """Sends JSON and returns the answer."""
        answer = self.send(place, json.dumps(said).encode(), "application/json")[1]
        return json.loads(answer or "{}")

    @property
    def token(self) -> str:
        return next((one.value for one in self.cookies if one.name == "_xsrf"), "")


def upload(visitor: Visitor, project: str, name: str, page: str) -> int:
    """Adds a document; its number."""
    fields = {"name": name, "description": "", "text_direction": "LEFT_TO_RIGHT"}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="talk.html"\r\n'
        f'Content-Type: text/html\r\n\r\n<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
        f"<body>{page}</body></html>\r\n"
        f"--{BOUNDARY}--\r\n"
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    said = visitor.send(f"api/{project}/document/new", "".join(parts).encode(), kind)[1]
    return json.loads(said)["created"]


def span(text: str, words: str, before: int) -> dict[str, int]:
    """Where words lie in a text, in bytes of UTF-8."""
    at = -1
    for _ in range(before + 1):
        at = text.index(words, at + 1)
    start = len(text[:at].encode())
    return {"start_offset": start, "end_offset": start + len(words.encode())}


def work(visitor: Visitor) -> dict[str, bytes]:
    """Makes a project, codes it; its exports by name."""
    visitor.get("project/new")
    form = urlencode({"name": "Talks", "description": "", "_xsrf": visitor.token}).encode()
    address = visitor.send("project/new", form, "application/x-www-form-urlencoded")[0]
    project = re.search(r"project/\d+", address).group()
    numbers = {
        path: visitor.tell(f"api/{project}/tag/new", path=path, description=about)["id"]
        for path, about in TAGS.items()
    }
    for name, page in DOCUMENTS.items():
        place = f"api/{project}/document/{upload(visitor, project, name, page)}"
        contents = json.loads(visitor.get(f"{place}/contents"))["contents"][0]["contents"]
        text = html.unescape(re.sub("<[^>]+>", "", contents))
        for document, words, before, tags in CODED:
            if document == name:
                said = {**span(text, words, before), "tags": [numbers[tag] for tag in tags]}
                visitor.tell(f"{place}/highlight/new", **said)
    return {name: visitor.get(f"{project}/{place}") for name, place in EXPORTS.items()}


def main() -> None:
    """Runs Taguette for as long as it takes."""
    with tempfile.TemporaryDirectory() as folder:
        program = [str(Path(sys.executable).with_name("taguette")), "--no-browser"]
        program += ["--port", str(PORT), "--database", f"{folder}/taguette.sqlite3"]
        with subprocess.Popen(
            program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as server:
            try:
                line = next(line for line in server.stdout if "?token=" in line)
                for name, content in work(Visitor(line.split()[-1])).items():
                    (HERE / name).write_bytes(content)
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
