"""Lines of `forbidden.toml`: an act that lacks one condition, tried at the write door, on the
command line and over HTTP."""

from __future__ import annotations

import contextlib
import html
import io
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from dengwen.accountability.errors import AccountabilityError
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.cli.main import build_parser
from dengwen.cli.shell import answer
from dengwen.cli.shell.output import CommandError
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import TEXT_TYPES
from dengwen.organs.models import Official, Organ
from tests.accountability.forbidden_facts import Named
from tests.world import World, at

TABLE = Path(__file__).with_name("forbidden.toml")
BACKEND = "dengwen.access.login.sign_in.PasswordBackend"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
REFUSED_PAGE, NO_PAGE = 422, 404


@dataclass(frozen=True)
class Line:
    """An act as it is tried, and what the office answers; values as the command line takes them."""

    id: str
    facts: str
    who: str
    act: str
    on: str
    case: str = "file"
    kind: str = "accountability"
    opens: bool = False
    set: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    article: str = ""
    http: int = REFUSED_PAGE
    page: str = ""
    cli: str = ""


def lines(sound: bool = False) -> list[Line]:
    """Return the lines of the table, or the sound acts they depart from."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    if sound:
        return [Line(id=name, **said) for name, said in table["sound"].items()]
    return [_line(one, table["sound"]) for one in table["line"]]


def _line(said: Mapping[str, Any], sound: Mapping[str, Any]) -> Line:
    """Return a line: what its sound act says, less what is left out, with what it says itself."""
    own = dict(said)
    base = dict(sound[own.pop("of")]) if "of" in own else {}
    for part in ("set", "text"):
        without = set(own.get("without", ()))
        whole = {**base.get(part, {}), **own.get(part, {})}
        own[part] = {name: value for name, value in whole.items() if name not in without}
    own.pop("without", None)
    return Line(**(base | own))


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written within; the write door takes the block for that of a test."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
    rulebooks.forget_rows()


@dataclass(frozen=True)
class Tried:
    """A line with the names its facts gave."""

    line: Line
    world: World
    named: Named

    @property
    def number(self) -> str:
        """The number of the case, "" for an act that opens one."""
        return "" if self.line.opens else self.named[self.line.case]

    @property
    def rule(self) -> ActRule:
        """The rule of the act on the day it is tried."""
        now = at(self.line.on)
        place = Case.objects.get(number=self.number).place if self.number else "500199"
        book = rulebooks.in_force(date.fromisoformat(self.line.on), place, now).book
        return book.kind(self.line.kind).acts[self.line.act]

    def said(self, value: str) -> str:
        """Return a value with the names of the facts in it."""
        return self.named[value[1:]] if value.startswith("@") else value

    def values(self) -> dict[str, str]:
        """Return the fields as they are written on the command line."""
        return {name: self.said(value) for name, value in self.line.set.items()}

    # --- the three doors --------------------------------------------------------------------------
    def at_the_door(self) -> Refused | AccountabilityError | None:
        """Perform the act; return the refusal, None where it was let through."""
        rule = self.rule
        fields = {name: typed(rule, name, value) for name, value in self.values().items()}
        one = Step(
            act=self.line.act,
            case=self.number,
            kind=self.line.kind if self.line.opens else "",
            fields=fields,
            texts=dict(self.line.text),
        )
        self.world.count += 1
        by, uid = self.world.by(self.line.who), f"forbidden/{self.world.count}"
        try:
            perform(one, by=by, now=at(self.line.on), uid=uid)
        except (Refused, AccountabilityError) as error:
            return error
        return None

    def at_the_command_line(self) -> tuple[int, str]:
        """Do the act by `dengwen act`; return how it ended and what it said."""
        words = ["act"]
        words += (
            ["--open", self.line.kind, self.line.act]
            if self.line.opens
            else [self.number, self.line.act]
        )
        words += ["--by", self.line.who, "--clock", self.line.on]
        for name, value in self.values().items():
            words += ["--set", f"{name}={value}"]
        for name, value in self.line.text.items():
            words += ["--text", f"{name}={value}"]
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said):
                ended = answer.answer(build_parser().parse_args(words))
        except CommandError as error:
            return 2, str(error)
        return ended, said.getvalue()

    def over_http(self, hold: Callable[[str], None]) -> tuple[int, str]:
        """Post the form of the act; return the status and the text of the page."""
        hold(self.line.on)
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(self.world.office.users[self.line.who], backend=BACKEND)
        path = (
            f"/desk/open/{self.line.kind}/{self.line.act}/"
            if self.line.opens
            else f"/desk/case/{self.number}/{self.line.act}/"
        )
        rule = self.rule
        form = {name: posted(rule, name, value) for name, value in self.values().items()}
        page = client.post(path, {**form, **self.line.text})
        return page.status_code, html.unescape(page.content.decode())


def typed(rule: ActRule, name: str, value: str) -> FieldValue:
    """Return a value of the table as the step holds it."""
    declared = rule.field_rule(name)
    assert declared is not None, f"{rule.id} has no field {name}"
    assert declared.type not in TEXT_TYPES, f"{name} is a text"
    kinds: dict[str, Callable[[str], FieldValue]] = {
        "organ": lambda text: Organ.objects.get(code=text).pk,
        "official": lambda text: Official.objects.get(code=text).pk,
        "date": date.fromisoformat,
        "number": int,
        "act": int,
        "flag": lambda text: text == "true",
        "words": _several,
        "codes": _several,
        "digests": _several,
    }
    return kinds.get(declared.type, str)(value)


def _several(text: str) -> tuple[str, ...]:
    """Return the parts between commas."""
    return tuple(part for part in text.split(",") if part)


def posted(rule: ActRule, name: str, value: str) -> object:
    """Return a value of the table as a form sends it."""
    declared = rule.field_rule(name)
    assert declared is not None
    if declared.type == "organ":
        return Organ.objects.get(code=value).pk
    if declared.type == "official":
        return Official.objects.get(code=value).pk
    if declared.type == "flag":
        return "1" if value == "true" else ""
    if declared.type in ("words", "codes"):
        return list(_several(value))
    if declared.type in ("digest", "digests"):
        return SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    return value


def codes(error: Refused | AccountabilityError) -> set[str]:
    """Return by which codes something is refused."""
    if isinstance(error, AccountabilityError):
        return {error.code}
    return {reason.code for reason in error.reasons}


def words(error: Refused | AccountabilityError) -> list[str]:
    """Return why something is refused, in Chinese."""
    if isinstance(error, AccountabilityError):
        return [error.zh]
    return [reason.zh for reason in error.reasons]


def cited(error: Refused | AccountabilityError, rule: ActRule) -> str:
    """Return every article by which something is refused; that of the act, as pages do, where the
    refusal names none."""
    if isinstance(error, AccountabilityError):
        return f"{error.zh} {rule.basis.law} {rule.basis.article}"
    bases = [reason.basis for reason in error.reasons if reason.basis]
    return " ".join(f"{basis.law} {basis.article}" for basis in bases)


def acts_written() -> int:
    """Return how many acts there are."""
    return Act.objects.count()
