"""What an upload may take of the disk before any door has looked at it.

Django writes whatever is sent to temporary files first. `Limiter` stands before the handlers that
do: what goes beyond
the limits is read and thrown away, so that nobody fills the disk by sending; the door finds a file
that is too large.
`Spool` writes them, and takes all of them back at once where the disk takes no more.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

MOST_OF_A_FILE = 33 * 1024 * 1024
"""Bytes of one file that reach a door: more than any door takes (a list of organs may have 32
MB)."""
MOST_OF_A_REQUEST = 512 * 1024 * 1024
"""Bytes of all files of one request: twenty files of 20 MB, and room."""


class Limiter(FileUploadHandler):
    """Passes a file on up to the limits and swallows the rest."""

    taken = 0
    whole = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # handed on as they come
        """Begin a file; what the request brought so far still counts."""
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002  # Django's signature
        """Hand a chunk to the handlers behind, or nothing once the limit is passed."""
        if self.taken > MOST_OF_A_FILE or self.whole > MOST_OF_A_REQUEST:
            return None
        self.taken += len(raw_data)
        self.whole += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""


class Spool(TemporaryFileUploadHandler):
    """Writes large files to temporary ones.

    Where a write fails, Django would leave them lying on the full disk until its memory is tidied
    up.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # handed on as they come
        super().__init__(*args, **kwargs)
        self.made: list[TemporaryUploadedFile] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # handed on as they come
        """Begin a temporary file; OSError where there is no room for one."""
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._take_back()
            raise
        self.made.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a portion; where it cannot be written, no file of the request stays, and OSError
        goes on."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._take_back()
            raise
        return None

    def _take_back(self) -> None:
        for file in self.made:
            with suppress(
                OSError
            ):  # what could not be written cannot be written now; the file goes all the same
                file.close()
        self.made.clear()
