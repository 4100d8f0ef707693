"""Whoever reads one part of a split letter cannot tell that there was another: same letter, with
and without it.

Two pairs. A letter of two open matters, with and without an accusation split from it as well; and
one open matter that
was split from a letter with an accusation in it, beside the same matter handed in alone and sorted
at once. In both
worlds of a pair the part goes its way to the accused unit, whose people, and everybody else who
never had to do with
the letter itself, ask for everything that shows it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache

from dengwen.access.models import User
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, CaseLink, Document
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write import call_keys, record, running_call
from dengwen.law.duties.step import Step
from dengwen.ledger.models import Event
from dengwen.petitions.intake import split as dividing
from dengwen.petitions.intake.intake import OPENED, handed_in, register
from dengwen.petitions.intake.split import Part, split
from tests.wall.asking import Ask, get, post
from tests.wall.harness import Harness, Planned, Seen
from tests.wall.highs import ACCUSING, MATTERS, PEOPLE
from tests.wall.stage import (
    ACCUSED_HEAD,
    ACCUSED_UNIT,
    NOW,
    UNIT_NAME,
    Actor,
    Stage,
    drawn,
    held_still,
    swept,
    undone,
)
from tests.world import CLAIM, at

pytestmark = [pytest.mark.wall, pytest.mark.django_db]
SPLIT_AT = at("2025-03-12") + timedelta(seconds=17, milliseconds=421)
UID = "desk/7/" + "c0ffee" * 5 + "00"
CODES = tuple(letter * 20 for letter in "ABC")
OPEN = Part(
    proposed_class="claim", path="31(6)", content=MATTERS[0], subject=MATTERS[0][:20], requests=(1,)
)
SECOND = Part(
    proposed_class="suggestion", content=MATTERS[1], subject=MATTERS[1][:20], requests=(2,)
)
HIDDEN = Part(proposed_class="accusation", content=f"反映{UNIT_NAME}{ACCUSED_HEAD}。{ACCUSING}")
PARTS = (OPEN, SECOND, HIDDEN)
READERS = (
    "handler of the unit",
    "checker of the unit",
    "accused unit, R4",
    "accused unit, R9",
    "accused unit, cleared R11",
    "unit below, cleared",
    "former member, cleared elsewhere",
    "another bureau's handler",
    "the public",
)


@dataclass(frozen=True)
class Split:
    """How one world came by its open part: its number, the numbers that are asked for beside it,
    and its code."""

    number: str
    others: tuple[str, ...]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """404 and 403 are what is asked for: no log lines of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def _drawn_by_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each act draw what it needs by its own uid, so that what another act draws shifts
    nothing."""
    write = record.write_act

    def write_act(*given: Any) -> Any:
        with drawn(f"act/{given[-1]}"):
            return write(*given)

    monkeypatch.setattr(running_call, "write_act", write_act)


def _letter(stage: Stage, requests: Sequence[str]) -> str:
    name, address, phone = PEOPLE[0]
    mixed = handed_in(
        channel="letter",
        content="\n".join((*MATTERS, ACCUSING)),
        subject="来信",
        petitioner=name,
        address=address,
        phone=phone,
        requests=requests,
    )
    return register(mixed, by=stage.world.by("clerk"), now=at("2025-03-10"), uid="letter").number


def _split(stage: Stage, *parts: Part) -> Split:
    """Split a letter of as many requests as its open parts take; each part draws what it would
    draw at any place."""
    letter = _letter(stage, [f"诉求{n}" for part in parts for n in part.requests])
    drawn_as = [PARTS.index(part) + 1 for part in parts]
    key_of, instant_of = call_keys.key_of, call_keys.instant_of

    def key(uid: str, place: int) -> str:
        return key_of(uid, drawn_as[place - 1])

    def instant(uid: str, place: int, *more: Any) -> datetime:
        return instant_of(uid, drawn_as[place - 1], *more)

    with (
        mock.patch.object(dividing, "new_code", side_effect=[CODES[n - 1] for n in drawn_as]),
        mock.patch.object(call_keys, "key_of", key),
        mock.patch.object(call_keys, "instant_of", instant),
    ):
        done = split(letter, parts, by=stage.world.by("clerk"), now=SPLIT_AT, uid=UID)
    numbers = dict(zip(drawn_as, (part.number for part in done.parts), strict=True))
    return Split(numbers.pop(1), (letter, *numbers.values()))


def _with(stage: Stage) -> Split:
    return _split(stage, HIDDEN, OPEN, SECOND)


def _between(stage: Stage) -> Split:
    return _split(stage, OPEN, HIDDEN, SECOND)


def _without(stage: Stage) -> Split:
    return _split(stage, OPEN, SECOND)


def _beside_a_hidden_one(stage: Stage) -> Split:
    return _split(stage, HIDDEN, OPEN)


def _alone(stage: Stage) -> Split:
    """Register the same matter as if it had come alone, by the call that a door would have made;
    a letter lies by."""
    letter = _letter(stage, ["诉求1"])
    name, address, phone = PEOPLE[0]
    intake = handed_in(
        channel="letter",
        content=OPEN.content,
        subject=OPEN.subject,
        petitioner=name,
        address=address,
        phone=phone,
        requests=["诉求1"],
        received_on=at("2025-03-10").date(),
    )
    sort = Step(act="classify", ref=OPENED, organ=stage.organ("YJ01"), fields=CLAIM)
    now = call_keys.instant_of(UID, 1, SPLIT_AT, {SPLIT_AT})
    uid = call_keys.key_of(UID, 1)
    done = register(
        intake, by=stage.world.by("clerk"), now=now, uid=uid, code=CODES[0], onward=[sort]
    )
    return Split(done.number, (letter,))


def _onward(stage: Stage, number: str) -> None:
    world = stage.world
    world.act(
        "router", "forward", number, on="2025-03-13", uid="onward/1", to=world.organ(ACCUSED_UNIT)
    )
    world.act("handler", "receive", number, on="2025-03-14", uid="onward/2")
    told = {"procedure": "信访程序", "contact": "李样本 0000-0000000"}
    world.act("handler", "accept", number, on="2025-03-17", uid="onward/3", texts=told)


def _asks(part: Split, hidden: Sequence[str]) -> list[Ask]:
    """Return what shows a part, and what might show another one."""
    own, code = f"/desk/case/{part.number}/", {"number": part.number, "code": CODES[0]}
    acts = Act.objects.filter(case__number=part.number).count()
    papers = Document.objects.filter(case__number=part.number).order_by("act__seq", "rule")
    return [
        *get(
            own,
            *(f"{own}proof/{n}/" for n in range(1, acts + 2)),
            *(
                f"{own}documents/{seq}/{rule}/"
                for seq, rule in papers.values_list("act__seq", "rule")
            ),
            "/desk/",
            "/desk/?who=all",
            "/desk/petitions/find/?q=示例小区",
            f"/desk/petitions/find/?q={part.number}",
            "/desk/oversight/breaches/",
            "/desk/oversight/figures/",
            "/desk/leadership/staff/",
            f"{own}draft/",
            f"{own}link/",
            f"{own}correct/",
            *(f"/desk/case/{number}/{page}" for number in hidden for page in ("", "proof/1/")),
        ),
        post(f"{own}identity/open/", purpose="handle"),
        post("/follow/", **code),
        post("/follow/receipt/", **code),
        post("/follow/paper/", paper="1", **code),
        *(post("/follow/", number=number, code=CODES[0]) for number in hidden),
    ]


def _answers(
    stage: Stage, world: Callable[[Stage], Split], hidden: Sequence[str]
) -> Iterator[tuple[str, Seen]]:
    """Play one world to its end and yield what everybody sees, the mailboxes last; it is taken
    back."""
    cache.clear()
    rulebooks.forget_rows()  # each world begins with nothing in mind
    with held_still(), undone(), swept(settings.DATA / "files"):
        part = world(stage)
        _onward(stage, part.number)
        actors = [actor for actor in stage.actors if actor.name in READERS]
        _strangers(actors, part)
        harness = Harness(replace(stage, actors=actors))
        yield "the part", Seen(0, (), "", repr(_columns(part.number)).encode(), 0)
        for actor in actors:
            client = harness.client(actor, "split")
            for n, ask in enumerate(_asks(part, hidden)):
                with drawn(f"split/{actor.name}/{n}"):
                    yield f"{actor.name}, {ask}", harness.seen(client, actor, ask)
        assert not harness.figures.broken, harness.figures.broken
        yield from (("mailboxes", seen) for seen in harness.outbox(list[Planned]()))


def _strangers(actors: Sequence[Actor], part: Split) -> None:
    """See that nobody who asks may know of the letter, in whichever world: knowing it is no
    leak."""
    for actor in actors:
        user = User.objects.filter(username=actor.username).first()
        assert (
            user is None or find(viewer_of(user, NOW.date()), NOW.date(), part.others[0]) is None
        ), actor.name


def _columns(number: str) -> list[object]:
    """Return what a part says of itself wherever it is read: acts with keys and instants,
    papers, events, sizes."""
    acts = Act.objects.filter(case__number=number).order_by("seq")
    events = Event.objects.filter(case_key=number).order_by("case_seq")
    return [
        *acts.values_list(
            "seq", "act", "uid", "call", "occurred_at", "recorded_at", "data", "content", "paper"
        ),
        *Document.objects.filter(case__number=number)
        .order_by("rule")
        .values_list("rule", "number", "digest"),
        *(
            (bytes(e.hash), len(bytes(e.manifest)), e.recorded_at, e.claimed_at, e.promise)
            for e in events
        ),
    ]


PAIRS = {
    "with and without a hidden part before it": (_with, _without),
    "with and without a hidden part after it": (_between, _without),
    "beside a hidden part and alone": (_beside_a_hidden_one, _alone),
}


@pytest.mark.long(keep=1, ci=2)
@pytest.mark.parametrize("pair", PAIRS)
def test_a_part_reads_the_same_whether_there_was_a_hidden_one(stage: Stage, pair: str) -> None:
    first, second = PAIRS[pair]
    hidden = _hidden_numbers(stage, first)
    one, other = list(_answers(stage, first, hidden)), list(_answers(stage, second, hidden))
    assert len(one) == len(other) > 200
    for (what, seen), (same, expected) in zip(one, other, strict=True):
        assert what == same
        for (aspect, left), (_aspect, right) in zip(
            seen.aspects(), expected.aspects(), strict=True
        ):
            assert left == right, f"{what}: {aspect}"
    assert any(
        MATTERS[0].encode() in seen.body for _what, seen in one
    )  # the readers do read the part


def _hidden_numbers(stage: Stage, world: Callable[[Stage], Split]) -> list[str]:
    """Return the numbers of the letter and of the parts nobody may know of, as the first world
    draws them."""
    with held_still(), undone(), swept(settings.DATA / "files"):
        part = world(stage)
        return [n for n in part.others if Case.objects.get(number=n).protected]


@pytest.mark.parametrize("place", range(3))
def test_no_two_parts_show_anything_alike(stage: Stage, place: int) -> None:
    """Wherever the hidden part stood in the form: no key, no instant and no place tells of a
    part before or after."""
    parts = [OPEN, SECOND]
    parts.insert(place, HIDDEN)
    with held_still(), undone(), swept(settings.DATA / "files"):
        letter = _letter(stage, ["诉求1", "诉求2"])
        done = split(letter, parts, by=stage.world.by("clerk"), now=SPLIT_AT, uid=UID)
        numbers = [part.number for part in done.parts]
        acts = {n: list(Act.objects.filter(case__number=n).order_by("seq")) for n in numbers}
        last = Act.objects.get(case__number=letter, act="split")
        again = split(letter, parts, by=stage.world.by("clerk"), now=NOW, uid=UID)
        links = CaseLink.objects.filter(other__number=letter, kind="split_from").count()
    calls = [{act.call for act in rows} for rows in acts.values()]
    instants = [{(act.occurred_at, act.recorded_at) for act in rows} for rows in acts.values()]
    assert all(len(one) == 1 for one in calls)
    assert all(len(one) == 1 for one in instants)
    assert len({key for one in calls for key in one} | {last.call}) == 4
    assert len({at for one in instants for at in one} | {(last.occurred_at, last.recorded_at)}) == 4
    for rows in acts.values():
        assert [act.uid for act in rows] == [f"{rows[0].call}/{n}" for n in range(len(rows))]
        assert SPLIT_AT - timedelta(seconds=1) < rows[0].recorded_at < SPLIT_AT
        assert rows[0].call.startswith("desk/7/")
        assert len(rows[0].call) == len(UID)
    assert (again.performed.repeated, [p.number for p in again.parts], links) == (True, numbers, 3)
