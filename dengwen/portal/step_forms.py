"""The forms of the steps of a submission: what each asks in plain words, and what the pack asks in
it besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dengwen.law.duties.act_record import civil
from dengwen.law.time.terms import EARLIEST
from dengwen.portal import further_fields
from dengwen.portal.draft import IDENTITIES, LIMITS, MOST_REQUESTS, Draft
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
    """One request, by its number."""

    type: FieldType = "text"

    def __init__(self, number: int) -> None:
        super().__init__("", LIMITS["request"], needed=number == 1, rows=2)
        self.number = number

    def label_words(self) -> str:
        """Return which request is asked for."""
        return _("请求 %(n)s") % {"n": self.number}

    def too_long(self, length: int) -> str:
        """Return what is said of a request that is too long."""
        words = {"len": length, "most": self.most}
        return _("这一项有 %(len)s 个字，最多 %(most)s 个，请缩短。") % words


class Happened(Asked):
    """The day on which it happened, about."""

    type: FieldType = "date"

    def value_of(self, text: str) -> str:
        """Return the day as it was typed."""
        try:
            date.fromisoformat(text)
        except ValueError:
            words = _("这不是日期，请写成 2026-11-01，或者不填。")
            raise ValidationError(words) from None
        return text


STEPS_WITH_FIELDS = frozenset({"story", "requests", "who"})
SINGLE = ("story", "happened", "place", "accused", "identity", "name", "address", "phone")
"""The questions that the steps ask once each."""


def errors_of(draft: Draft, step: str, now: datetime) -> Errors:
    """Return what is wrong with the fields of a step, by field name; each sentence says the
    mend."""
    if step not in STEPS_WITH_FIELDS:
        return {}
    form = form_of_step(draft, step, now)
    return {name: str(errors[0]) for name, errors in form.errors.items()}


def first_wrong(draft: Draft, now: datetime) -> tuple[str, Errors] | None:
    """Return the first step with an error, for everything is checked again before it is sent."""
    for step in draft.steps():
        if errors := errors_of(draft, step, now):
            return step, errors
    return None


def fields_on_page(draft: Draft, step: str, errors: Errors) -> list[AskedField]:
    """Return the fields of a step as its page asks them, with what was typed and what is wrong;
    nothing is checked anew."""
    shown = []
    form = _papers_here(draft) if step == PAPERS else _form(draft, step)
    for one in form.asked():
        wrong = errors.get(one.html_name, "")
        shown.append(one.but(errors=tuple(wrong.split("\n")) if wrong else ()))
    return shown


def _papers_here(draft: Draft) -> AskedForm:
    """Return the form that asks for files, with those that are here already."""
    return PageForm({PAPERS: papers_asked(draft.papers)})


def form_of_step(draft: Draft, step: str, now: datetime) -> AskedForm:
    """Return the form of a step with what was typed, checked."""
    form = _form(draft, step)
    form.full_clean()
    if step in CHECKS:
        CHECKS[step](draft, form, civil(now))
    further_fields.check(draft.asked_in(step), form, now, anonymous=draft.anonymous)
    return form


def _form(draft: Draft, step: str) -> AskedForm:
    """Return the form of a step with what was typed."""
    fields = {**_own_fields(draft, step), **further_fields.fields_of(draft.asked_in(step))}
    return PageForm(fields, data=_typed(draft, step))


def _typed(draft: Draft, step: str) -> dict[str, list[str]]:
    """Return what the draft says, by the names of the form."""
    data = {name: [getattr(draft, name)] for name in SINGLE}
    data |= {f"request-{number}": [text] for number, text in enumerate(draft.requests, 1)}
    return data | further_fields.by_name(draft.asked_in(step), draft.further)


# --- what each step asks --------------------------------------------------------------------------
def _story_hint() -> str:
    """Return how a story is told."""
    words = _("照您自己的话写：谁、在哪里、什么事、您找过谁。最多 %(value)s 字。")
    return words % {"value": LIMITS["story"]}


STORY: Mapping[str, Asked] = {
    "story": Told(
        gettext_lazy("发生了什么"),
        LIMITS["story"],
        type="text",
        needed=True,
        missing=gettext_lazy("请写下发生了什么，一句话也可以。"),
        rows=10,
        hint=lazy(_story_hint, str)(),
    ),
    "happened": Happened(gettext_lazy("什么时候发生的"), hint=gettext_lazy("大概的日子也可以。")),
    "place": Told(gettext_lazy("在什么地方"), LIMITS["place"]),
}
ACCUSED: Mapping[str, Asked] = {
    "accused": Told(
        gettext_lazy("您反映的是谁、哪个单位"),
        LIMITS["accused"],
        hint=gettext_lazy("写全名。这里和正文里提到的人和单位，都看不到这件事。"),
    )
}
WISHES = tuple(Wish(number) for number in range(1, MOST_REQUESTS + 1))
IDENTITY_WORDS = {
    "open": gettext_lazy("可以让登记的信访部门和承办单位知道我是谁"),
    "hidden": gettext_lazy("只让登记的信访部门知道，不告诉承办单位"),
    "anonymous": gettext_lazy("匿名：不留姓名"),
}
WHO: Mapping[str, Asked] = {
    "identity": OneOf(
        gettext_lazy("谁可以知道您是谁"),
        needed=True,
        missing=gettext_lazy("请选一项。"),
        choices=[(value, IDENTITY_WORDS[value]) for value in IDENTITIES],
    ),
    "name": Told(
        gettext_lazy("姓名或者名称"),
        LIMITS["name"],
        autocomplete="name",
        hint=gettext_lazy("匿名的不用填。"),
    ),
    "address": Told(
        gettext_lazy("住址"),
        LIMITS["address"],
        autocomplete="street-address",
        hint=gettext_lazy(
            "姓名、住址不清的，无法给您书面告知（第二十三条）；凭编号和查询码仍能查进展。"
        ),
    ),
    "phone": Told(gettext_lazy("电话"), LIMITS["phone"], autocomplete="tel"),
}
"""The fields of the steps: they hold nothing of a petitioner and are the same for everybody, so
they are made once, in words that are said in the language of the page."""


def _own_fields(draft: Draft, step: str) -> Mapping[str, Asked]:
    """Return the fields of a step in plain words, as this draft is asked them."""
    if step == "story":
        return {**STORY, **ACCUSED} if draft.kind == "accusation" else STORY
    if step == "requests":
        return {f"request-{wish.number}": wish for wish in WISHES[: len(draft.requests) or 1]}
    return WHO if step == "who" else {}


def _happened_by_today(draft: Draft, form: AskedForm, today: date) -> None:
    """Refuse a day that is too early, or has not come."""
    if not draft.happened or "happened" in form.errors:
        return
    if not EARLIEST <= date.fromisoformat(draft.happened) <= today:
        words = _("请填 %(EARLIEST)s 到今天之间的日期，或者不填。")
        form.wrong("happened", words % {"EARLIEST": EARLIEST})


def _some_request(draft: Draft, form: AskedForm, _today: date) -> None:
    """Ask for one request at least."""
    if not any(draft.requests):
        form.wrong("request-1", _("请至少写一项请求：您要求哪个单位做什么。"))


def _some_name(draft: Draft, form: AskedForm, _today: date) -> None:
    """Ask for a name, unless it is to be left out."""
    if draft.identity and not draft.anonymous and not draft.name:
        form.wrong("name", _("请写姓名，或者改选匿名。"))


CHECKS: Mapping[str, Callable[[Draft, AskedForm, date], None]] = {
    "story": _happened_by_today,
    "requests": _some_request,
    "who": _some_name,
}
"""What a step asks of its fields together."""
