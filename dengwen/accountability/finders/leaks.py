"""The finder over the read log: the accused side saw an accusation (R22 30(3); S 11(8))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dengwen.access.models import ReadLog
from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import KINDS, Material
from dengwen.cases.models import Act, Party
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Appointment

CLASSES = ("D2", "D3", "D4", "D5")
"""Classes of what must not reach the accused side: identity, content, accusation, handling
notes."""
SIDES = {
    "accused_unit": ("被检举控告单位", "somebody of the accused unit"),
    "accused_person": ("被检举控告人本人", "the accused person"),
}
SENT = ("forward", "assign", "pass_on", "forward_accusation", "notify_cadre")


@dataclass(frozen=True, slots=True)
class _Accused:
    """Who is accused in a case, from which instant the office knew it, by which act."""

    role: str
    who: int
    since: datetime
    act: int


@dataclass(frozen=True, slots=True)
class _Post:
    """A post somebody holds in an organ, from a day until another (exclusive)."""

    organ: int
    first: date
    end: date | None

    def held_on(self, day: date) -> bool:
        """Say whether the post is held on a day."""
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who opened an accusation and when: the official where one is known, and the organs they work
    in."""

    at: datetime
    official: int | None
    works_in: frozenset[int]

    def is_of(self, accused: _Accused) -> bool:
        """Say whether the reader is the accused person, or works in the accused unit."""
        if accused.role == "accused_unit":
            return accused.who in self.works_in
        return accused.who == self.official

    def unit(self, accused: _Accused) -> int | None:
        """Return the unit a finding about this reader concerns, or None where none is known."""
        if accused.role == "accused_unit":
            return accused.who
        return min(self.works_in, default=None)


def accused_told(material: Material) -> list[Seen]:
    """Look for openings of an accusation by the accused side, and for accusations sent to the
    accused unit.

    What was read before the accused became known to the office is left out: nobody could tell then
    whom it concerned. Readers of other units are no finding, whatever they read.
    """
    sides = _sides()
    return [*_read(material, sides), *_sent(material, sides)] if sides else []


def _sides() -> dict[int, list[_Accused]]:
    """Return who is accused, by case."""
    found: dict[int, list[_Accused]] = defaultdict(list)
    rows = Party.objects.filter(
        role__in=SIDES, case__kind__in=KINDS, case__protected=True
    ).order_by("pk")
    for case, role, organ, official, act, recorded in rows.values_list(
        "case_id", "role", "organ_id", "official_id", "act_id", "act__recorded_at"
    ):
        who = organ if role == "accused_unit" else official
        if who is not None:
            found[case].append(_Accused(role, who, recorded, act))
    return found


def _posts() -> dict[int, list[_Post]]:
    """Return the posts held, by official."""
    found: dict[int, list[_Post]] = defaultdict(list)
    for official, organ, first, end in Appointment.objects.values_list(
        "official_id", "post__organ_id", "valid_from", "valid_to"
    ):
        found[official].append(_Post(organ, first, end))
    return found


# --- opened by the accused side -------------------------------------------------------------------
def _read(material: Material, sides: dict[int, list[_Accused]]) -> Iterator[Seen]:
    """Yield the first opening of an accusation by each reader of the accused side."""
    numbers = {m.number: pk for pk, m in material.matters.items() if pk in sides}
    seen: set[tuple[int, int, int | None]] = set()
    for number, reader in _readers(material.now, numbers):
        case = numbers[number]
        for accused in sides[case]:
            key = (case, accused.who, reader.official)
            if key in seen or reader.at < accused.since or not reader.is_of(accused):
                continue
            seen.add(key)
            unit = reader.unit(accused)
            if unit is not None:
                yield _opened(case, number, reader, accused, unit)


def _readers(now: datetime, numbers: Collection[str]) -> Iterator[tuple[str, _Reader]]:
    """Yield who opened one of these cases, by number, in the order of the read log."""
    posts = _posts()
    for number, at, organ, official in _openings(now).iterator(chunk_size=2000):
        if number in numbers:
            held = posts.get(official or 0, ())
            yield number, _Reader(at, official, _works_in(held, civil(at), organ))


