"""Who stands on the accused side of a matter (R22 30(3), R05 23; access model 4.1).

The same for every door. Until a discipline officer confirms, every official and organ of the
registry named in the text counts as accused, the receiving office excepted; a leader's unit goes
behind the wall with the leader. Where nobody is known, one party without an id stands for whoever
is meant, so that the matter is sealed at once; `name_accused` names them later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import User
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases.act_records import view_of
from dengwen.cases.models import Case, Content, Party
from dengwen.cases.wall.visibility import viewer_of_organ
from dengwen.cases.write.call_context import call_of
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.record import ACCUSED
from dengwen.law.duties.step import Facts, PartyEntry, Step
from dengwen.organs.names_in_text import named_in
from dengwen.organs.structure.posts_held import led_by
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.models import Request

READ = ("D3", "D4")
"""Classes of the texts in which the accused are looked for."""

SENT_TO = ("to", "organ", "superior")
"""The fields by which an act says to whom a matter, or a question about it, goes."""


def accused_side(
    text: str, *, officials: Collection[int], organs: Collection[int], office: int | None, day: date
) -> tuple[PartyEntry, ...]:
    """Return the parties of an accusation: whom the text names, who is given by id, and the units
    they lead."""
    people, units = set(officials), set(organs)
    found = named_in(text, day) if text else None
    if found:
        people |= set(found.officials)
        units |= set(found.organs)
    units |= led_by(people, day)
    units -= {office}
    if not people and not units:
        return (PartyEntry(role="accused_person"),)
    entries = [PartyEntry(role="accused_person", official=pk) for pk in sorted(people)]
    entries += [PartyEntry(role="accused_unit", organ=pk) for pk in sorted(units)]
    return tuple(entries)


def named(step: Step, facts: Facts) -> Sequence[Step]:
    """Put whom an act names behind the wall of its case (access model 4.1); the act has sealed the
    case already."""
    officials, organs = fields_of(step)
    if not officials and not organs:
        raise PetitionError(
            "nobody-named",
            where=facts.case,
            zh="没有写明被检举的人员或者单位",
            en="neither an accused person nor an accused unit is named",
            mend_zh="从名录中选人员或者单位",
            mend_en="choose a person or a unit of the registry",
        )
    case = Case.objects.get(pk=facts.case_id)
    office = _office(case, facts)
    enter(
        case,
        accused_side("", officials=officials, organs=organs, office=office, day=facts.day),
        facts,
    )
    return ()


def classed_before(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to send on, with its class left open, a matter somebody took for an accusation: it
    has an accused side since registration, or a request of this class. What proves to be one goes
    only to whoever has management authority (R22 22(2), 30)."""
    call, case = call_of(facts), Case.objects.get(pk=facts.case_id)
    suspected = (
        Party.objects.filter(case=case, role__in=ACCUSED).exists()
        or Request.objects.filter(case=case, class_code=ACCUSATION).exists()
    )
    if not suspected:
        return ()
    before = [act for act in call.acts_of(case) if act.id != facts.act_id]
    if view_of(case.kind, before, rules=call.rules).facts.get("class"):
        return ()
    raise PetitionError(
        "accusation-unclassed",
        where=facts.case,
        zh="本件有被检举控告的一方，或者有检举控告的诉求，类别还没有认定（信访工作条例第二十二条第二款、第三十条）",
        en=(
            "there is an accused side, or a request that accuses, and the matter is not "
            "classified (R22 22(2), 30)"
        ),
        mend_zh="先分类：是检举控告的，按管理权限密封转送；几类都有的，先分件",
        mend_en=(
            "classify it first: an accusation is transferred sealed by management authority; "
            "what holds several classes is split"
        ),
    )


def not_to_them(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to send an accusation to a unit it accuses or to one below it (R22 30(3), R05 23;
    access model 4.1)."""
    accused = set(
        Party.objects.filter(case_id=facts.case_id, role="accused_unit").values_list(
            "organ_id", flat=True
        )
    )
    given = [step.fields.get(name) for name in SENT_TO] if accused else []
    if any(
        isinstance(one, int) and viewer_of_organ(one, facts.day).walled_organs & accused
        for one in given
    ):
        raise PetitionError(
            "to-the-accused",
            where=facts.case,
            zh="不得把检举控告的材料和情况转给被检举控告的单位及其下属（信访工作条例第三十条第三款）",
            en=(
                "nothing of an accusation may be sent to the unit it accuses or to one below it "
                "(R22 30(3))"
            ),
            mend_zh="转送上一级或者其他有管理权限、不在被检举一方的机关",
            mend_en=(
                "send it to the next higher or another organ with management authority that is "
                "not accused"
            ),
        )
    return ()


def close(step: Step, facts: Facts) -> None:
    """Give a matter that is, or proves to be, an accusation its accused side: by field, and by name
    in its text.

    The text is read by the system and logged as such, unless the accused side stands since
    registration.
    """
    case = Case.objects.get(pk=facts.case_id)
    officials, organs = fields_of(step)
    known = (
        Party.objects.filter(case=case, role__in=ACCUSED)
        .exclude(organ=None, official=None)
        .exists()
    )
    text = "" if known else _text(case, facts)
    if known and not officials and not organs:
        return
    office = _office(case, facts)
    enter(
        case,
        accused_side(text, officials=officials, organs=organs, office=office, day=facts.day),
        facts,
    )


def fields_of(step: Step) -> tuple[set[int], set[int]]:
    """Return the officials and organs an act names as accused in its fields."""
    official, organs = step.fields.get("accused_official"), step.fields.get("accused_organs", ())
    people = {official} if isinstance(official, int) else set()
    return people, {pk for pk in organs if isinstance(pk, int)} if isinstance(
        organs, tuple
    ) else set()


def enter(case: Case, entries: Sequence[PartyEntry], facts: Facts) -> None:
    """Write parties that are not there yet; the one without an id only where nobody else stands."""
    rows = Party.objects.filter(case=case, role__in=ACCUSED).values_list(
        "role", "organ_id", "official_id"
    )
    there = set(rows)
    fresh = [e for e in entries if (e.role, e.organ, e.official) not in there]
    if there and all(e.organ is None and e.official is None for e in fresh):
        return
    Party.objects.bulk_create(
        Party(
            case=case,
            role=e.role,
            organ_id=e.organ,
            official_id=e.official,
            act_id=facts.act_id,
            since=facts.day,
        )
        for e in fresh
    )


def _office(case: Case, facts: Facts) -> int | None:
    """Return the organ that acts, else the one that holds the case."""
    return facts.organ or case.holder_id


def _text(case: Case, facts: Facts) -> str:
    """Open every text of a case in which the accused may be named; the read log says so."""
    rows = Content.objects.filter(case=case, data_class__in=READ).select_related("act")
    opening = Opening(
        at=facts.recorded_at,
        user=User.objects.filter(pk=facts.actor or 0).first(),
        role="-",
        organ=facts.organ,
        case_number=facts.case,
        data_class="D4",
        fields=("accused_side",),
        purpose="system",
        request_id=token_bytes(16).hex(),
    )
    return open_logged(opening, lambda: _joined(rows))


def _joined(rows: Iterable[Content]) -> str:
    """Open these texts and join them. For callers that write the read log."""
    texts: list[str] = []
    for row in rows:
        texts += open_package(row).values()
    return "\n".join(texts)
