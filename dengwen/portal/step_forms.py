"""The forms of the steps of a submission: what each asks in plain words, and what the pack asks in
it besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dengwen.law.duties.act_record import civil
from dengwen.law.time.terms import EARLIEST
from dengwen.portal import further_fields
from dengwen.portal.draft import IDENTITIES, LIMITS, Draft
from dengwen.portal.papers import FIELD as PAPERS
from dengwen.portal.papers import papers_asked
from dengwen.ui.components import FieldType
from dengwen.ui.form_fields import Asked, AskedField, AskedForm, OneOf, PageForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Errors = dict[str, str]
"""What is wrong, by the name of the field in the form; "" names the whole page."""


class Told(Asked):
    """A text in somebody's own words, not longer than fits into the text of an act."""

    def __init__(self, label: str | StrPromise, most: int, **more: Any) -> None:  # noqa: ANN401  # those of `Asked`
        super().__init__(label, **more)
        self.most = most

    def value_of(self, text: str) -> str:
        """Return the text, which must not be too long."""
        if len(text) > self.most:
            raise ValidationError(self.too_long(len(text)))
        return text

    def too_long(self, length: int) -> str:
        """Return what is said of a text that is too long."""
        words = {"length": length, "most": self.most}
        return _("现在有 %(length)s 个字，最多 %(most)s 个，请缩短。") % words


class Wish(Told):
    """One request."""

    type: FieldType = "text"

    def too_long(self, length: int) -> str:
        """Return what is said of a request that is too long."""
        words = {"len": length, "most": self.most}
        return _("这一项有 %(len)s 个字，最多 %(most)s 个，请缩短。") % words


class Happened(Asked):
    """The day on which it happened: about, and until today."""

    type: FieldType = "date"

    def __init__(self, label: str | StrPromise, today: date, **more: Any) -> None:  # noqa: ANN401
        super().__init__(label, **more)
        self.today = today

    def value_of(self, text: str) -> str:
        """Return the day as it was typed."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            words = _("这不是日期，请写成 2026-11-01，或者不填。")
            raise ValidationError(words) from None
        if not EARLIEST <= day <= self.today:
            words = _("请填 %(EARLIEST)s 到今天之间的日期，或者不填。")
            raise ValidationError(words % {"EARLIEST": EARLIEST})
        return text


SINGLE = ("story", "happened", "place", "accused", "identity", "name", "address", "phone")
"""The questions that the steps ask once each."""


def errors_of(draft: Draft, step: str, now: datetime) -> Errors:
    """Return what is wrong with the fields of a step, by field name; each sentence says the
    mend."""
    if step not in FIELDS:
        return {}
    form = form_of_step(draft, step, now)
    return {name: str(errors[0]) for name, errors in form.errors.items()}


def first_wrong(draft: Draft, now: datetime) -> tuple[str, Errors] | None:
    """Return the first step with an error, for everything is checked again before it is sent."""
    for step in draft.steps():
        if errors := errors_of(draft, step, now):
            return step, errors
    return None


def fields_on_page(draft: Draft, step: str, now: datetime, errors: Errors) -> list[AskedField]:
    """Return the fields of a step as its page asks them, with what was typed and what is wrong."""
    shown = []
    form = _papers_here(draft) if step == PAPERS else form_of_step(draft, step, now)
    for one in form.asked():
        wrong = errors.get(one.html_name, "")
        shown.append(one.but(errors=tuple(wrong.split("\n")) if wrong else ()))
    return shown


def _papers_here(draft: Draft) -> AskedForm:
    """Return the form that asks for files, with those that are here already."""
    return PageForm({PAPERS: papers_asked(draft.papers)})


def form_of_step(draft: Draft, step: str, now: datetime) -> AskedForm:
    """Return the form of a step with what was typed, checked."""
    fields: dict[str, Asked] = dict(FIELDS[step](draft, civil(now))) if step in FIELDS else {}
    asked = draft.asked_in(step)
    fields |= further_fields.fields_of(asked)
    form = PageForm(fields, data=_typed(draft, step))
    form.full_clean()
    if step in CHECKS:
        CHECKS[step](draft, form)
    further_fields.check(asked, form, now, anonymous=draft.anonymous)
    return form


def _typed(draft: Draft, step: str) -> dict[str, list[str]]:
    """Return what the draft says, by the names of the form."""
    data = {name: [getattr(draft, name)] for name in SINGLE}
    data |= {f"request-{number}": [text] for number, text in enumerate(draft.requests, 1)}
    return data | further_fields.by_name(draft.asked_in(step), draft.further)


# --- what each step asks --------------------------------------------------------------------------
def _story(draft: Draft, today: date) -> Mapping[str, Asked]:
    words = _("照您自己的话写：谁、在哪里、什么事、您找过谁。最多 %(value)s 字。")
    fields: dict[str, Asked] = {
        "story": Told(
            _("发生了什么"),
            LIMITS["story"],
            type="text",
            needed=True,
            missing=_("请写下发生了什么，一句话也可以。"),
            rows=10,
            hint=words % {"value": LIMITS["story"]},
        ),
        "happened": Happened(_("什么时候发生的"), today, hint=_("大概的日子也可以。")),
        "place": Told(_("在什么地方"), LIMITS["place"]),
    }
    if draft.kind == "accusation":
        fields["accused"] = Told(
            _("您反映的是谁、哪个单位"),
            LIMITS["accused"],
            hint=_("写全名。这里和正文里提到的人和单位，都看不到这件事。"),
        )
    return fields


def _requests(draft: Draft, _today: date) -> Mapping[str, Asked]:
    return {
        f"request-{n}": Wish(_("请求 %(n)s") % {"n": n}, LIMITS["request"], needed=n == 1, rows=2)
        for n, _text in enumerate(draft.requests or ("",), 1)
    }


def _who(_draft: Draft, _today: date) -> Mapping[str, Asked]:
    words = {
        "open": _("可以让登记的信访部门和承办单位知道我是谁"),
        "hidden": _("只让登记的信访部门知道，不告诉承办单位"),
        "anonymous": _("匿名：不留姓名"),
    }
    return {
        "identity": OneOf(
            _("谁可以知道您是谁"),
            needed=True,
            missing=_("请选一项。"),
            choices=[(value, words[value]) for value in IDENTITIES],
        ),
        "name": Told(
            _("姓名或者名称"), LIMITS["name"], autocomplete="name", hint=_("匿名的不用填。")
        ),
        "address": Told(
            _("住址"),
            LIMITS["address"],
            autocomplete="street-address",
            hint=_("姓名、住址不清的，无法给您书面告知（第二十三条）；凭编号和查询码仍能查进展。"),
        ),
        "phone": Told(_("电话"), LIMITS["phone"], autocomplete="tel"),
    }


FIELDS: Mapping[str, Callable[[Draft, date], Mapping[str, Asked]]] = {
    "story": _story,
    "requests": _requests,
    "who": _who,
}


def _some_request(draft: Draft, form: AskedForm) -> None:
    """Ask for one request at least."""
    if not any(draft.requests):
        form.wrong("request-1", _("请至少写一项请求：您要求哪个单位做什么。"))


def _some_name(draft: Draft, form: AskedForm) -> None:
    """Ask for a name, unless it is to be left out."""
    if draft.identity and not draft.anonymous and not draft.name:
        form.wrong("name", _("请写姓名，或者改选匿名。"))


CHECKS: Mapping[str, Callable[[Draft, AskedForm], None]] = {
    "requests": _some_request,
    "who": _some_name,
}
"""What a step asks of its fields together."""
