"""What a leader's acts set in motion: who stands how to which matter, the published roster, talks
that follow it.

Each function is an effect `(step, facts) -> steps`, named in `config.effects`, run inside the
transaction. A matter whose accused side the leader stands on never reaches the leader: the step is
refused in the words of a number that does not exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from dengwen.cases.models import Case, CaseLink, Party
from dengwen.cases.wall.visibility import not_walled, viewer_of_official
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.leadership.errors import LeadershipError
from dengwen.leadership.models import CALLED_OFF, HELD, SCHEDULED, Slot
from dengwen.organs.models import Official
from dengwen.organs.structure.posts_held import holds_post_in, is_led, leads_in, organs_of

MATTER, INTERVIEW, DAY = "petition", "interview", "reception"
ABOUT, ON_DAY = "about", "concerns"
LEADER_ROLE = "leader_in_charge"
BOOKED = "booked"


# --- a leader enters ------------------------------------------------------------------------------
def presented(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a letter to the leader it is presented to: the leader may read the matter from now on
    (S 7(1))."""
    _enter(step, facts)
    return ()


def charged(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a case in charge to its leader and its matter (S 7(2))."""
    _enter(step, facts)
    return ()


def visited(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a visit down to its leader and to the matter it was about, once, whether drafted first
    or not (S 7(1))."""
    _enter(step, facts)
    return ()


def convened(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a coordination to its leader and its matter; the organs invited see it (S 7(2))."""
    _enter(step, facts)
    invited = step.fields.get("invited")
    organs = [o for o in invited if isinstance(o, int)] if isinstance(invited, tuple) else []
    enter_in_role(facts, "assisting_organ", organs=organs)
    return ()


def checked(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a check to its leader (S 7(4)); the organs checked see it when something is required
    of them."""
    _enter(step, facts)
    return ()


def handed_over(step: Step, facts: Facts) -> Sequence[Step]:
    """Let another leader take the place of the one before, here and in the matter this is about."""
    leader = _number(step, "leader")
    for link in CaseLink.objects.filter(case_id=facts.case_id, kind=ABOUT).select_related("other"):
        if not _may_deal(leader, link.other, facts.day):
            raise LeadershipError.no_matter("leader")
    _leave(facts, facts.case_id)
    _enter(step, facts)
    return ()


def ended(_step: Step, facts: Facts) -> Sequence[Step]:
    """The work on the matter is over: the leader's view of the matter ends like that of a former
    holder."""
    _leave(facts)
    return ()


def attended(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse whoever does not lead the organ that enters it, by a rule of the house: S 7(3) says
    leaders and not which; not any name closes what they owe. Where the registry knows no leading
    group of the organ, whoever holds a post in it may be named."""
    leader, organ = _number(step, "leader"), facts.organ or 0
    if leads_in(leader, organ, facts.day):
        return ()
    if is_led(organ, facts.day) or not holds_post_in(leader, organ, facts.day):
        raise LeadershipError.no_leader("leader")
    return ()


# --- the roster -----------------------------------------------------------------------------------
def scheduled(step: Step, facts: Facts) -> Sequence[Step]:
    """Put a day of reception on the public roster (R22 18(1))."""
    _enter(step, facts)
    _receives_once(facts, _number(step, "leader"), _day(step), str(step.fields["hours"]))
    Slot.objects.create(
        case=facts.case_id,
        leader_id=_number(step, "leader"),
        organ_id=_number(step, "organ"),
        day=_day(step),
        hours=str(step.fields["hours"]),
        room=str(step.fields["room"]),
        topic=str(step.fields.get("topic", "")),
        act=facts.act_id,
    )
    return ()


def substituted(step: Step, facts: Facts) -> Sequence[Step]:
    """Publish that another leader receives; the talks booked for the day go to that leader."""
    slot = _slot(facts)
    if _day(step) != slot.day:
        raise LeadershipError.no_day("day")
    handed_over(step, facts)
    _receives_once(facts, _number(step, "leader"), slot.day, slot.hours)
    slot.leader_id, slot.organ_id = _number(step, "leader"), _number(step, "organ")
    return _republished(slot, facts)


def moved(step: Step, facts: Facts) -> Sequence[Step]:
    """Publish another day; the talks booked move with it."""
    slot = _slot(facts)
    if _number(step, "leader") != slot.leader_id:
        raise LeadershipError.no_day("leader")
    _receives_once(facts, slot.leader_id, _day(step), str(step.fields["hours"]))
    slot.day, slot.hours, slot.room = (
        _day(step),
        str(step.fields["hours"]),
        str(step.fields["room"]),
    )
    return _republished(slot, facts)


def _receives_once(facts: Facts, leader: int, day: date, hours: str) -> None:
    """Refuse a second day of reception of one leader at the same hours, in whichever organ: it is
    one reception, entered twice."""
    stands = Slot.objects.filter(leader=leader, day=day).exclude(state=CALLED_OFF)
    others = stands.exclude(case=facts.case_id).values_list("hours", flat=True)
    if any(_as_hours(one) == _as_hours(hours) for one in others):
        raise LeadershipError.twice("hours")


def _as_hours(text: str) -> tuple[int, ...]:
    """Return the numbers in written hours: 9:00, 09:00 and 9时00分 are the same."""
    return tuple(int(part) for part in re.findall(r"\d+", unicodedata.normalize("NFKC", text)))


def called_off(_step: Step, facts: Facts) -> Sequence[Step]:
    """Publish that the day is called off; the talks booked for it are dropped and can be booked
    anew."""
    slot = _slot(facts)
    slot.state, slot.changed, slot.act = CALLED_OFF, True, facts.act_id
    slot.save()
    return [
        Step(act="drop", case=one.number, fields={"why": "called_off"})
        for one in _booked(facts.case_id)
    ]


def held(_step: Step, facts: Facts) -> Sequence[Step]:
    """Publish that the day was held."""
    slot = _slot(facts)
    slot.state, slot.act = HELD, facts.act_id
    slot.save()
    return ()


def booked(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a talk to its day on the roster, its leader and its matter; one talk for a matter on a
    day."""
    day = Case.objects.filter(number=str(step.fields.get("reception", "")), kind=DAY).first()
    slot = None if day is None else Slot.objects.filter(case=day.pk, state=SCHEDULED).first()
    same = slot is not None and (slot.leader_id, slot.organ_id, slot.day) == (
        step.fields.get("leader"),
        step.fields.get("organ"),
        step.fields.get("day"),
    )
    if day is None or slot is None or not same or slot.day < facts.day:
        raise LeadershipError.no_day("reception")
    _enter(step, facts)
    for earlier in _booked(day.pk):
        if CaseLink.objects.filter(
            case=earlier, kind=ABOUT, other__number=step.fields.get(MATTER)
        ).exists():
            raise LeadershipError(
                "booked-already",
                where=MATTER,
                zh="这件事在这一天已经预约",
                en="this matter is booked on this day already",
                mend_zh="不用再约；要改日子，先取消",
                mend_en="no need to book again; to change the day, drop it first",
            )
    CaseLink.objects.create(case_id=facts.case_id, other=day, kind=ON_DAY, act_id=facts.act_id)
    return ()


# --- parts of the above ---------------------------------------------------------------------------
def _enter(step: Step, facts: Facts) -> None:
    """Let the leader of the step stand to the case, and to the matter it is about if it names
    one."""
    leader, organ = _number(step, "leader"), step.fields.get("organ")
    if organ is not None and organ not in organs_of(Official.objects.get(pk=leader), facts.day):
        raise LeadershipError.not_there("organ")
    _stand(facts.case_id, leader, facts)
    number = step.fields.get(MATTER)
    if (
        number is not None
        and not CaseLink.objects.filter(case_id=facts.case_id, kind=ABOUT).exists()
    ):
        matter = Case.objects.filter(number=str(number), kind=MATTER).first()
        if matter is None or not _may_deal(leader, matter, facts.day):
            raise LeadershipError.no_matter(MATTER)
        CaseLink.objects.create(
            case_id=facts.case_id, other=matter, kind=ABOUT, act_id=facts.act_id
        )
    for link in CaseLink.objects.filter(case_id=facts.case_id, kind=ABOUT):
        _stand(link.other_id, leader, facts)
        _recused_too(link.other_id, facts)


def _may_deal(leader: int, matter: Case, day: date) -> bool:
    """Say whether a matter can go to a leader: no accusation goes this way, nothing whose
    accused side they stand on."""
    seen = Case.objects.filter(pk=matter.pk, protected=False).filter(
        not_walled(viewer_of_official(leader, day))
    )
    return seen.exists()


def _stand(case: int, leader: int, facts: Facts) -> None:
    """Let a leader read a case from now on, entered once."""
    rows = Party.objects.filter(
        case_id=case, role=LEADER_ROLE, official_id=leader, until__isnull=True
    )
    if not rows.exists():
        enter_in_role(facts, LEADER_ROLE, officials=[leader], case=case)


def _recused_too(matter: int, facts: Facts) -> None:
    """Whoever is recused from the matter is recused from a leader's work on it."""
    rows = Party.objects.filter(role="recused", official__isnull=False, until__isnull=True)
    known = set(rows.filter(case_id=facts.case_id).values_list("official_id", flat=True))
    recused = set(rows.filter(case_id=matter).values_list("official_id", flat=True))
    enter_in_role(facts, "recused", officials=recused - known)


def _leave(facts: Facts, *own: int) -> None:
    """End the standing of leaders that acts of this case gave them: in the matters it is about,
    and in `own`."""
    rows = Party.objects.filter(role=LEADER_ROLE, act__case_id=facts.case_id, until__isnull=True)
    matters = CaseLink.objects.filter(case_id=facts.case_id, kind=ABOUT).values_list(
        "other_id", flat=True
    )
    rows.filter(case_id__in=[*own, *matters]).update(until=facts.day)


def _republished(slot: Slot, facts: Facts) -> Sequence[Step]:
    """Keep a changed day, and move the talks booked for it or drop them."""
    slot.changed, slot.act = True, facts.act_id
    slot.save()
    fields: dict[str, FieldValue] = {
        "leader": slot.leader_id,
        "organ": slot.organ_id,
        "day": slot.day,
    }
    found = []
    for one in _booked(facts.case_id):
        matter = CaseLink.objects.filter(case=one, kind=ABOUT).select_related("other").first()
        if matter is not None and _may_deal(slot.leader_id, matter.other, facts.day):
            found.append(Step(act="reassign", case=one.number, fields=fields))
        else:  # the new leader must not deal with it; the desk books it with another
            found.append(Step(act="drop", case=one.number, fields={"why": "called_off"}))
    return found


def _booked(day: int) -> list[Case]:
    """Return the talks booked for a day of reception; those that proved to be accusations no
    longer follow it."""
    rows = Case.objects.filter(
        kind=INTERVIEW, state=BOOKED, protected=False, links__other_id=day, links__kind=ON_DAY
    )
    return list(rows.order_by("pk"))


def _slot(facts: Facts) -> Slot:
    """Return the published day of this case, locked; LeadershipError where there is none."""
    slot = Slot.objects.select_for_update().filter(case=facts.case_id).first()
    if slot is None:
        raise LeadershipError.no_day("day")
    return slot


def _number(step: Step, name: str) -> int:
    """Return a whole number of a step."""
    value = step.fields[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}")
    return value


def _day(step: Step) -> date:
    """Return the day of a step."""
    value = step.fields["day"]
    if not isinstance(value, date):
        raise TypeError(f"day is {value!r}")
    return value
