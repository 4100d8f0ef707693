"""The only writer of the registry's tables: what each registry act does to them (design 3, no. 4).

Every function is an effect `(step, facts) -> steps`: it runs inside the transaction of the act,
validates, writes,
and names the act in each row. Which fields each act declares stands in docs/reference/organs.md. A
change ends one row
and begins another; beginning on the very day a row began corrects that row, which stays behind with
an empty period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet

from dengwen.law.duties.step import Facts, Step
from dengwen.organs.act_fields import Entry
from dengwen.organs.dated_rows import Dated
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import ABSENCES, AXES, PURPOSES, RANKS
from dengwen.organs.lists import import_tray
from dengwen.organs.lists.new_organ import wanted
from dengwen.organs.models import (
    Appointment,
    Competence,
    Division,
    DivisionStage,
    Line,
    Management,
    Official,
    Organ,
    OrganName,
    OrganSuccession,
    Portfolio,
    Post,
    Seat,
    Substitute,
    Superior,
)
from dengwen.organs.structure.lines import subtree
from dengwen.organs.structure.posts_held import organs_of, substitutions_on

_D = TypeVar("_D", bound=Dated)


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
    for old in _running(organ.names.all(), start, entry):
        _close(old, start, facts.act_id)
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
        _make_way(entry, organ.seats.all(), start)
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
    _make_way(entry, Superior.objects.filter(organ=organ, purpose=purpose), start)
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
    _make_way(entry, Management.objects.filter(post=post, organ=organ), start)
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
        _end_existing(entry, rows, start, "category")
        return ()
    _make_way(entry, rows, start)
    Competence.objects.create(
        organ=organ, category=category, division_code=division, valid_from=start, act=facts.act_id
    )
    return ()


# --- posts and people -----------------------------------------------------------------------------
def found_post(step: Step, facts: Facts) -> Sequence[Step]:
    """Register a post of an organ with its rank; the rank decides whether it belongs to the
    leading group."""
    entry = Entry(step, facts)
    start = entry.day()
    code = entry.long_code("code")
    if Post.objects.filter(code=code).exists():
        raise entry.taken("code", code)
    Post.objects.create(
        code=code,
        organ=entry.organ(on=start),
        title_zh=entry.text("title_zh", 100),
        title_en=entry.text("title_en", 200, required=False),
        leading=entry.word("leading", RANKS),
        valid_from=start,
        act=facts.act_id,
    )
    return ()


def enter_official(step: Step, facts: Facts) -> Sequence[Step]:
    """Register a person by staff code and name; a post comes with `appoint`."""
    entry = Entry(step, facts)
    code = entry.long_code("code")
    if Official.objects.filter(code=code).exists():
        raise entry.taken("code", code)
    Official.objects.create(code=code, name=entry.text("name", 60), act=facts.act_id)
    return ()


def appoint(step: Step, facts: Facts) -> Sequence[Step]:
    """Appoint an official to a post from a day on; a principal head's post has one holder at a
    time."""
    entry = Entry(step, facts)
    start = entry.day()
    official, post = entry.official(), entry.post("post", start)
    end = entry.end("to", start)
    _free(entry, Appointment.objects.filter(official=official, post=post), start, end, "official")
    if post.leading == "principal":
        _free(
            entry,
            Appointment.objects.filter(post__organ=post.organ, post__leading="principal"),
            start,
            end,
            "post",
        )
    Appointment.objects.create(
        official=official, post=post, valid_from=start, valid_to=end, act=facts.act_id
    )
    return ()


def relieve(step: Step, facts: Facts) -> Sequence[Step]:
    """Relieve an official of a post; `from` is the first day without it. His portfolios there
    end with it."""
    entry = Entry(step, facts)
    start = entry.day()
    official = entry.official()
    post = entry.post("post", start)
    _end_existing(entry, Appointment.objects.filter(official=official, post=post), start, "post")
    if post.organ_id not in organs_of(official, start):
        _end_all(Portfolio.objects.filter(official=official, organ=post.organ), start, facts.act_id)
    return ()


def divide_work(step: Step, facts: Facts) -> Sequence[Step]:
    """Put a field of work of an organ in an official's charge; without `official` it returns to
    the head (seed 7)."""
    entry = Entry(step, facts)
    start = entry.day()
    organ, field = entry.organ(on=start), entry.work()
    official = entry.official() if entry.has("official") else None
    rows = Portfolio.objects.filter(organ=organ, field=field)
    if official is None:
        _end_existing(entry, rows, start, "field")
        return ()
    if organ.pk not in organs_of(official, start):
        raise entry.refuse(
            "holds_no_post",
            "official",
            zh=f"{official.name}在{start}未任{organ.name_zh}的职务",
            en=f"official {official.code} holds no post in {organ.code} on {start}",
            mend_zh="先登记任职",
            mend_en="register the appointment first",
        )
    _make_way(entry, rows, start)
    Portfolio.objects.create(
        official=official, organ=organ, field=field, valid_from=start, act=facts.act_id
    )
    return ()


def substitute(step: Step, facts: Facts) -> Sequence[Step]:
    """Let an official stand in for another, in one organ or everywhere, for a reason from the
    closed list."""
    entry = Entry(step, facts)
    start = entry.day()
    official, other = entry.official(), entry.official("substitute")
    end, organ = entry.end("to", start), entry.organ_or_none("organ", start)
    if official.pk == other.pk or _stands_in(other, official, start):
        raise entry.refuse(
            "circle",
            "substitute",
            zh="代行人与被代行人互为代行",
            en="the two would stand in for each other",
            mend_zh="另选代行人",
            mend_en="choose somebody else",
        )
    _free(entry, Substitute.objects.filter(official=official, organ=organ), start, end, "official")
    Substitute.objects.create(
        official=official,
        substitute=other,
        organ=organ,
        reason=entry.word("reason", ABSENCES),
        valid_from=start,
        valid_to=end,
        act=facts.act_id,
    )
    return ()


def end_substitute(step: Step, facts: Facts) -> Sequence[Step]:
    """End a substitution; `from` is the first day without it."""
    entry = Entry(step, facts)
    rows = Substitute.objects.filter(
        official=entry.official(), substitute=entry.official("substitute")
    )
    _end_existing(entry, rows, entry.day(), "substitute")
    return ()


# --- divisions ------------------------------------------------------------------------------------
def import_divisions(step: Step, facts: Facts) -> Sequence[Step]:
    """Take a staged list of divisions over: the act names its digest and count, both are checked
    again here."""
    entry = Entry(step, facts)
    digest = entry.code("digest")
    rows = import_tray.staged(digest)
    if not rows or len(rows) != entry.number("count") or import_tray.digest_of(rows) != digest:
        raise entry.refuse(
            "stage_differs",
            "digest",
            zh="暂存的区划表与行为所载的摘要、条数不符",
            en="the staged list does not match the digest and count of the act",
            mend_zh="重新上传并核对预览",
            mend_en="upload it again and check the preview",
        )
    held = import_tray.held()
    fresh = [row for row in rows if _needs_row(entry, row, held.get(row.code, ()))]
    Division.objects.bulk_create(
        Division(
            code=row.code,
            name=row.name,
            level=row.level,
            parent_code=row.parent_code,
            successors=list(row.successors),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            act=facts.act_id,
        )
        for row in fresh
    )
    DivisionStage.objects.filter(digest=digest).delete()
    return ()


def _needs_row(entry: Entry, row: import_tray.StagedDivision, held: Sequence[Division]) -> bool:
    """Say whether `row` needs a row of its own; end the open one where it says that it ended or
    changed."""
    if why := import_tray.clash(row, held):
        raise entry.refuse(
            why.code, "digest", zh=why.zh, en=why.en, mend_zh=why.mend_zh, mend_en=why.mend_en
        )
    old = import_tray.last_of(held)
    if old is None:
        return True
    if import_tray.says_nothing_new(row, old):
        return False
    if old.valid_to is not None:
        return True
    same = import_tray.same(row, old)
    if same:
        old.successors = list(row.successors)
        old.save(update_fields=["successors"])
    _close(old, (row.valid_to or row.valid_from) if same else row.valid_from, entry.facts.act_id)
    return not same


# --- parts of the above ---------------------------------------------------------------------------
def _name(entry: Entry, organ: Organ, start: date) -> None:
    OrganName.objects.create(
        organ=organ, zh=organ.name_zh, en=organ.name_en, valid_from=start, act=entry.facts.act_id
    )
    if short := entry.text("short_name", 100, required=False):
        OrganName.objects.create(
            organ=organ, zh=short, short=True, valid_from=start, act=entry.facts.act_id
        )


def _hang(entry: Entry, organ: Organ, axis: str, parent: Organ | None, start: date) -> None:
    for old in _running(organ.lines.filter(axis=axis), start, entry):
        _close(old, start, entry.facts.act_id)
    setattr(organ, f"{axis}_parent", parent)
    organ.save(update_fields=[f"{axis}_parent"])
    if parent:
        Line.objects.create(
            organ=organ, axis=axis, parent=parent, valid_from=start, act=entry.facts.act_id
        )


def _no_circle(entry: Entry, organ: Organ, parent: Organ | None, day: date, axis: str) -> None:
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
    if value is None or value == "":
        return entry.organ("into")  # refuses: the field is missing
    heir = entry.organ_by("into", value, start)
    _other_organ(entry, organ, heir, "into")
    return heir


def _succeed(entry: Entry, organ: Organ, heir: Organ | None, how: str, start: date) -> None:
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
    _close(organ, start, act)
    of_posts = Appointment.objects.filter(post__organ=organ)
    about = Superior.objects.filter(Q(organ=organ) | Q(superior=organ))
    managed = Management.objects.filter(Q(organ=organ) | Q(post__organ=organ) | Q(manager=organ))
    own = (organ.names, organ.lines, organ.seats, organ.competences, organ.portfolios, organ.posts)
    for rows in (*(rows.all() for rows in own), of_posts, about, managed):
        _end_all(rows, start, act)


def _stands_in(official: Official, wanted: Official, day: date) -> bool:
    """Say whether following the substitutes of `official` on `day` leads to `wanted`."""
    edge, seen = {official.pk}, {official.pk}
    while edge:
        rows = [row for pk in edge for row in substitutions_on(Official(pk=pk), day)]
        edge = {row.substitute_id for row in rows} - seen
        if wanted.pk in edge:
            return True
        seen |= edge
    return False


# --- periods --------------------------------------------------------------------------------------
def _close(row: Dated, day: date, act: int) -> None:
    row.valid_to, row.end_act = max(day, row.valid_from), act
    row.save(update_fields=["valid_to", "end_act"])


def _end_all(rows: QuerySet[Any], day: date, act: int) -> None:
    for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)):
        _close(row, day, act)


def _running(rows: QuerySet[_D], start: date, entry: Entry) -> list[_D]:
    """Return the rows still running at `start`; refuse where one begins later, for then the
    order is unclear."""
    applied = Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
    found = list(rows.filter(applied).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start)))
    for row in found:
        if row.valid_from > start:
            raise _later_row(entry, "from", row)
    return found


def _make_way(entry: Entry, rows: QuerySet[_D], start: date) -> None:
    for row in _running(rows, start, entry):
        _close(row, start, entry.facts.act_id)


def _end_existing(entry: Entry, rows: QuerySet[_D], start: date, field: str) -> None:
    running = _running(rows, start, entry)
    if not running:
        raise entry.refuse(
            "nothing_to_end",
            field,
            zh=f"{start}没有可终止的登记",
            en=f"nothing is registered that could end on {start}",
            mend_zh="核对人员、岗位和日期",
            mend_en="check the person, the post and the day",
        )
    for row in running:
        _close(row, start, entry.facts.act_id)


def _free(entry: Entry, rows: QuerySet[_D], start: date, end: date | None, field: str) -> None:
    """Refuse where one of `rows` shares a day with [start, end)."""
    clash = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start))
    if end:
        clash = clash.filter(valid_from__lt=end)
    for row in clash:
        if row.valid_to is None or row.valid_to > row.valid_from:
            raise entry.refuse(
                "overlaps",
                field,
                zh=f"与{row.valid_from}起的登记重叠",
                en=f"overlaps with the entry from {row.valid_from}",
                mend_zh="先终止原登记",
                mend_en="end that entry first",
            )


def _later_row(entry: Entry, field: str, row: Dated) -> RegistryError:
    return entry.refuse(
        "later_row",
        field,
        zh=f"已有自{row.valid_from}起的登记",
        en=f"an entry from {row.valid_from} exists already",
        mend_zh="先更正较晚的登记",
        mend_en="correct the later entry first",
    )
