"""Makes spreadsheets of LibreOffice (.ods) and of Excel before 2007 (.xls) for the tests."""

import struct
import zipfile
from xml.sax.saxutils import escape

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
SECTOR = 512  # bytes in a compound file
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_ods(path, rows):
    lines = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows
    )
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Codings">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", OPEN_DOCUMENT)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f'<manifest xmlns="{OASIS}:manifest:1.0"/>')
    return path


def _cell(value):
    if isinstance(value, str):
        said = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def write_xls(path, rows):
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            place = struct.pack("<HHH", y, x, 0)
            if isinstance(value, str):
                said = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                sheet += _record(0x0204, place + said)
            else:
                sheet += _record(0x0203, place + struct.pack("<d", value))
    sheet += _record(0x000A, b"")
    before = _record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    name = struct.pack("<BB", 7, 1) + "Codings".encode("utf-16-le")
    begin = len(before) + 4 + 6 + len(name) + 4  # behind this record and the end of the workbook
    before += _record(0x0085, struct.pack("<IBB", begin, 0, 0) + name) + _record(0x000A, b"")
    path.write_bytes(_compound("Workbook", before + sheet))
    return path


def _record(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


def _compound(name, stream):
    """A compound file of a single stream: its table of sectors, its folder, the stream."""
    stream = stream.ljust(4096, b"\0")  # a shorter one would lie elsewhere
    stream += b"\0" * (-len(stream) % SECTOR)
    sectors = len(stream) // SECTOR
    chain = [FAT, END, *range(3, 2 + sectors), END]
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0
    )
    header += struct.pack("<109I", 0, *[FREE] * 108)
    folder = _entry("Root Entry", 5, 1, END, 0) + _entry(name, 2, FREE, 2, len(stream))
    return header + table + folder.ljust(SECTOR, b"\0") + stream


def _entry(name, kind, child, start, size):
    said = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII36xIQ", len(said), kind, 1, FREE, FREE, child, start, size)
    return said.ljust(64, b"\0") + links