def _openings(now: datetime) -> QuerySet[ReadLog, tuple[str, datetime, int | None, int | None]]:
    """Return the openings by people in their post: number of the case, instant, organ, official."""
    return (
        ReadLog.objects.filter(
            Q(user__official__isnull=False) | Q(organ__isnull=False),
            result="granted",
            data_class__in=CLASSES,
            at__lte=now,
        )
        .exclude(purpose__in=("own", "system"))
        .order_by("pk")
        .values_list("case_number", "at", "organ_id", "user__official_id")
    )


def _works_in(posts: Iterable[_Post], day: date, organ: int | None) -> frozenset[int]:
    """Return the organs somebody works in on a day: those of their posts, and the one they acted
    for."""
    organs = {post.organ for post in posts if post.held_on(day)}
    if organ is not None:
        organs.add(organ)
    return frozenset(organs)


def _opened(case: int, number: str, reader: _Reader, accused: _Accused, unit: int) -> Seen:
    """Return what is seen of an accusation that somebody of the accused side opened."""
    day = civil(reader.at)
    side_zh, side_en = SIDES[accused.role]
    log = f"{reader.at:%Y-%m-%d %H:%M} UTC"
    return Seen(
        cases=(case,),
        unit=unit,
        day=day,
        zh=f"{day} 检举控告的内容被{side_zh}的人员打开",
        en=f"{day}: the content of an accusation was opened by {side_en}",
        evidence=(
            _known_accused(number, accused),
            Evidence(number, None, None, f"查阅日志：{log}", f"read log: {log}"),
        ),
        mark=f"read/{accused.role}/{accused.who}/{reader.official or 0}",
        official=reader.official,
        act=accused.act,
        protected=True,
    )


def _known_accused(number: str, accused: _Accused) -> Evidence:
    """Return the act by which the office knew who is accused."""
    return Evidence(
        number,
        accused.act,
        None,
        "此前已知被检举控告的是谁",
        "it was known by then who is accused",
    )


# --- sent to the accused unit ---------------------------------------------------------------------
def _sent(material: Material, sides: dict[int, list[_Accused]]) -> Iterator[Seen]:
    """Yield the accusations that were sent to the unit they accuse."""
    rows = Act.objects.filter(
        act__in=SENT,
        organ__isnull=False,
        case__in=Party.objects.filter(role="accused_unit").values("case_id"),
        case__protected=True,
        recorded_at__lte=material.now,
    ).order_by("pk")
    for pk, case, organ, actor, data, recorded in rows.values_list(
        "pk", "case_id", "organ_id", "actor", "data", "recorded_at"
    ):
        accused = _accused_unit(sides.get(case, ()), data.get("to"))
        if accused is None or recorded < accused.since:
            continue
        number, day = material.matters[case].number, civil(recorded)
        yield Seen(
            cases=(case,),
            unit=organ,
            day=day,
            zh=f"{day} 检举控告件转给了被检举控告的单位",
            en=f"{day}: an accusation was sent to the accused unit",
            evidence=(
                _known_accused(number, accused),
                Evidence(number, pk, None, "转送", "the sending"),
            ),
            mark=f"sent/{pk}",
            official=material.official_of.get(actor or 0),
            act=pk,
            protected=True,
        )


def _accused_unit(sides: Iterable[_Accused], organ: object) -> _Accused | None:
    """Return the accused unit that an organ is, or None."""
    for accused in sides:
        if accused.role == "accused_unit" and accused.who == organ:
            return accused
    return None


FINDERS = (
    Finder(
        "accused_told",
        "检举控告被透露",
        "accused side told",
        ("leak",),
        "如果情有可原，会看到：查阅的人不在被检举控告的单位，或者查阅时还不知道被检举控告的是谁",
        "if it were innocent: the reader is not of the accused unit, or read before the "
        "accused was known",
        "ledger",
        accused_told,
    ),
)
