"""Planted leaks, one of a kind: each breaks one guard or one page, and the harness must notice.

Every one is a change somebody could make without noticing, not a printed secret.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from dengwen.access import read_log, statements
from dengwen.cases import effects
from dengwen.cases.case_numbers import make_number
from dengwen.cases.models import Act, Case, Duty, Party
from dengwen.cases.read import duty_lines
from dengwen.cases.wall import visibility
from dengwen.cases.write import record
from dengwen.desk.oversight import breaches
from dengwen.desk.petitions import find, receipt, similar_matters
from dengwen.desk.petitions import look_alikes as typed_look_alikes
from dengwen.desk.petitions import register as taking
from dengwen.desk.shell.act import field_choices, field_search, forms
from dengwen.desk.shell.case import case_links, case_page
from dengwen.desk.shell.frame import seat
from dengwen.desk.shell.worklist import home, own_duties
from dengwen.documents import document_numbers, issuance
from dengwen.organs.models import Appointment, Post
from dengwen.petitions import effects as petition_effects
from dengwen.petitions import own_matter
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import accused, intake
from dengwen.petitions.models import Petitioner
from dengwen.portal import follow
from dengwen.worker import loops

Patch = tuple[Any, str, Any]
Leak = Callable[[], list[Patch]]


def _unwalled(viewer: visibility.Viewer, day: Any) -> QuerySet[Case]:
    return Case.objects.all()


def _hidden() -> int:
    return Case.objects.filter(protected=True).count()


def sidebar_count() -> list[Patch]:
    """How many cases there are in all, beside the name of the organ."""
    right = seat.frame_of

    def frame(one: Any, current: str) -> Any:
        made = right(one, current)
        return dataclasses.replace(made, organ=f"{made.organ} {Case.objects.count()}")

    return [(seat, "frame_of", frame)]


def home_list() -> list[Patch]:
    """The work list of an organ without the wall."""

    def duties(viewer: visibility.Viewer) -> QuerySet[Duty]:
        return Duty.objects.filter(
            state="open", right=False, holder_id__in=viewer.organs
        ).select_related("case")

    return [(own_duties, "duties_for_user", duties)]


def forbidden_instead_of_missing() -> list[Patch]:
    """403 for what exists, 404 for what does not."""
    right = seat.Seat.case

    def case(one: seat.Seat, number: str) -> Case:
        if (
            visibility.find(one.viewer, one.today, number) is None
            and Case.objects.filter(number=number).exists()
        ):
            raise PermissionDenied
        return right(one, number)

    return [(seat.Seat, "case", case)]


def decided_file() -> list[Patch]:
    """The file of a review, opened to whoever decides reviews without asking which, nor for the
    wall."""

    def file(decider: Any, number: str) -> Case | None:
        return Case.objects.filter(number=number).first()

    return [(seat, "find_decided_on", file)]


def search_hits() -> list[Patch]:
    """A look-up by person that forgets the wall."""
    return [(find, "for_user", _unwalled)]


def redirect_target() -> list[Patch]:
    """A number that exists sends to its page, where it is missing."""
    return [
        (find, "find", lambda _viewer, _day, number: Case.objects.filter(number=number).first())
    ]


def look_alikes() -> list[Patch]:
    """One suggestion twice for each hidden matter of the same persons."""
    right = similar_matters.alike

    def alike(*given: Any, **more: Any) -> Any:
        found = right(*given, **more)
        return found + found[:1] * Petitioner.objects.filter(case__protected=True).count()

    return [(taking, "alike", alike)]


def look_alikes_while_typing() -> list[Patch]:
    """The list beside the form, which forgets the wall that the page keeps."""
    right = similar_matters.alike

    def alike(*given: Any, **more: Any) -> Any:
        with mock.patch.object(similar_matters, "for_user", _unwalled):
            return right(*given, **more)

    return [(typed_look_alikes, "alike", alike)]


def organs_found() -> list[Patch]:
    """How many cases are hidden, added to how many organs a name finds."""
    right = field_search.found_words

    def found(*given: Any, **more: Any) -> str:
        return f"{right(*given, **more)} {_hidden()}"

    return [(field_search, "found_words", found)]


def outside_number() -> list[Patch]:
    """A conflict with the outside number of a hidden matter."""
    right = intake.register

    def register(asked: intake.HandedIn, **more: Any) -> Any:
        source, number = asked.text("outside_source"), asked.text("outside_no")
        index = intake.outside_index(source, number) if number else ""
        if index and Act.objects.filter(act="register", data__outside_no=index).exists():
            raise PetitionError(
                "outside-number",
                where="",
                zh="已登记过",
                en="registered already",
                mend_zh="",
                mend_en="",
            )
        return right(asked, **more)

    return [(taking, "register", register)]


def serial_shown() -> list[Patch]:
    """The gapless serial on the receipt."""
    right = receipt.receipt_of

    def sheet(one: Any, asked: Any, done: Any) -> Any:
        made, case = right(one, asked, done), Case.objects.get(number=done.number)
        return made and dataclasses.replace(made, organ=f"{made.organ} 第{case.serial}件")

    return [(taking, "receipt_of", sheet)]


def serial_in_receipt() -> list[Patch]:
    """A receipt file that opens everything its event binds."""
    return [(module, "handed_out", lambda _act: None) for module in (own_matter, case_page)]


def row_ids() -> list[Patch]:
    """Row ids as anchors of a page."""
    return [(duty_lines, "place_of", lambda duty, _view: duty.opened_by)]


def counting_numbers() -> list[Patch]:
    """Case numbers that count."""

    def number(office: str, year: int) -> str:
        return make_number(office, year, f"{Case.objects.count():09d}")

    return [(record, "free_number", number)]


def document_series() -> list[Patch]:
    """Papers of sealed cases in the ordinary series."""
    right = document_numbers.next_number

    def number(**asked: Any) -> str:
        word = "D03" if asked["document"] == "D24" else asked["document"]
        return right(**{**asked, "document": word, "protected": False})

    return [(issuance, "next_number", number)]


def error_text() -> list[Patch]:
    """Another sentence for a number that exists but is hidden."""
    right = forms.RuledCase.value_of

    def value_of(one: Any, text: str) -> Any:
        try:
            return right(one, text)
        except ValidationError:
            if Case.objects.filter(number=text).exists():
                raise ValidationError("您无权查看") from None
            raise

    return [(forms.RuledCase, "value_of", value_of)]


def candidates() -> list[Patch]:
    """Organs accused anywhere are not offered for routing."""
    right = field_choices.organ_choices

    def choices(*given: Any, **more: Any) -> Any:
        barred = {
            str(pk)
            for pk in Party.objects.filter(role="accused_unit").values_list("organ_id", flat=True)
        }
        return tuple(c for c in right(*given, **more) if c.value not in barred)

    return [(field_choices, "organ_choices", choices)]


def who_viewed() -> list[Patch]:
    """The petitioner's list of readers counts the readings of other matters."""
    right = read_log.who_viewed

    def viewed(number: str, *more: Any) -> Any:
        others = Case.objects.filter(protected=True).order_by("pk").values_list("number", flat=True)
        return (*right(number, *more), *(one for other in others for one in right(other, *more)))

    return [(own_matter, "who_viewed", viewed)]


