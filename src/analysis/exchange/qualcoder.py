"""Reads the project of QualCoder: the file `data.qda` in the folder of the project."""

from __future__ import annotations

from analysis.exchange.model import NOT_KEPT, Code, Coder, Coding, Document, Passage, Project
from analysis.exchange.offsets import Page, Span, choose, plain
from analysis.exchange.opening import Database
from analysis.exchange.places import box, instant, stretch

TABLES = {"source", "code_name", "code_text"}
PERSONAL = "#####"  # what follows in a memo is for whoever wrote it
MEDIA = {"images": "picture", "audio": "audio", "video": "video"}
# Where it keeps what the tables have no place for: a table, or a column of it that may be empty.
ELSEWHERE = {
    "memos": (
        ("annotation", ""),
        ("journal", ""),
        ("source", "memo"),
        ("code_text", "memo"),
        ("code_image", "memo"),
        ("code_av", "memo"),
        ("cases", "memo"),
        ("project", "memo"),
    ),
    "cases": (("cases", ""),),
    "links": (("case_text", ""),),
    "attributes": (("attribute", ""),),
    "drawings": (("graph", ""),),
}


def read_qualcoder(base: Database, offsets: str) -> Project:
    """The project in an open database; `offsets` names how characters are counted, if asked."""
    made = Project("QualCoder")
    raw = _documents(base, made)
    _codes(base, made)
    marks = [*_texts(base, made, raw, offsets), *_pictures(base), *_recordings(base)]
    for number, (code, passage, owner) in enumerate(marks):
        if owner:
            made.coders.setdefault(owner, Coder(owner, owner))
        if passage.document not in made.documents:
            made.set_aside("codings", "their document is not in the project")
        elif f"code {code}" not in made.codes:
            made.set_aside("codings", "their code is not in the codebook")
        else:
            made.codings.append(Coding(str(number), passage, f"code {code}", owner or None))
    made.found = {
        "documents": base.count("source"),
        "codes": base.count("code_name") + base.count("code_cat"),
        "coders": len(made.coders),
        "codings": sum(map(base.count, ("code_text", "code_image", "code_av"))),
        "descriptions": base.count("code_name", "memo") + base.count("code_cat", "memo"),
    }
    for kind, places in ELSEWHERE.items():
        made.found[kind] = sum(base.count(*place) for place in places)
        made.set_aside(kind, NOT_KEPT[kind], made.found[kind])
    return made


def _documents(base: Database, made: Project) -> dict[str, str]:
    """The texts as they are, by document."""
    texts = {}
    for key, name, text, path in base.rows("source", ("#id", "name", "fulltext"), ("mediapath",)):
        medium = path.lstrip("/").replace(":", "/").partition("/")[0]
        document = str(key)
        kind = MEDIA.get(medium, "text")
        made.documents[document] = Document(document, name, plain(text) or None, kind)
        if text:
            texts[document] = text
    return texts


def _codes(base: Database, made: Project) -> None:
    """Categories are folders of codes; codes may lie below codes, too."""
    memos: list[str] = []

    def said(memo: str) -> str:
        memos.append(memo.strip())
        return memo.partition(PERSONAL)[0].strip()

    if "code_cat" in base.tables:
        for key, name, above, memo in base.rows(
            "code_cat", ("#catid", "name", "#?supercatid"), ("memo",)
        ):
            parent = None if above is None else f"category {above}"
            made.codes[f"category {key}"] = Code(
                f"category {key}", name, parent, said(memo), is_codable=False
            )
    columns = ("#cid", "name", "#?catid"), ("memo", "#?supercid")
    for key, name, category, memo, above in base.rows("code_name", *columns):
        parent = None if category is None else f"category {category}"
        parent = parent if above is None else f"code {above}"
        made.codes[f"code {key}"] = Code(f"code {key}", name, parent, said(memo))
    personal = sum(memo.startswith(PERSONAL) for memo in memos)
    why = f"they follow {PERSONAL}, as notes do that are for whoever wrote them"
    made.set_aside("descriptions", why, personal)
    if cut := sum(PERSONAL in memo for memo in memos) - personal:
        made.notices.append(f"descriptions without what follows {PERSONAL} in them: {cut:,}")


def _texts(base: Database, made: Project, raw: dict[str, str], offsets: str):
    """Codings of texts, by code, passage and coder."""
    columns = ("#cid", "#fid", "seltext", "#pos0", "#pos1", "owner")
    rows = base.rows("code_text", columns)
    spans = {
        n: Span(str(row[1]), row[3], row[4], row[2])
        for n, row in enumerate(rows)
        if str(row[1]) in raw
    }
    points = {}
    if spans:
        made.dialect, why, found = choose(raw, [*spans.values()], made.origin, offsets)
        made.notices.append(f"characters are counted as {made.dialect}: {why}")
        points = dict(zip(spans, found, strict=True))
    pages = {document: Page(plain(text)) for document, text in raw.items()}
    odd = 0
    for n, (code, source, said, start, end, owner) in enumerate(rows):
        document = str(source)
        if n in points:
            passage = pages[document].passage(document, *points[n])
            odd += bool(said) and " ".join(said.split()) != " ".join(passage.text.split())
        else:
            passage = Passage(document, start, end, text=said or None)
        yield code, passage, owner
    if odd:
        made.notices.append(f"passages whose words are not those any more that were coded: {odd:,}")


def _pictures(base: Database):
    if "code_image" in base.tables:
        columns = ("#cid", "#id", "~x1", "~y1", "~width", "~height", "owner")
        for code, source, x, y, width, height, owner, page in base.rows(
            "code_image", columns, ("#?pdf_page",)
        ):
            counted = "" if page is None else str(page + 1)  # QualCoder counts pages from 0
            corners = box(x, y, x + width, y + height, counted)
            yield code, Passage(str(source), locator=corners), owner


def _recordings(base: Database):
    if "code_av" in base.tables:
        for code, source, begin, end, owner in base.rows(
            "code_av", ("#cid", "#id", "#pos0", "#pos1", "owner")
        ):
            clip = Passage(str(source), locator=stretch(begin, end), mark=instant(begin, end))
            yield code, clip, owner
