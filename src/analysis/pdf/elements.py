"""Small operations on the elements of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element


def element(tag: str, text: str = "", *children: Element, **attributes: str) -> Element:
    """An element with text and children."""
    made = Element(tag, attributes)
    made.text = text
    made.extend(children)
    return made


def has_class(part: Element, name: str) -> bool:
    """Whether it has this class among its classes."""
    return name in part.get("class", "").split()


def text_of(part: Element) -> str:
    """All text in it but for footnotes, as one line; of a picture, what it is called."""
    return " ".join("".join(_texts(part)).split())


def _texts(part: Element) -> Iterator[str]:
    yield part.get("alt", "") if part.tag == "img" else part.text or ""
    for child in part:
        if not has_class(child, "mark") and not has_class(child, "note"):
            yield from _texts(child)
        yield child.tail or ""


def drop(parent: Element, unwanted: Callable[[Element], bool]) -> None:
    """Takes out every element below that is unwanted; the text behind it stays."""
    last = None
    for child in [*parent]:
        if not unwanted(child):
            drop(child, unwanted)
            last = child
            continue
        parent.remove(child)
        if last is None:
            parent.text = (parent.text or "") + (child.tail or "")
        else:
            last.tail = (last.tail or "") + (child.tail or "")


def wrap(part: Element, tag: str) -> None:
    """Puts all that is in it into one element."""
    inner = element(tag, part.text or "", *part)
    for child in [*part]:
        part.remove(child)
    part.text = ""
    part.append(inner)
