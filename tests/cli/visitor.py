"""Somebody at a browser without scripts, over the wire: to the server as it ships, not to a test
client."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.portal.petitioner import Form, forms_of

HOST = "127.0.0.1"
SECONDS = 60
"""How long an answer is waited for. The machine may be busy; nothing here measures time."""
Upload = tuple[str, str, bytes]
"""A file that is sent: the field, its own name, its bytes."""


@dataclass(frozen=True)
class Page:
    """What was answered, and at which address."""

    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The page as text."""
        return self.content.decode(errors="replace")

    def form(self, having: str = "") -> Form:
        """Return the form with a field or a button of this name or value; the only or first one
        without."""
        found = [f for f in forms_of(self) if not having or _has(f, having)]
        assert found, f"no form with {having!r} on the page {self.status}: {self.text[:400]}"
        return found[0]


def _has(form: Form, wanted: str) -> bool:
    return (
        wanted in (form.id, form.action)
        or wanted in form.fields
        or any(wanted in pair for pair in form.buttons)
    )


@dataclass
class Visitor:
    """A browser: the port it talks to and the cookies it keeps."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        """Open an address."""
        return self._ask("GET", path, b"", "")

    def post(self, path: str, fields: Mapping[str, Any], uploads: Sequence[Upload] = ()) -> Page:
        """Send a form, with files as browsers send them where there are any."""
        if uploads:
            mark = uuid.uuid5(uuid.NAMESPACE_URL, path).hex
            return self._ask(
                "POST", path, _parts(fields, uploads, mark), f"multipart/form-data; boundary={mark}"
            )
        body = urlencode(dict(fields), doseq=True).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def press(
        self, page: Page, having: str = "", uploads: Sequence[Upload] = (), **answers: Any
    ) -> Page:
        """Fill in a form of a page and send it."""
        form = page.form(having)
        given = {name.replace("_", "-"): value for name, value in answers.items()}
        return self.post(form.action or page.path, {**form.fields, **given}, uploads)

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> Page:
        link = HTTPConnection(HOST, self.port, timeout=SECONDS)
        headers = {"Accept-Language": "zh-hans", **self.headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if kind:
            headers["Content-Type"] = kind
        try:
            link.request(method, path, body or None, headers)
            answer = link.getresponse()
            page = Page(path, answer.status, dict(answer.getheaders()), answer.read())
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self._keep(value)
        finally:
            link.close()
        return page

    def _keep(self, said: str) -> None:
        name, _, value = said.split(";", 1)[0].partition("=")
        if value.strip('"'):
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)


def _parts(fields: Mapping[str, Any], uploads: Sequence[Upload], mark: str) -> bytes:
    lines: list[bytes] = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            lines += [f"{head}{one}\r\n".encode()]
    for name, title, content in uploads:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\n'
        lines += [
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode(),
            content,
            b"\r\n",
        ]
    return b"".join([*lines, f"--{mark}--\r\n".encode()])


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
