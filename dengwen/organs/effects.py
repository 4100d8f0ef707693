"""What acts on organs do to the registry, whose tables only effects write (design 3, no. 4).

Every function is an effect `(step, facts) -> steps`: it runs inside the transaction of the act,
validates, writes, and names the act in each row. Which fields each act declares stands in
docs/reference/organs.md. Posts and people are in `post_effects`, divisions in
`lists.division_list`, ending and beginning rows in `row_periods`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from dengwen.law.duties.step import Facts, Step
from dengwen.organs.act_fields import Entry
from dengwen.organs.kinds import AXES, PURPOSES
from dengwen.organs.lists.new_organ import wanted
from dengwen.organs.models import (
    Appointment,
    Competence,
    Line,
    Management,
    Organ,
    OrganName,
    OrganSuccession,
    Seat,
    Superior,
)
from dengwen.organs.row_periods import close, end_all, end_existing, make_way, running
from dengwen.organs.structure.lines import subtree


# --- organs ---------------------------------------------------------------------------------------
def found_organ(step: Step, facts: Facts) -> Sequence[Step]:
    """Register an organ from a day on: code, names, kind, level, place, and the organs above it."""
    entry = Entry(step, facts)
    new = wanted(entry)
    start = new.start
    organ = Organ.objects.create(
        code=new.code,
        name_zh=new.name_zh,
        name_en=new.name_en,
        kind=new.kind,
        level=new.level,
        division_code=new.division,
        is_petition_office=new.petition_office,
        is_joint_conference=new.joint_conference,
        territorial_parent=new.above["territorial"],
        vertical_parent=new.above["vertical"],
        registry_case=facts.case,
        valid_from=start,
        act=facts.act_id,
    )
    _name(entry, organ, start)
    if new.division:
        Seat.objects.create(
            organ=organ, division_code=new.division, valid_from=start, act=facts.act_id
        )
    for axis, parent in new.above.items():
        if parent:
            Line.objects.create(
                organ=organ, axis=axis, parent=parent, valid_from=start, act=facts.act_id
            )
    return ()


def rename(step: Step, facts: Facts) -> Sequence[Step]:
    """Give an organ a new name from a day on; papers of earlier days keep the old one."""
    entry = Entry(step, facts)
    start = entry.not_ahead()
    organ = entry.organ(on=start)
    for old in running(organ.names.all(), start, entry):
        close(old, start, facts.act_id)
    organ.name_zh = entry.text("name_zh", 100)
    organ.name_en = entry.text("name_en", 200, required=False)
    organ.save(update_fields=["name_zh", "name_en"])
    _name(entry, organ, start)
    return ()


def place(step: Step, facts: Facts) -> Sequence[Step]:
    """Hang an organ elsewhere from a day on: a new parent on the axes given; an empty value
    takes it off the axis."""
    entry = Entry(step, facts)
    start = entry.not_ahead()
    organ = entry.organ(on=start)
    for axis in AXES:
        if f"{axis}_parent" in step.fields:
            parent = entry.organ_or_none(f"{axis}_parent", start)
            _no_circle(entry, organ, parent, start, axis)
            _hang(entry, organ, axis, parent, start)
    if entry.has("division"):
        make_way(entry, organ.seats.all(), start)
        organ.division_code = entry.division(start)
        organ.save(update_fields=["division_code"])
        Seat.objects.create(
            organ=organ, division_code=organ.division_code, valid_from=start, act=facts.act_id
        )
    return ()


def merge(step: Step, facts: Facts) -> Sequence[Step]:
    """End an organ by merging it into another, which continues its powers and takes its units (R22
    24(2)).

    Where the other stood directly below it, that organ moves up to the place of the one that ends.
    """
    entry = Entry(step, facts)
    start = entry.not_ahead()
    organ = entry.organ(on=start)
    heir = _heir(entry, organ, step.fields.get("into"), start)
    for line in Line.objects.on(start).filter(parent=organ).select_related("organ"):
        unit = heir if line.organ_id == heir.pk else line.organ
        parent: Organ | None = getattr(organ, f"{line.axis}_parent") if unit is heir else heir
        _no_circle(entry, unit, parent, start, line.axis)
        _hang(entry, unit, line.axis, parent, start)
    _succeed(entry, organ, heir, "merged", start)
    _end_organ(entry, organ, start)
    return ()


def split(step: Step, facts: Facts) -> Sequence[Step]:
    """Split an organ into others (`into`); with `ends` it ceases to exist, else it keeps what is
    left."""
    entry = Entry(step, facts)
    start = entry.not_ahead()
    organ = entry.organ(on=start)
    for code in entry.codes("into"):
        _succeed(entry, organ, _heir(entry, organ, code, start), "split", start)
    if entry.flag("ends"):
        _end_organ(entry, organ, start)
    return ()


def abolish(step: Step, facts: Facts) -> Sequence[Step]:
    """End an organ with no successor; who answers then is decided under R22 24(2)."""
    entry = Entry(step, facts)
    start = entry.not_ahead()
    organ = entry.organ(on=start)
    _succeed(entry, organ, None, "abolished", start)
    _end_organ(entry, organ, start)
    return ()


def designate(step: Step, facts: Facts) -> Sequence[Step]:
    """Record whom the own-level Party committee and government designated for an ended organ
    (R22 24(2))."""
    entry = Entry(step, facts)
    start = entry.day()
    organ = entry.organ()
    if organ.holds_on(start):
        raise entry.refuse(
            "still_there",
            "organ",
            zh=f"{organ.name_zh}在{start}仍然存在",
            en=f"{organ.code} still exists on {start}",
            mend_zh="只有被撤销、合并、分立的机关才需指定",
            mend_en="only an organ that ended can have a designee",
        )
    _succeed(entry, organ, _heir(entry, organ, step.fields.get("into"), start), "designated", start)
    return ()


def set_superior(step: Step, facts: Facts) -> Sequence[Step]:
    """Register the human decision which organ is next higher for review, recheck or dispute (R22
    35, 36, 24(1))."""
    entry = Entry(step, facts)
    start = entry.day()
    organ, superior = entry.organ(on=start), entry.organ("superior", start)
    purpose = entry.word("purpose", PURPOSES)
    _other_organ(entry, organ, superior, "superior")
    make_way(entry, Superior.objects.filter(organ=organ, purpose=purpose), start)
    Superior.objects.create(
        organ=organ,
        purpose=purpose,
        superior=superior,
        basis=entry.code("basis"),
        valid_from=start,
        decision_act=entry.number("decision") or facts.act_id,
        act=facts.act_id,
    )
    return ()


def set_management(step: Step, facts: Facts) -> Sequence[Step]:
    """Register which organ has management authority over a post, or over an organ, from a day on
    (S 13–17)."""
    entry = Entry(step, facts)
    start = entry.day()
    if entry.has("post") == entry.has("organ"):
        raise entry.refuse(
            "one_of_two",
            "post",
            zh="岗位和机关、单位只写一项",
            en="give either a post or an organ, not both",
            mend_zh="对人写岗位代码，对机关、单位写其代码",
            mend_en="a post for persons, the code of an organ for an organ",
        )
    post = entry.post("post", start) if entry.has("post") else None
    organ = entry.organ(on=start) if post is None else None
    manager = entry.organ("manager", start)
    if organ is not None:
        _other_organ(entry, organ, manager, "manager")
    make_way(entry, Management.objects.filter(post=post, organ=organ), start)
    Management.objects.create(
        post=post,
        organ=organ,
        manager=manager,
        basis=entry.code("basis"),
        valid_from=start,
        act=facts.act_id,
    )
    return ()


def set_competence(step: Step, facts: Facts) -> Sequence[Step]:
    """Register what an organ may decide, and where; with `ends` the competence stops on that
    day."""
    entry = Entry(step, facts)
    start = entry.day()
    organ = entry.organ(on=start)
    category = entry.code("category")
    division = entry.division(start) or organ.division_code
    rows = Competence.objects.filter(organ=organ, category=category, division_code=division)
    if entry.flag("ends"):
        end_existing(entry, rows, start, "category")
        return ()
    make_way(entry, rows, start)
    Competence.objects.create(
        organ=organ, category=category, division_code=division, valid_from=start, act=facts.act_id
    )
    return ()


# --- parts of the above ---------------------------------------------------------------------------
def _name(entry: Entry, organ: Organ, start: date) -> None:
    """Enter the names of an organ from a day on."""
    OrganName.objects.create(
        organ=organ, zh=organ.name_zh, en=organ.name_en, valid_from=start, act=entry.facts.act_id
    )
    if short := entry.text("short_name", 100, required=False):
        OrganName.objects.create(
            organ=organ, zh=short, short=True, valid_from=start, act=entry.facts.act_id
        )


def _hang(entry: Entry, organ: Organ, axis: str, parent: Organ | None, start: date) -> None:
    """End the line of an organ on an axis, and begin another where there is a parent."""
    for old in running(organ.lines.filter(axis=axis), start, entry):
        close(old, start, entry.facts.act_id)
    setattr(organ, f"{axis}_parent", parent)
    organ.save(update_fields=[f"{axis}_parent"])
    if parent:
        Line.objects.create(
            organ=organ, axis=axis, parent=parent, valid_from=start, act=entry.facts.act_id
        )


def _no_circle(entry: Entry, organ: Organ, parent: Organ | None, day: date, axis: str) -> None:
    """Refuse a parent that is the organ itself or stands below it."""
    if parent and parent.pk in subtree(organ, day, [axis]):
        raise entry.refuse(
            "circle",
            f"{axis}_parent",
            zh=f"{parent.name_zh}就是{organ.name_zh}或在其之下",
            en=f"{parent.code} is {organ.code} itself or stands below it",
            mend_zh="另选上级",
            mend_en="choose another parent",
        )


def _other_organ(entry: Entry, organ: Organ, other: Organ, field: str) -> None:
    """Refuse an organ that is named as its own."""
    if organ.pk == other.pk:
        raise entry.refuse(
            "itself",
            field,
            zh=f"{organ.name_zh}不能是它自己的上级或承继机关",
            en=f"{organ.code} is named as its own",
            mend_zh="写另一机关",
            mend_en="give another organ",
        )


def _heir(entry: Entry, organ: Organ, value: object, start: date) -> Organ:
    """Return the organ that continues another; refuse the same one."""
    if value is None or value == "":
        return entry.organ("into")  # refuses: the field is missing
    heir = entry.organ_by("into", value, start)
    _other_organ(entry, organ, heir, "into")
    return heir


def _succeed(entry: Entry, organ: Organ, heir: Organ | None, how: str, start: date) -> None:
    """Enter what became of an organ; refuse what is entered already."""
    if OrganSuccession.objects.filter(organ=organ, to=heir, how=how).exists():
        raise entry.refuse(
            "already",
            "into",
            zh="这一承继关系已登记",
            en="this succession is registered already",
            mend_zh="无须重复登记",
            mend_en="nothing more is needed",
        )
    OrganSuccession.objects.create(
        organ=organ,
        to=heir,
        how=how,
        day=start,
        powers=entry.text("powers", 500, required=False),
        act=entry.facts.act_id,
    )


def _end_organ(entry: Entry, organ: Organ, start: date) -> None:
    """End an organ with all that hangs on its existence; units below it must have been placed
    elsewhere."""
    if below := Line.objects.on(start).filter(parent=organ).count():
        raise entry.refuse(
            "units_below",
            "organ",
            zh=f"{organ.name_zh}之下还有{below}个机关、单位",
            en=f"{below} organs still stand below {organ.code}",
            mend_zh="先为它们登记新的上级",
            mend_en="place them below another organ first",
        )
    act = entry.facts.act_id
    close(organ, start, act)
    of_posts = Appointment.objects.filter(post__organ=organ)
    about = Superior.objects.filter(Q(organ=organ) | Q(superior=organ))
    managed = Management.objects.filter(Q(organ=organ) | Q(post__organ=organ) | Q(manager=organ))
    own = (organ.names, organ.lines, organ.seats, organ.competences, organ.portfolios, organ.posts)
    for rows in (*(rows.all() for rows in own), of_posts, about, managed):
        end_all(rows, start, act)
