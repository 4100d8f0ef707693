"""What a file is, at the borders of what is taken: its size, its pixels, what an archive may hold,
what a PDF may run."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from dengwen.cases.files import content_type
from dengwen.cases.files.content_type import FileError, look

GUIDE = Path(__file__).parents[2] / "docs" / "reference" / "desk.zh.md"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
MEGABYTE = 1024 * 1024


def refused(body: bytes) -> str:
    """Return why a file is not taken; "" where it is."""
    try:
        look(body)
    except FileError as error:
        return error.code
    return ""


def test_the_guide_says_how_big_and_how_many() -> None:
    size, files = content_type.MOST_BYTES // MEGABYTE, content_type.MOST_FILES
    assert f"每份 {size} MB，一次最多 {files} 份" in GUIDE.read_text(encoding="utf-8")
    assert content_type.MOST_BYTES % MEGABYTE == 0


def test_a_file_of_exactly_the_greatest_size_is_taken() -> None:
    body = PDF.ljust(content_type.MOST_BYTES, b"\n")
    assert refused(body) == ""
    assert refused(body + b"\n") == "too-large"


# --- PDF ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "active"),
    [
        (b"/Catalog", False),
        (b"/JavaScript (app.alert)", True),
        (b"/JS 5 0 R", True),
        (b"/JSON", False),  # a longer word is another one
        (b"/OpenAction<<", True),
        (b"/AA<<", True),
        (b"/Launch", True),
        (b"/EmbeddedFile", True),
        (b"/EmbeddedFiles", True),
        (b"/Filespec", True),
        (b"/RichMedia", True),
        (b"/XFA", True),
    ],
)
def test_a_pdf_that_runs_or_carries_something_is_marked(said: bytes, *, active: bool) -> None:
    assert look(PDF.replace(b"/Catalog", said)).active is active


# --- PNG ------------------------------------------------------------------------------------------
def png(width: int, height: int, *, head: bytes = b"IHDR", end: bytes = b"IEND") -> bytes:
    size = struct.pack(">II", width, height)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + head + size + b"\x08\x02\0\0\0" + end


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (1, 1, ""),
        (0, 1, "broken"),
        (1, 0, "broken"),
        (9_921, 14_031, ""),  # a whole page of A4 at 1,200 dpi
        (20_000, 10_000, ""),
        (200_000_001, 1, "pixels"),
        (99_210, 14_031, "pixels"),  # ten such pages in a row are none
    ],
)
def test_a_picture_has_a_size_that_a_scanner_makes(width: int, height: int, code: str) -> None:
    assert refused(png(width, height)) == code
    if max(width, height) < 1 << 16:  # more a JPEG cannot say
        assert refused(jpeg(width, height)) == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (png(1, 1), ""),
        (png(1, 1, head=b"IDAT"), "broken"),
        (png(1, 1, end=b""), "broken"),
        (png(1, 1, end=b"IEND" + bytes(60)), ""),  # the last thing but a few bytes
        (png(1, 1, end=b"IEND" + bytes(61)), "broken"),
    ],
)
def test_a_png_begins_with_its_head_and_ends_with_its_end(body: bytes, code: str) -> None:
    assert refused(body) == code


# --- JPEG -----------------------------------------------------------------------------------------
SOI, EOI = b"\xff\xd8", b"\xff\xd9"
APP0 = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">HBHH", 8, 8, height, width)


def jpeg(width: int, height: int, *, before: bytes = APP0, after: bytes = bytes(9) + EOI) -> bytes:
    return SOI + before + frame(width, height) + after


FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
"""Markers of frame headers; between them C4, C8 and CC mean tables and an extension (ITU-T T.81,
table B.1)."""


@pytest.mark.parametrize("marker", range(0xC0, 0xD0))
def test_every_frame_of_a_jpeg_tells_its_size_and_no_table_does(marker: int) -> None:
    body = SOI + APP0 + frame(1, 1, marker) + bytes(9) + EOI
    assert refused(body) == ("" if marker in FRAMES else "broken")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (jpeg(1, 1), ""),
        (jpeg(1, 1, before=b""), ""),  # nothing before the frame
        (jpeg(1, 1, before=APP0 + b"\xff\xff"), ""),  # filled up with FF
        (jpeg(1, 1, before=APP0 + b"\x00"), "broken"),  # out of step
        (jpeg(1, 1, after=bytes(9)), "broken"),  # no end
        (jpeg(0xFFD9, 1, after=b""), "broken"),  # a width that reads like the end is none
        (SOI + APP0 + EOI, "broken"),  # no frame
    ],
)
def test_a_jpeg_is_read_from_mark_to_mark(body: bytes, code: str) -> None:
    assert refused(body) == code


# --- DOCX -----------------------------------------------------------------------------------------
TYPES, DOCUMENT, RELS = "[Content_Types].xml", "word/document.xml", "word/_rels/settings.xml.rels"


def docx(*names: str, **bodies: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
        for name, body in bodies.items():
            archive.writestr(name, body)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ((TYPES, DOCUMENT), ""),
        ((TYPES,), "type"),
        ((DOCUMENT,), "type"),
        ((TYPES, DOCUMENT, "word/vbaProject.bin"), "macro"),
        ((TYPES, DOCUMENT, "word/VBAPROJECT.BIN"), "macro"),
    ],
)
def test_a_docx_has_its_two_parts_and_no_macro(names: tuple[str, ...], code: str) -> None:
    assert refused(docx(*names)) == code


INSIDE = b'<Relationship Type="x/oleObject" Target="a.bin"/>'


def outside(kind: str) -> bytes:
    return f'<Relationship Type="x/{kind}" Target="https://a" TargetMode="External"/>'.encode()


@pytest.mark.parametrize(
    ("relations", "code"),
    [
        (outside("hyperlink"), ""),
        (outside("attachedTemplate"), "outside"),
        (INSIDE, ""),
        (outside("hyperlink") + outside("oleObject"), "outside"),
        (outside("hyperlink") + INSIDE, ""),
    ],
)
def test_a_docx_loads_nothing_from_outside_but_may_link(relations: bytes, code: str) -> None:
    assert refused(docx(TYPES, DOCUMENT, **{RELS: relations})) == code
    # the same words in a part that no program reads as relations load nothing
    assert refused(docx(TYPES, DOCUMENT, **{"word/notes.xml": relations})) == ""


def entry(name: str, size: int = 1, packed: int = 1, mode: int = stat.S_IFREG) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.file_size, found.compress_size, found.external_attr = size, packed, mode << 16
    return found


def trapped(*entries: zipfile.ZipInfo) -> bool:
    """Say whether an archive of these entries is refused."""
    try:
        content_type._entries(entries)
    except FileError as error:
        return error.code == "archive"
    return False


def test_an_archive_has_at_most_two_thousand_entries_each_once() -> None:
    many = [entry(f"word/{n}.xml") for n in range(2_001)]
    assert not trapped(*many[:2_000])
    assert trapped(*many)
    assert trapped(many[0], many[0])


def test_an_archive_unpacks_to_at_most_ten_times_the_greatest_file() -> None:
    most = 10 * content_type.MOST_BYTES
    half = most // 2
    assert not trapped(entry("a", half, half), entry("b", half, half))
    assert trapped(entry("a", half, half), entry("b", half + 1, half))


@pytest.mark.parametrize(
    ("size", "packed", "trap"),
    [
        (200 * 5_000, 5_000, False),
        (200 * 5_000 + 1, 5_000, True),
        (200 * 1_024, 1, False),  # a small part may be packed tighter
        (200 * 1_024 + 1, 1, True),
    ],
)
def test_a_part_is_not_packed_tighter_than_documents_are(
    size: int, packed: int, *, trap: bool
) -> None:
    assert trapped(entry("word/document.xml", size, packed)) is trap


@pytest.mark.parametrize(
    ("name", "mode", "trap"),
    [
        ("word/document.xml", stat.S_IFREG, False),
        ("/etc/passwd", stat.S_IFREG, True),
        ("\\etc\\passwd", stat.S_IFREG, True),
        ("word/../../x", stat.S_IFREG, True),
        ("word\\..\\x", stat.S_IFREG, True),
        ("C:x", stat.S_IFREG, True),
        ("word/link", stat.S_IFLNK, True),
        ("word/..x", stat.S_IFREG, False),
        *((f"word/inner{end}", stat.S_IFREG, True) for end in content_type._ARCHIVES),
        *((f"word/INNER{end.upper()}", stat.S_IFREG, True) for end in content_type._ARCHIVES),
        ("word/embeddings/sheet.xlsx", stat.S_IFREG, False),  # a table in a document
        ("other/word/embeddings/sheet.xlsx", stat.S_IFREG, True),
    ],
)
def test_no_part_leads_out_of_the_archive_or_hides_another(
    name: str, mode: int, *, trap: bool
) -> None:
    assert trapped(entry(name, mode=mode)) is trap


@pytest.mark.parametrize("end", [".zip", ".docx", ".xlsx", ".jar", ".7z", ".rar", ".gz"])
def test_every_usual_archive_counts_as_one(end: str) -> None:
    assert trapped(entry(f"word/a{end}"))
