"""Small invented data in the place of the large: written by code into a folder laid out as the
large data is.

The large data (real messages, published vectors) is no part of the repository; `make extra` plays
it where it lies.
What it tries is tried here first, on data that anybody may read: inert files that only look
hostile, strings that break
others.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

ABUSE = Path("data/upload_abuse/generated")
STRINGS = Path("data/vectors/strings/blns.json")
XML = '<?xml version="1.0"?>'


def write(folder: Path) -> Path:
    """Write everything below a folder; returns it."""
    abuse = folder / ABUSE
    abuse.mkdir(parents=True)
    files = hostile_files()
    for name, body in files.items():
        (abuse / name).write_bytes(body)
    rows = [{"file": name, "bytes": len(body)} for name, body in files.items()]
    (abuse / "manifest.json").write_text(json.dumps(rows), encoding="utf-8")
    (abuse / "hostile_filenames.json").write_text(json.dumps(hostile_names()), encoding="utf-8")
    (folder / STRINGS).parent.mkdir(parents=True)
    (folder / STRINGS).write_text(json.dumps(hostile_strings()), encoding="utf-8")
    return folder


def hostile_files() -> dict[str, bytes]:
    """Name and body of files as somebody might hand them in; the first three are taken, two of
    them with a flag."""
    zeros = bytes(1 << 20)
    return {
        "valid_1x1.png": png(1, 1),
        "pdf_with_js.pdf": pdf("/OpenAction 2 0 R", "<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        "pdf_embedded_file.pdf": pdf(
            "/Names<</EmbeddedFiles 2 0 R>>", "<</Type/EmbeddedFile/Length 0>>"
        ),
        "bomb_dimensions_60000x60000.png": png(60_000, 60_000),
        "bomb_100MB.zip": archive({"zeros.bin": zeros * 8}),
        "bomb_nested_1GB.zip": archive({"inner.zip": archive({"zeros.bin": zeros})}),
        "bomb_50MB.txt.gz": gzip.compress(zeros, mtime=0),
        "paths.zip": archive({"../../etc/x": b"x", "/abs": b"x", "C:\\x": b"x"}),
        "symlink.zip": archive({"link": b"/etc/passwd"}, mode=0o120777),
        "many_entries_20000.zip": archive({f"{n}": b"" for n in range(2000)}),
        "duplicate_entry.zip": archive({"a.txt": b"1"}, again=True),
        "mz_header_only.jpg": b"MZ" + bytes(62),
        "elf_header_only.pdf": b"\x7fELF" + bytes(60),
        "script.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "xxe.svg": doctype("s [<!ENTITY e SYSTEM 'file:///etc/passwd'>]", "<svg>&e;</svg>"),
        "billion_laughs.xml": doctype("l [<!ENTITY a 'l'><!ENTITY b '&a;&a;'>]", "<l>&b;</l>"),
        "gif_html_polyglot.gif": b"GIF89a/*<html><script>alert(1)</script></html>*/",
        "html_as.txt": b"<html><script>alert(1)</script></html>",
        "macro_container.docx": archive(
            {"[Content_Types].xml": b"<x/>", "word/vbaProject.bin": b"x"}
        ),
        "remote_template.docx": archive(
            {"word/_rels/settings.xml.rels": b"<r TargetMode='External'/>"}
        ),
        "truncated.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        "empty.pdf": b"",
        "utf16le_bom.txt": "编号,名称\n".encode("utf-16"),
        "gb18030_name_list.csv": "姓名,单位\n王示例,某局\n".encode("gb18030"),
        "csv_injection.csv": "编号,名称\nX1,=1+1\nX2,@SUM(A1)\nX3,+cmd\nX4,-2\n".encode(),
    }


def png(width: int, height: int) -> bytes:
    """A picture of one grey point whose head claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def doctype(declaration: str, body: str) -> bytes:
    """Return an XML file that declares entities of its own."""
    return f"{XML}<!DOCTYPE {declaration}>{body}".encode()


def pdf(catalogue: str, second: str) -> bytes:
    """A document of two objects."""
    objects = f"1 0 obj<</Type/Catalog{catalogue}>>endobj\n2 0 obj{second}endobj\n"
    return f"%PDF-1.4\n{objects}trailer<</Root 1 0 R>>\n%%EOF\n".encode()


def archive(entries: dict[str, bytes], *, mode: int = 0o100644, again: bool = False) -> bytes:
    """A zip file with entries of one mode; `again` writes the first one twice."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        warnings.simplefilter("ignore", UserWarning)  # of the name that is there twice
        for name, body in [*entries.items(), *(list(entries.items())[:1] if again else ())]:
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = mode << 16
            held.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def hostile_names() -> list[str]:
    """Names of files that mean something to a shell, a system or a reader's eye."""
    bad = (
        "../../x.pdf",
        "..\\x.pdf",
        "/etc/passwd",
        "C:\\x.pdf",
        "x\x00.pdf",
        "x\n.pdf",
        "信\u202efdp.exe",
        "-rf",
        " ",
        ".",
        "..",
        "CON",
        "aux.pdf",
        "x" * 300 + ".pdf",
        "信" * 200,
        "a/b",
        "a\\b",
        "$(id).pdf",
        "`id`.pdf",
        "x;y.pdf",
        "<b>.pdf",
        "\u200b.pdf",
        "x.pdf.",
        "x.pdf ",
        "~",
        "%2e%2e%2f",
        "x\t.pdf",
        "\ufeff.pdf",
    )
    return list(bad)


def hostile_strings() -> list[str]:
    """Strings that break programs that trust them: of markup, shells, databases, numbers,
    scripts, in several ways."""
    seeds = (
        "undefined",
        "null",
        "NaN",
        "-1",
        "1e309",
        "0x10",
        "1/0",
        "True",
        "\\",
        "\\\\",
        "'",
        '"',
        "`",
        "<>",
        "&amp;",
        "%s%n",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE users; --",
        "1' OR '1'='1",
        "$(id)",
        "`id`",
        "../../etc/passwd",
        "{{ 7*7 }}",
        "{% include 'x' %}",
        "${7*7}",
        "=1+1",
        "@SUM(A1)",
        "\u202eabc",
        "\u200b",
        "\ufeff",
        "Ω≈ç√∫",
        "ﷺ",
        "𠜎𠜱𠝹",
        "e\u0301\u0301\u0301",
        "田中さんにあげて下さい",
        "👩‍👩‍👧",
        "\x07bell",
        "\x1b[31mred",
        "a\tb",
        " ",
        "　",
        "",
    )
    ways = ("{}", "{}{}", " {} ", "“{}”", "<i>{}</i>", "({})", "{}。", "{}\u0000", "一{}二", "[{}]")
    return [way.replace("{}", seed) for way in ways for seed in seeds]