def query_count() -> list[Patch]:
    """One question more to the database for each hidden case."""
    right = visibility.find

    def find(*given: Any) -> Any:
        for case in Case.objects.filter(protected=True):
            Party.objects.filter(case=case).exists()
        return right(*given)

    return [(seat, "find", find)]


def header() -> list[Patch]:
    """An ETag from the newest act of all."""
    right = seat.Seat.page

    def page(one: seat.Seat, *given: Any, **more: Any) -> Any:
        answer = right(one, *given, **more)
        answer["ETag"] = f'"{Act.objects.aggregate(newest=Max("pk"))["newest"]}"'
        return answer

    return [(seat.Seat, "page", page)]


def cookie() -> list[Patch]:
    """A cookie that remembers how much there is."""
    right = seat.Seat.page

    def page(one: seat.Seat, *given: Any, **more: Any) -> Any:
        answer = right(one, *given, **more)
        answer.set_cookie("seen", str(_hidden()))
        return answer

    return [(seat.Seat, "page", page)]


def cached_fragment() -> list[Patch]:
    """Lines of the home page cached for an organ, whoever asks."""
    right = duty_lines.duty_lines

    def lines(page: Any, actor: Any, *more: Any) -> Any:
        return cache.get_or_set(f"lines/{actor.organ}", lambda: right(page, actor, *more))

    return [(home, "duty_lines", lines)]


