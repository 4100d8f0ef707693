"""Somebody who uses the portal as a browser without scripts does: by the forms that are on the
page, and only those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

ANSWERS = {
    "story": "示例小区三号楼屋面渗水多年，找过物业。",
    "request-1": "修复三号楼屋面",
    "identity": "open",
    "name": "王示例",
    "address": "示例路1号",
    "phone": "13800000000",
}

CLAIM: dict[str, Any] = {"class": "claim", "path": "31(6)"}
ACCUSATION: dict[str, Any] = {"class": "accusation"}


@dataclass
class Form:
    """A form of a page: where it goes, and the fields it holds."""

    id: str
    action: str
    fields: dict[str, Any] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.area = ""
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("id", ""), given.get("action", "")))
            self.inside = True
        elif not self.inside:
            return
        elif tag == "textarea":
            self.area = given["name"]
            self.forms[-1].fields[self.area] = ""
        elif tag == "button":
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", "")))
        elif tag == "input" and (
            given.get("type") not in ("radio", "checkbox") or "checked" in given
        ):
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        held, name = self.forms[-1].fields, given["name"]
        if given.get("type") == "file":
            return
        if name.endswith("-kept"):  # one for each file carried along
            held[name] = [*held.get(name, []), given.get("value", "")]
        else:
            held[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.area:
            held = self.forms[-1].fields
            held[self.area] = (held[self.area] + data).removeprefix("\n")


def forms_of(response: Any) -> list[Form]:  # of the test client
    """Return the forms of an answered page."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.forms


@dataclass
class Petitioner:
    """A browser and the page it shows."""

    client: Client
    page: Any = None

    def text(self) -> str:
        """Return the page shown."""
        return str(self.page.content.decode())

    def begin(self, kind: str = "claim") -> None:
        """Open the first page and choose a card."""
        self.page = self.client.get("/")
        form = next(f for f in forms_of(self.page) if ("kind", kind) in f.buttons)
        self.page = self.client.post(form.action, {**form.fields, "kind": kind})

    def form(self, having: str = "") -> Form:
        """Return the form of the page with a field or button value (the carrier, where nothing
        is named)."""
        forms = forms_of(self.page)
        if not having:
            return next(f for f in forms if f.id == "carrier")
        return next(
            f for f in forms if having in f.fields or any(having in pair for pair in f.buttons)
        )

    def press(self, go: str, **answers: Any) -> HttpResponse:
        """Fill in the form of the page and press a button; a file, or a list of them, is chosen."""
        form = self.form(go if go not in ("next", "back", "send") else "")
        given = {name.replace("_", "-"): value for name, value in answers.items()}
        self.page = self.client.post(form.action, {**form.fields, **given, "go": go})
        response: HttpResponse = self.page
        return response

    def fill(self, kind: str = "claim", papers: Sequence[Any] = (), **answers: str) -> None:
        """Walk to the page that reads everything back."""
        self.begin(kind)
        given = {**ANSWERS, **{name.replace("_", "-"): text for name, text in answers.items()}}
        for _ in range(8):
            form = self.form()
            step = form.fields.get("step")
            if step == "check":
                return
            if step == "papers" and papers:
                self.press("next", papers=list(papers))
                continue
            fitting = {
                k: v for k, v in given.items() if k in form.fields or k in ("identity", "happened")
            }
            self.page = self.client.post(form.action, {**form.fields, **fitting, "go": "next"})
        raise AssertionError("the form never came to an end")

    def submit(
        self, kind: str = "claim", papers: Sequence[Any] = (), **answers: str
    ) -> tuple[str, str]:
        """Fill in everything and send it; returns number and code from the receipt."""
        self.fill(kind, papers, **answers)
        self.press("send")
        sheet = self.page.context["sheet"]
        return sheet.number, sheet.code

    def follow(self, number: str, code: str) -> str:
        """Look a matter up; returns the page."""
        self.page = self.client.post("/follow/", {"number": number, "code": code})
        return self.text()
