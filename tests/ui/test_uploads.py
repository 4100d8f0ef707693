"""Nobody fills the disk by sending: what goes beyond the limits never reaches a temporary file."""

from __future__ import annotations

import errno

import pytest
from django.conf import settings
from django.core.files.uploadhandler import load_handler

from dengwen.ui import upload_limits

CHUNK = b"0" * 65_536


def sent(limiter: upload_limits.Limiter, chunks: int) -> int:
    """Send a file of so many chunks; returns how many were passed on."""
    limiter.new_file("papers", "x.pdf", "application/pdf", None)
    return sum(limiter.receive_data_chunk(CHUNK, n * len(CHUNK)) is not None for n in range(chunks))


def test_the_limiter_stands_before_the_handlers_that_write():
    first = load_handler(settings.FILE_UPLOAD_HANDLERS[0], None)
    assert isinstance(first, upload_limits.Limiter)
    first.file_complete(1)  # says nothing: the handlers after it keep the file


def test_a_file_is_cut_a_little_beyond_its_limit_and_the_next_one_begins_anew():
    limiter = upload_limits.Limiter()
    most = upload_limits.MOST_OF_A_FILE // len(CHUNK)
    assert most <= sent(limiter, most * 3) <= most + 1
    assert sent(limiter, 5) == 5


def test_all_files_of_a_request_together_have_a_limit():
    limiter = upload_limits.Limiter()
    each = upload_limits.MOST_OF_A_FILE // len(CHUNK)
    passed = sum(sent(limiter, each) for _ in range(40)) * len(CHUNK)
    assert upload_limits.MOST_OF_A_REQUEST <= passed <= upload_limits.MOST_OF_A_REQUEST + len(CHUNK)


def test_no_file_of_a_request_stays_where_the_disk_takes_no_more(tmp_path, settings, monkeypatch):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    spool = load_handler(settings.FILE_UPLOAD_HANDLERS[-1], None)
    assert isinstance(spool, upload_limits.Spool)
    spool.new_file("papers", "a.pdf", "application/pdf", None)
    assert spool.receive_data_chunk(CHUNK, 0) is None
    spool.file_complete(len(CHUNK))
    spool.new_file("papers", "b.pdf", "application/pdf", None)
    assert len(list(tmp_path.iterdir())) == 2

    def full(_data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool.file.file, "write", full, raising=False)
    with pytest.raises(OSError, match="No space"):
        spool.receive_data_chunk(CHUNK, 0)
    assert list(tmp_path.iterdir()) == []


def test_no_file_stays_where_the_next_one_cannot_be_begun(tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    spool = load_handler(settings.FILE_UPLOAD_HANDLERS[-1], None)
    spool.new_file("papers", "a.pdf", "application/pdf", None)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")
    with pytest.raises(OSError, match="nowhere"):
        spool.new_file("papers", "b.pdf", "application/pdf", None)
    assert list((tmp_path / "temporary").iterdir()) == []
