"""What a file is, judged by its content alone: PDF, JPEG, PNG or DOCX, up to 20 MB; traps are
refused unopened.

`held_files` keeps what was looked at here.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20
MOST_PIXELS = 200_000_000
"""A page scanned at 1,200 dpi has about 140 million; more is a trap for whoever opens it."""
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
_ACTIVE_PDF = re.compile(
    rb"/(JavaScript|JS|OpenAction|AA|Launch|EmbeddedFiles?|Filespec|RichMedia|XFA)\b"
)
_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ARCHIVES = (".zip", ".docx", ".xlsx", ".jar", ".7z", ".rar", ".gz")


class FileError(ValueError):
    """A file that is not taken: why, and the mend, in both languages."""

    def __init__(self, code: str, zh: str, en: str, mend_zh: str, mend_en: str) -> None:
        self.code, self.zh, self.en, self.mend_zh, self.mend_en = code, zh, en, mend_zh, mend_en
        super().__init__(f"{zh}。{mend_zh}。/ {en}. {mend_en}.")


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as looked at: its bytes, digest, type, and whether it can run something when
    opened."""

    body: bytes
    digest: str
    extension: str
    active: bool


def look(body: bytes) -> Looked:
    """Say what a file is by its content; FileError where it is none of the four types, too
    large, cut or a trap."""
    if not body:
        raise FileError(
            "empty", "文件是空的", "the file is empty", "重新选择文件", "choose the file again"
        )
    if len(body) > MOST_BYTES:
        raise FileError(
            "too-large",
            f"文件超过 {MOST_BYTES >> 20} MB",
            f"the file is over {MOST_BYTES >> 20} MB",
            "压缩图片或者分成几个文件",
            "make the pictures smaller, or split the file",
        )
    for extension, begins, check in _TYPES:
        if body.startswith(begins):
            return Looked(body, hashlib.sha256(body).hexdigest(), extension, check(body))
    raise FileError(
        "type",
        "不是 PDF、JPEG、PNG 或者 DOCX（按内容判断，不看文件名）",
        "it is no PDF, JPEG, PNG or DOCX (judged by content, not by name)",
        "转换成 PDF 再交",
        "convert it to PDF",
    )


def _cut(zh: str, en: str) -> FileError:
    return FileError("broken", zh, en, "重新扫描或者另存一份", "scan or save it again")


def _pdf(body: bytes) -> bool:
    if b"%%EOF" not in body:
        raise _cut("PDF 文件不完整", "the PDF is cut")
    return _ACTIVE_PDF.search(body) is not None


def _pixels(width: int, height: int) -> None:
    if not width or not height:
        raise _cut("图片没有大小", "the picture has no size")
    if width * height > MOST_PIXELS:
        raise FileError(
            "pixels",
            f"图片声称有 {width}×{height} 点",
            f"the picture claims {width}×{height} pixels",
            "按常规分辨率重新扫描",
            "scan it again at a usual resolution",
        )


def _png(body: bytes) -> bool:
    if body[12:16] != b"IHDR" or b"IEND" not in body[-64:]:
        raise _cut("PNG 图片不完整", "the PNG picture is cut")
    width, height = struct.unpack(">II", body[16:24])
    _pixels(width, height)
    return False


def _jpeg(body: bytes) -> bool:
    place = 2
    while place + 9 < len(body):
        if body[place] != 0xFF:
            break
        marker = body[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _SIZES:
            height, width = struct.unpack(">HH", body[place + 5 : place + 9])
            _pixels(width, height)
            if b"\xff\xd9" not in body[place:]:
                break
            return False
        place += 2 + int.from_bytes(body[place + 2 : place + 4], "big")
    raise _cut("JPEG 图片不完整", "the JPEG picture is cut")


def _docx(body: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            _entries(packed.infolist())
            names = set(packed.namelist())
            if not {"[Content_Types].xml", "word/document.xml"} <= names:
                raise FileError(
                    "type",
                    "是压缩包，不是 DOCX",
                    "it is an archive and no DOCX",
                    "转换成 PDF 再交",
                    "convert it to PDF",
                )
            if any("vbaproject" in name.lower() for name in names):
                raise FileError(
                    "macro",
                    "文档带有宏",
                    "the document holds macros",
                    "另存为不带宏的文档或者 PDF",
                    "save it without macros, or as PDF",
                )
            for name in names:
                if (
                    name.endswith(".rels")
                    and b'TargetMode="External"' in packed.read(name)
                    and _loads(packed, name)
                ):
                    raise FileError(
                        "outside",
                        "文档会从外部载入模板或者对象",
                        "the document loads a template or object from outside",
                        "另存为 PDF 再交",
                        "save it as PDF",
                    )
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        struct.error,
    ) as error:
        raise _cut("文档打不开", "the document cannot be opened") from error
    return False


def _loads(packed: zipfile.ZipFile, name: str) -> bool:
    """Say whether an outside relationship is anything but a plain hyperlink, which nothing opens
    by itself."""
    relations = re.findall(rb"<Relationship\b[^>]*>", packed.read(name))
    return any(b'TargetMode="External"' in one and b"/hyperlink" not in one for one in relations)


def _entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive that is a trap: too many entries, too much inside, names that lead out,
    links, archives."""
    trap = FileError(
        "archive",
        "压缩结构异常",
        "the archive is built like a trap",
        "另存为 PDF 再交",
        "save it as PDF",
    )
    names = [e.filename for e in entries]
    total = sum(e.file_size for e in entries)
    if len(names) > MOST_ENTRIES or len(set(names)) != len(names) or total > MOST_UNPACKED:
        raise trap
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if (
            path.is_absolute()
            or ".." in path.parts
            or ":" in entry.filename
            or stat.S_ISLNK(entry.external_attr >> 16)
        ):
            raise trap
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1024):
            raise trap
        embedded = entry.filename.lower().endswith(_ARCHIVES) and not entry.filename.startswith(
            "word/embeddings/"
        )
        if embedded:
            raise trap


_TYPES = (
    ("pdf", b"%PDF-", _pdf),
    ("png", b"\x89PNG\r\n\x1a\n", _png),
    ("jpg", b"\xff\xd8\xff", _jpeg),
    ("docx", b"PK\x03\x04", _docx),
)
