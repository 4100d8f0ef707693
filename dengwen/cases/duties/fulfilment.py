"""The acts in other cases that may meet recurring duties, with corrections applied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from dengwen.cases.act_records import records_of
from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.models import Act, Case, Content
from dengwen.cases.write.contents import LATE_REASON
from dengwen.law.duties.act_record import CHINA, CORRECT, civil
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.corrected_acts import corrected
from dengwen.law.duties.recurrence import LEADER, Deed
from dengwen.law.packs.rules import ClosedBy, DutyRule
from dengwen.law.packs.vocabulary import IN_CASE, ON_DAY

MANY = 400
"""Cases of which one statement asks."""
EVER, INSTANT = datetime(1949, 10, 1, tzinfo=CHINA), timedelta(microseconds=1)
"""Before everything, and the least of times."""
KindAndAct = tuple[str, str]
"""The kind of a case and the act in it."""
ByWhom = Mapping[tuple[str, str, int | None], list[Deed]]
"""Acts by kind of case, act, and organ or leader."""


@dataclass(frozen=True)
class Fulfilments:
    """The acts that may meet duties, by organ and by leader; `changed` are those in whose case
    something was corrected."""

    by_organ: ByWhom
    by_leader: ByWhom
    changed: frozenset[int]

    def of(self, rule: DutyRule, organ: int, bearer: Bearer) -> list[Deed]:
        """Return the acts that may meet a duty: of this organ, or of whoever held the seat
        at any time."""
        acts = dict.fromkeys((closed_by.kind, closed_by.act) for closed_by in rule.closed_by)
        if rule.of == "holder":
            return _done_by(self.by_organ, acts, [organ])
        return _done_by(self.by_leader, acts, sorted(bearer.people()))

    def is_corrected(self, act: int | None) -> bool:
        """Say whether anything in the case of this act was corrected since."""
        return act is not None and act in self.changed

    @staticmethod
    def read(rules: Sequence[DutyRule], begins: datetime, now: datetime) -> Fulfilments:
        """Read what was done from `begins` to `now` of all that may meet duties of these rules, and
        before of what may say the same as what is done later."""
        wanted = {(closed_by.kind, closed_by.act) for rule in rules for closed_by in rule.closed_by}
        if not wanted:
            return Fulfilments({}, {}, frozenset())
        mended = _corrected_cases({kind for kind, _ in wanted})
        found = _as_written(wanted, mended, begins, now)
        if lasting := _said_again(rules):
            past = _as_written(lasting, mended, EVER, begins - INSTANT)
            found = [*past, *found]
        again = _as_corrected(wanted, mended)
        changed = frozenset(act.id for act in again)
        closings = [one for rule in rules for one in rule.closed_by]
        worded = {(one.kind, one.act) for one in closings if one.worded}
        known = _with_openings([*found, *again], closings, mended)
        return Fulfilments(*_by_whom(_with_words(known, worded)), changed)


def _done_by(acts: ByWhom, wanted: Iterable[KindAndAct], whom: Iterable[int | None]) -> list[Deed]:
    """Return the wanted acts of these organs or leaders."""
    people = list(whom)
    found: list[Deed] = []
    for kind, act in wanted:
        for one in people:
            found += acts.get((kind, act, one), ())
    return found


def _corrected_cases(kinds: set[str]) -> set[int]:
    """Return the cases of these kinds in which an act was corrected."""
    acts = Act.objects.filter(act=CORRECT, case__kind__in=kinds)
    return set(acts.values_list("case_id", flat=True))


def _as_written(
    wanted: set[KindAndAct], mended: set[int], begins: datetime, now: datetime
) -> list[Deed]:
    """Return the wanted acts of cases in which nothing was corrected, from their rows."""
    named = reduce(or_, (Q(case__kind=kind, act=act) for kind, act in sorted(wanted)))
    rows = Act.objects.filter(named, occurred_at__lte=now).exclude(case__protected=True)
    columns = rows.filter(occurred_at__gte=begins).values_list(
        "case_id",
        "id",
        "case__kind",
        "act",
        "occurred_at",
        "recorded_at",
        "organ_id",
        "case__holder_id",
        "data",
    )
    return [
        Deed(pk, kind, act, civil(occurred), civil(recorded), organ or holder, data, case=case)
        for case, pk, kind, act, occurred, recorded, organ, holder, data in columns
        if case not in mended
    ]


def _as_corrected(wanted: set[KindAndAct], mended: set[int]) -> list[Deed]:
    """Return the wanted acts of cases in which something was corrected, as they stand now."""
    found = []
    for case in Case.objects.filter(pk__in=mended, protected=False):
        for record in corrected(records_of(case)):
            if (case.kind, record.act) in wanted:
                organ = record.organ or case.holder_id
                recorded = civil(record.recorded)
                found.append(
                    Deed(
                        record.id,
                        case.kind,
                        record.act,
                        record.day,
                        recorded,
                        organ,
                        record.data,
                        case=case.pk,
                    )
                )
    return found


def _with_words(acts: Sequence[Deed], asked: set[KindAndAct]) -> list[Deed]:
    """Return acts with whether anything was written with those of which it is asked; the reason of
    a late entry is no word of the act."""
    wanted = [act.id for act in acts if (act.kind, act.act) in asked]
    written = Content.objects.filter(act__in=wanted, sealed=False).values_list("act_id", "body")
    worded = {act for act, body in written if _says_something(bytes(body))}
    return [replace(act, worded=act.id in worded) for act in acts]


def _said_again(rules: Iterable[DutyRule]) -> set[KindAndAct]:
    """Return the acts that say the same as one of any day before; where the day itself tells, none
    of another day does."""
    closings = (one for rule in rules for one in rule.closed_by)
    return {(one.kind, one.act) for one in closings if one.once and ON_DAY not in one.once}


def _with_openings(
    acts: Sequence[Deed], closings: Iterable[ClosedBy], mended: Set[int] = frozenset()
) -> list[Deed]:
    """Return acts with what the one that opened their case says, as it stands corrected, where that
    tells whether they say the same again."""
    once: dict[KindAndAct, set[str]] = {}
    for one in closings:
        names = {name for name in one.once if name not in (ON_DAY, IN_CASE)}
        once.setdefault((one.kind, one.act), set()).update(names)
    lacking = {act.case for act in acts if once[act.kind, act.act] - set(act.data)}
    opening: dict[int, Mapping[str, Any]] = {}
    asked = sorted(lacking)
    for start in range(0, len(asked), MANY):
        first = Act.objects.filter(case__in=asked[start : start + MANY], seq=1)
        opening |= dict(first.values_list("case_id", "data"))
    for case in Case.objects.filter(pk__in=lacking & mended):
        opening[case.pk] = corrected(records_of(case))[0].data
    return [replace(act, opening=opening.get(act.case, {})) for act in acts]


def _says_something(body: bytes) -> bool:
    """Say whether a package of texts holds one that is not blank."""
    texts = json.loads(body)["fields"]
    return any(not is_blank(text) for name, text in texts.items() if name != LATE_REASON)


def _by_whom(acts: Sequence[Deed]) -> tuple[ByWhom, ByWhom]:
    """Return acts by the organ that did them, and by the leader they name (None: none)."""
    by_organ: dict[tuple[str, str, int | None], list[Deed]] = {}
    by_leader: dict[tuple[str, str, int | None], list[Deed]] = {}
    for act in acts:
        named = act.data.get(LEADER)
        leader = named if isinstance(named, int) else None
        by_organ.setdefault((act.kind, act.act, act.organ), []).append(act)
        by_leader.setdefault((act.kind, act.act, leader), []).append(act)
    return by_organ, by_leader