def transferred_official() -> list[Patch]:
    """Only present posts count for the wall."""

    def organs(officials: Any, day: Any) -> frozenset[int]:
        posts = Appointment.objects.on(day).filter(official_id__in=officials).values("post_id")
        return frozenset(Post.objects.filter(pk__in=posts).values_list("organ_id", flat=True))

    return [(visibility, "_organs_of", organs)]


def delegate() -> list[Patch]:
    """Whoever stands in for the accused is not asked about."""
    return [(visibility, "_stands_for", lambda _official, _day: frozenset())]


def leaders_unit() -> list[Patch]:
    """An accusation of a leader leaves the unit outside."""
    return [(accused, "led_by", lambda _officials, _day: frozenset())]


def proof_exported() -> list[Patch]:
    """The proof of an act handed out for any number."""
    right = seat.Seat.case

    def case(one: seat.Seat, number: str) -> Case:
        if "/proof/" in one.request.path:
            found = Case.objects.filter(number=number).first()
            if found is not None:
                return found
        return right(one, number)

    return [(seat.Seat, "case", case)]


def mailbox() -> list[Patch]:
    """Notices go out without asking the wall."""
    return [(loops, "cleared", lambda _notice, _day: True)]


def breach_list() -> list[Patch]:
    """The supervisor's list without the wall."""
    return [(breaches, "for_user", _unwalled)]


def linked_case() -> list[Patch]:
    """The case page names a hidden case that points here."""
    return [(case_links, "for_user", _unwalled)]


def portal_oracle() -> list[Patch]:
    """Another sentence at the portal for a number that exists."""
    right = follow.look

    def look(*given: Any) -> Any:
        found = right(*given)
        known = found.case is None and Case.objects.filter(number=found.number).exists()
        return dataclasses.replace(found, wrong="查询码不对。") if known else found

    return [(follow, "look", look)]


def recused_official() -> list[Patch]:
    """A wall that knows the accused and forgets who recused."""
    right = visibility.not_walled

    def wall_of_accused(viewer: visibility.Viewer, case: str = "pk") -> Q:
        recused = Party.objects.filter(
            case=OuterRef(case), role="recused", official_id=viewer.official or 0
        )
        return right(viewer, case) | Q(Exists(recused))

    return [(visibility, "not_walled", wall_of_accused)]


def leaders_reading_list() -> list[Patch]:
    """What was laid before a leader stays there when it proves to accuse him (access model 10)."""
    return [(room, "spread", lambda *_: None) for room in (record, effects, petition_effects)]


