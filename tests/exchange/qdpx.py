"""Makes projects of REFI-QDA for the tests, as programs write them and as none does."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

PROJECT = "urn:QDA-XML:project:1.0"


def guid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


def element(tag, content="", /, **attributes):
    said = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{tag}{said}>{content}</{tag}>" if content else f"<{tag}{said}/>"


def code(number, name, *below, description="", **attributes):
    inner = element("Description", escape(description)) if description else ""
    attributes = {"isCodable": "true"} | attributes
    return element("Code", inner + "".join(below), guid=guid(number), name=name, **attributes)


def coding(number, of, by=None):
    """The coding of that number, with the code `of`, by the user `by`."""
    user = {} if by is None else {"creatingUser": guid(by)}
    return element("Coding", element("CodeRef", targetGUID=guid(of)), guid=guid(number), **user)


def passage(number, start, end, *codings, name=""):
    said = {"name": name} if name else {}
    return element(
        "PlainTextSelection",
        "".join(codings),
        guid=guid(number),
        startPosition=start,
        endPosition=end,
        **said,
    )


def text_source(number, name, *selections, path=None, inline=None):
    inner = "" if inline is None else element("PlainTextContent", escape(inline))
    said = {} if path is None else {"plainTextPath": path}
    return element("TextSource", inner + "".join(selections), guid=guid(number), name=name, **said)


def users(*names):
    """Users whose numbers count from 1."""
    inner = "".join(element("User", guid=guid(n), name=name) for n, name in enumerate(names, 1))
    return element("Users", inner)


def project(*parts, codes=(), sources=(), origin="Some Program", namespace=PROJECT, **attributes):
    inner = "".join(parts)
    inner += element("CodeBook", element("Codes", "".join(codes))) if codes else ""
    inner += element("Sources", "".join(sources)) if sources else ""
    return '<?xml version="1.0" encoding="utf-8"?>' + element(
        "Project", inner, xmlns=namespace, name="P", origin=origin, **attributes
    )


def write(path, xml, files=None, *, inner="project.qde"):
    """A .qdpx; files: contents by name in the archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inner, xml)
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return Path(path)


TALK = "Wir brauchen Geld. Und mehr Leute.\nDas Land hilft."


def small(origin="Some Program"):
    """Two documents, three codes, two coders, four codings."""
    return project(
        users("Anna Beispiel", "Ben Muster"),
        codes=[
            code(
                10, "Hemmnisse", code(11, "Geld", description="Es fehlt Geld."), code(12, "Leute")
            ),
            code(13, "Förderung"),
        ],
        sources=[
            text_source(
                20,
                "Gespräch A",
                passage(30, 0, 18, coding(40, 11, 1), coding(41, 11, 2)),
                passage(31, 19, 34, coding(42, 12, 1)),
                path="internal://a.txt",
            ),
            text_source(
                21, "Gespräch B", passage(32, 0, 4, coding(43, 13, 2)), inline="Ja.\nNein."
            ),
        ],
        origin=origin,
        basePath="C:\\Users\\anna.beispiel\\Documents",
    )


def write_small(path):
    return write(path, small(), {"sources/a.txt": TALK})
