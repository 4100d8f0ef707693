"""An invented area for registers: organs under one government in Chongqing, leaders in posts,
local intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from dengwen.cases.write.perform import By, Call, perform, perform_many
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.lists.import_tray import StagedDivision, digest_of, stage
from dengwen.organs.models import Official, Organ
from dengwen.practice.district.founder import REGISTRAR, Founder, OrganPlan, PersonPlan
from dengwen.practice.year.leaves_of_leader import Leave

DIVISION = "500000"
ROOT = "RG00"
ROOT_PLAN = OrganPlan(
    ROOT, "云渡区人民政府（虚构）", "Government of Yundu (invented)", "government", "county"
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
NAMES = ("示例", "样本", "虚构", "假名", "试样", "样例")
RANKS = ("principal", "deputy", "member")
TITLES = {"principal": "局长", "deputy": "副局长", "member": "班子成员"}
INTERVALS: Mapping[str, str] = {
    "register.hear_report": "quarter",
    "register.analyse": "half_year",
    "register.assess": "half_year",
    "register.read_letters": "month",
    "register.receive": "month",
    "register.go_down": "quarter",
    "register.check_tasks": "quarter",
}
"""The local intervals of the invented area; the text has no number for any of these."""


@dataclass(frozen=True)
class Area:
    """The founded area: its organs by code and its leaders by staff code."""

    organs: Mapping[str, Organ]
    officials: Mapping[str, Official]


def enter(
    act: str, now: datetime, uid: str, kind: str = "", case: str = "", /, **fields: FieldValue
) -> str:
    """Do one act of the registry or of an edition and return the number of its case."""
    step = Step(act=act, kind=kind, case=case, fields=fields)
    return perform(step, by=By(None, None, REGISTRAR), now=now, uid=uid).case


def found_area(
    organs: int, leaders: int, now: datetime, intervals: Mapping[str, str] = INTERVALS
) -> Area:
    """Found `organs` departments with `leaders` leaders in all, and set the local intervals from
    that day on."""
    founder = Founder(now, "area")
    _found_root(founder)
    share = _shares(organs, leaders)
    plans = [_plan(number, share[number], petition_office=number == 0) for number in range(organs)]
    found = {plan.code: founder.found(plan) for plan in plans}
    for number, (key, value) in enumerate(sorted(intervals.items())):
        set_interval(key, value, now, now.date(), f"area/interval/{number}")
    return Area(found, _officials_of(plans))


def _found_root(founder: Founder) -> None:
    """Found the government above all departments, and enter the division they lie in."""
    now = founder.now
    root = founder.found(ROOT_PLAN)
    rows = (StagedDivision(DIVISION, "示例直辖市", "province", "", now.date()),)
    stage(rows)
    enter(
        "import_divisions",
        now,
        "area/divisions",
        "",
        root.registry_case,
        digest=digest_of(rows),
        count=len(rows),
    )


def _officials_of(plans: Iterable[OrganPlan]) -> dict[str, Official]:
    """Return the people of some organs by staff code."""
    codes = [person.code for plan in plans for person in plan.people]
    return {one.code: one for one in Official.objects.filter(code__in=codes)}


def set_interval(
    key: str, value: str, now: datetime, since: date, uid: str, organ: int | None = None
) -> None:
    """Set a local interval from a day on."""
    fields: dict[str, FieldValue] = {"key": key, "value": value, "from": since}
    if organ is not None:
        fields["organ"] = organ
    step = Step(act="set_local_target", kind="edition", fields=fields)
    perform(step, by=By(None, None, REGISTRAR), now=now, uid=uid)


def _shares(organs: int, leaders: int) -> list[int]:
    """Divide leaders over organs, the first ones getting one more where they do not divide."""
    few, more = divmod(leaders, organs)
    return [few + 1 if number < more else few for number in range(organs)]


def _plan(number: int, leaders: int, *, petition_office: bool) -> OrganPlan:
    """Return the plan of one department; the first is the petition office."""
    code = f"RG{number + 1:02}"
    people = tuple(_person(code, number, place) for place in range(leaders))
    kind, name = (
        ("party_organ", "信访局") if petition_office else ("government_department", f"第{number}局")
    )
    return OrganPlan(
        code,
        f"云渡区{name}（虚构）",
        f"Office {number + 1} of Yundu (invented)",
        kind,
        "county",
        petition_office=petition_office,
        territorial=ROOT,
        division=DIVISION,
        people=people,
    )


def _person(organ: str, number: int, place: int) -> PersonPlan:
    """Return one invented leader; the first of an organ is its principal."""
    rank = RANKS[min(place, len(RANKS) - 1)]
    name = SURNAMES[(number * 5 + place) % len(SURNAMES)] + NAMES[(number + place * 7) % len(NAMES)]
    return PersonPlan(f"{organ}-{place + 1}", name, rank, TITLES[rank], "", ())


def two_registrars(area: Area, founder: Founder) -> tuple[By, By]:
    """Open the accounts of two registrars of the first organ, one to enter and one to approve."""
    organ = area.organs[min(area.organs)]
    people = [
        PersonPlan(f"{organ.code}-R{n}", NAMES[n], "staff", "登记员", f"registrar-{n}", ())
        for n in range(4)
    ]
    accounts = []
    for person in people:
        step = Step(
            act="enter_official",
            case=organ.registry_case,
            fields={"code": person.code, "from": founder.now.date()},
            texts={"name": person.name},
        )
        by = By(None, None, REGISTRAR)
        perform(step, by=by, now=founder.now, uid=f"area/registrar/{person.code}")
        accounts.append(founder.account(person))
    one, other, entering, approving = accounts
    founder.grant(one, ("R15",), "", by=None, approver=None)
    founder.grant(other, ("R16",), "", by=one, approver=None)
    for user in (entering, approving):
        founder.grant(user, ("R12",), organ.code, by=one, approver=other)
    first, second = (By(user.pk, organ.pk, REGISTRAR) for user in (entering, approving))
    return first, second


def replace_late(
    organ: Organ,
    post: str,
    old: str,
    new: str,
    now: datetime,
    day: date,
    registrars: tuple[By, By] | None,
) -> None:
    """Enter afterwards that a leader was relieved and another appointed: one registrar proposes,
    another approves."""
    name = {"name": "新示例"}
    coming: dict[str, FieldValue] = {"code": new, "from": now.date()}
    step = Step(act="enter_official", case=organ.registry_case, fields=coming, texts=name)
    perform(step, by=By(None, None, REGISTRAR), now=now, uid=f"area/newcomer/{new}")
    for act, who in (("relieve", old), ("appoint", new)):
        fields: dict[str, FieldValue] = {"official": who, "post": post, "from": day}
        late = Step(act=act, case=organ.registry_case, fields=fields)
        _by_two(late, now, f"area/late/{act}/{who}", registrars)


def _by_two(step: Step, now: datetime, uid: str, registrars: tuple[By, By] | None) -> None:
    """Enter something afterwards: one registrar proposes, another approves."""
    if registrars is None:
        raise ValueError("a late entry takes two registrars")
    one, other = registrars
    late = replace(step, late_reason="示例：当时没有登记", paper="0" * 64)
    waits = propose(late, by=one, now=now, uid=uid).acts[0].act_id
    seen = digest_of_proposal(waits)
    approve(step.case, waits, seen, by=other, now=now, uid=f"{uid}/approved")


def stand_in(organ: Organ, leave: Leave, now: datetime, registrars: tuple[By, By] | None) -> None:
    """Enter a leave with its substitute, on its first day or afterwards."""
    fields: dict[str, FieldValue] = {
        "official": leave.away,
        "substitute": leave.stands_in,
        "reason": "leave",
        "from": leave.first,
        "to": leave.end,
    }
    step, uid = (
        Step(act="substitute", case=organ.registry_case, fields=fields),
        f"area/{leave.away}",
    )
    if leave.late:
        _by_two(step, now, uid, registrars)
    else:
        perform(step, by=By(None, None, REGISTRAR), now=now, uid=uid)


def replace_leader(organ: Organ, post: str, old: str, new: str, now: datetime, day: date) -> None:
    """Relieve a leader and appoint another to the same post, both from `day` on."""
    steps = (
        Step(
            act="enter_official",
            case=organ.registry_case,
            fields={"code": new, "from": day},
            texts={"name": "新示例"},
        ),
        Step(
            act="relieve",
            case=organ.registry_case,
            fields={"official": old, "post": post, "from": day},
        ),
        Step(
            act="appoint",
            case=organ.registry_case,
            fields={"official": new, "post": post, "from": day},
        ),
    )
    perform(*steps, by=By(None, None, REGISTRAR), now=now, uid=f"area/replace/{post}/{new}")


def do_all(calls: Iterable[Call]) -> None:
    """Do many calls in one commit; raises the first refusal."""
    for outcome in perform_many(list(calls)):
        if outcome.error is not None:
            raise outcome.error
