"""The finder over the read log: somebody of the accused side was shown or sent an accusation
(R22 30(3); S 11(8))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from dengwen.access.models import ReadLog
from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import KINDS, Material
from dengwen.cases.models import Act, Party
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Appointment

ACCUSED = ("accused_unit", "accused_person")
CLASSES = ("D2", "D3", "D4", "D5")
"""Classes of what must not reach the accused side: identity, content, accusation, handling
notes."""
SENT = ("forward", "assign", "pass_on", "forward_accusation", "notify_cadre")


@dataclass(frozen=True, slots=True)
class _Accused:
    """Who is accused in a case, from which instant the office knew it, by which act."""

    role: str
    who: int
    since: datetime
    act: int


def accused_told(material: Material) -> list[Seen]:
    """Look for openings of an accusation by the accused side, and for accusations sent to the
    accused unit.

    What was read before the accused became known to the office is left out: nobody could tell then
    whom it concerned.
    Readers of other units are no finding, whatever they read.
    """
    sides = _sides()
    return [*_read(material, sides), *_sent(material, sides)] if sides else []


def _sides() -> dict[int, list[_Accused]]:
    found: dict[int, list[_Accused]] = defaultdict(list)
    rows = Party.objects.filter(
        role__in=ACCUSED, case__kind__in=KINDS, case__protected=True
    ).order_by("pk")
    for case, role, organ, official, act, recorded in rows.values_list(
        "case_id", "role", "organ_id", "official_id", "act_id", "act__recorded_at"
    ):
        who = organ if role == "accused_unit" else official
        if who is not None:
            found[case].append(_Accused(role, who, recorded, act))
    return found


def _posts() -> dict[int, list[tuple[int, date, date | None]]]:
    """Return by official the organs of the posts held: organ, from, until (exclusive)."""
    found: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    for official, organ, first, end in Appointment.objects.values_list(
        "official_id", "post__organ_id", "valid_from", "valid_to"
    ):
        found[official].append((organ, first, end))
    return found


def _read(material: Material, sides: dict[int, list[_Accused]]) -> Iterator[Seen]:
    numbers = {m.number: pk for pk, m in material.matters.items() if pk in sides}
    posts = _posts()
    rows = (
        ReadLog.objects.filter(
            Q(user__official__isnull=False) | Q(organ__isnull=False),
            result="granted",
            data_class__in=CLASSES,
            at__lte=material.now,
        )
        .exclude(purpose__in=("own", "system"))
        .order_by("pk")
    )
    seen: set[tuple[int, int, int | None]] = set()
    for number, at, organ, official in rows.values_list(
        "case_number", "at", "organ_id", "user__official_id"
    ).iterator(chunk_size=2000):
        case = numbers.get(number)
        if case is None:
            continue
        day = civil(at)
        works_in = {
            o
            for o, first, end in posts.get(official or 0, ())
            if first <= day and (end is None or day < end)
        }
        works_in |= {organ} - {None}
        for accused in sides[case]:
            mine = (
                accused.who in works_in
                if accused.role == "accused_unit"
                else accused.who == official
            )
            if not mine or at < accused.since or (case, accused.who, official) in seen:
                continue
            seen.add((case, accused.who, official))
            unit = (
                accused.who
                if accused.role == "accused_unit"
                else next(iter(sorted(works_in)), None)
            )
            if unit is None:
                continue
            yield Seen(
                (case,),
                unit,
                day,
                f"{day} 检举控告的内容被{_side(accused, zh=True)}的人员打开",
                f"{day}: the content of an accusation was opened by {_side(accused, zh=False)}",
                (
                    Evidence(
                        number,
                        accused.act,
                        None,
                        "此前已知被检举控告的是谁",
                        "it was known by then who is accused",
                    ),
                    Evidence(
                        number,
                        None,
                        None,
                        f"查阅日志：{at:%Y-%m-%d %H:%M} UTC",
                        f"read log: {at:%Y-%m-%d %H:%M} UTC",
                    ),
                ),
                f"read/{accused.role}/{accused.who}/{official or 0}",
                official,
                accused.act,
                None,
                protected=True,
            )


def _side(accused: _Accused, *, zh: bool) -> str:
    if accused.role == "accused_unit":
        return "被检举控告单位" if zh else "somebody of the accused unit"
    return "被检举控告人本人" if zh else "the accused person"


def _sent(material: Material, sides: dict[int, list[_Accused]]) -> Iterator[Seen]:
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
        units = [
            a for a in sides.get(case, ()) if a.role == "accused_unit" and a.who == data.get("to")
        ]
        if not units or recorded < units[0].since:
            continue
        number, day = material.matters[case].number, civil(recorded)
        yield Seen(
            (case,),
            organ,
            day,
            f"{day} 检举控告件转给了被检举控告的单位",
            f"{day}: an accusation was sent to the accused unit",
            (
                Evidence(
                    number,
                    units[0].act,
                    None,
                    "此前已知被检举控告的是谁",
                    "it was known by then who is accused",
                ),
                Evidence(number, pk, None, "转送", "the sending"),
            ),
            f"sent/{pk}",
            material.official_of.get(actor or 0),
            pk,
            None,
            protected=True,
        )


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
