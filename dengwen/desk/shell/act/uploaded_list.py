"""A list somebody uploads to look at first: taken from the file, or carried along by the page
until it is confirmed."""

from __future__ import annotations

import base64
import binascii
import hashlib

from django.http import HttpRequest

from dengwen.ui.form_fields import Word, form_of

MOST_BYTES = 1024 * 1024


def uploaded(request: HttpRequest) -> bytes | None:
    """Return the list as bytes; None where there is none, it is too large, or it changed since
    it was looked at."""
    upload = request.FILES.get("list")
    if upload is not None and not isinstance(upload, list):
        body = upload.read(MOST_BYTES + 1)
        return body if 0 < len(body) <= MOST_BYTES else None
    form = form_of(request, {"kept": Word(), "digest": Word()})
    try:
        body = base64.b64decode(form.value("kept"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return body if body and hashlib.sha256(body).hexdigest() == form.value("digest") else None


def carried(data: bytes) -> dict[str, str]:
    """Return what the page carries along until the list is confirmed: its bytes as text, and
    their digest."""
    return {"kept": base64.b64encode(data).decode(), "digest": hashlib.sha256(data).hexdigest()}
