"""Nobody fills the disk by sending: what goes beyond the limits never reaches a temporary file."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import load_handler

from dengwen.face import uploads

CHUNK = b"0" * 65_536


def sent(limiter: uploads.Limiter, chunks: int) -> int:
    """Send a file of so many chunks; returns how many were passed on."""
    limiter.new_file("papers", "x.pdf", "application/pdf", None)
    return sum(limiter.receive_data_chunk(CHUNK, n * len(CHUNK)) is not None for n in range(chunks))


def test_the_limiter_stands_before_the_handlers_that_write():
    first = load_handler(settings.FILE_UPLOAD_HANDLERS[0], None)
    assert isinstance(first, uploads.Limiter)
    first.file_complete(1)  # says nothing: the handlers after it keep the file


def test_a_file_is_cut_a_little_beyond_its_limit_and_the_next_one_begins_anew():
    limiter = uploads.Limiter()
    most = uploads.MOST_OF_A_FILE // len(CHUNK)
    assert most <= sent(limiter, most * 3) <= most + 1
    assert sent(limiter, 5) == 5


def test_all_files_of_a_request_together_have_a_limit():
    limiter = uploads.Limiter()
    each = uploads.MOST_OF_A_FILE // len(CHUNK)
    passed = sum(sent(limiter, each) for _ in range(40)) * len(CHUNK)
    assert uploads.MOST_OF_A_REQUEST <= passed <= uploads.MOST_OF_A_REQUEST + len(CHUNK)