LEAKS: dict[str, Leak] = {
    "total count in the sidebar": sidebar_count,
    "work list of the home page": home_list,
    "403 instead of 404": forbidden_instead_of_missing,
    "file of a review": decided_file,
    "search hits": search_hits,
    "redirect target": redirect_target,
    "look-alike suggestions": look_alikes,
    "look-alikes while typing": look_alikes_while_typing,
    "organs found by name": organs_found,
    "outside number in conflict": outside_number,
    "serial on the receipt": serial_shown,
    "serial in the receipt file": serial_in_receipt,
    "row ids in a page": row_ids,
    "numbers that count": counting_numbers,
    "series of documents": document_series,
    "text of an error": error_text,
    "organs offered": candidates,
    "who viewed": who_viewed,
    "number of queries": query_count,
    "header": header,
    "cookie": cookie,
    "cached fragment": cached_fragment,
    "transferred official": transferred_official,
    "delegate of the accused": delegate,
    "unit of an accused leader": leaders_unit,
    "recused official": recused_official,
    "exported proof": proof_exported,
    "notice to the unit's mailbox": mailbox,
    "breach list": breach_list,
    "linked case": linked_case,
    "oracle at the portal": portal_oracle,
    "leader's reading list": leaders_reading_list,
}

AIMS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "total count in the sidebar": (("handler of the unit", "desk:home", 2),),
    "work list of the home page": (("handler of the unit", "desk:home", 2),),
    "403 instead of 404": (("accused unit, cleared R5", "desk:measure_follow", 8),),
    "file of a review": (("handler of the unit", "desk:case", 4),),
    "search hits": (("handler of the unit", "desk:find", 6),),
    "redirect target": (("handler of the unit", "desk:find", 6),),
    "look-alike suggestions": (("handler of the unit", "desk:register", 4),),
    "look-alikes while typing": (("petition office clerk", "desk:register_alike", 5),),
    "organs found by name": (("petition office supervisor", "desk:inspection_new", 5),),
    "outside number in conflict": (("petition office clerk", "desk:register", 5),),
    "serial on the receipt": (("petition office clerk", "desk:register", 5),),
    "serial in the receipt file": (("handler of the unit", "desk:proof", 3),),
    "row ids in a page": (("handler of the unit", "desk:home", 2),),
    "numbers that count": (("handler of the unit", "desk:home", 2),),
    "series of documents": (("handler of the unit", "desk:case", 4),),
    "text of an error": (("handler of the unit", "desk:act", 8),),
    "organs offered": (("handler of the unit", "desk:act", 8),),
    "who viewed": (("the public", "portal:follow", 4),),
    "number of queries": (("handler of the unit", "desk:case", 4),),
    "header": (("handler of the unit", "desk:home", 2),),
    "cookie": (("handler of the unit", "desk:home", 2),),
    "cached fragment": (
        ("handler of the unit", "desk:home", 2),
        ("petition office clerk", "desk:home", 2),
    ),
    "transferred official": (
        ("former member, cleared elsewhere", "desk:home", 1),
        ("former member, cleared elsewhere", "desk:case", 3),
    ),
    "delegate of the accused": (
        ("delegate of the accused, cleared", "desk:home", 1),
        ("delegate of the accused, cleared", "desk:case", 3),
    ),
    "unit of an accused leader": (
        ("former member, cleared elsewhere", "desk:home", 1),
        ("unit below, cleared", "desk:case", 2),
    ),
    "recused official": (
        ("recused official", "desk:home", 1),
        ("petition office supervisor", "desk:find", 3),
    ),
    "exported proof": (("head of the government", "desk:lead_proof", 6),),
    "notice to the unit's mailbox": (("handler of the unit", "desk:home", 2),),
    "breach list": (("petition office supervisor", "desk:breaches", 1),),
    "linked case": (("petition office clerk", "desk:case", 4),),
    "oracle at the portal": (("the public", "portal:follow", 4),),
    "leader's reading list": (("handler of the unit", "desk:home", 2),),
}
"""Where each one shows: who asks which route how often. Asked first; what is not found there is
looked for anywhere."""


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Plant a leak for the length of the block."""
    patches = [mock.patch.object(*patch) for patch in LEAKS[name]()]
    for patch in patches:
        patch.start()
    # a question kept from before would ask past the leak, one kept from now would leak on
    statements.forget()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
        statements.forget()
