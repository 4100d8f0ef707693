"""What acts on posts and on people do to the registry: appointments, fields of work, substitutes.

Every function is an effect `(step, facts) -> steps`, as in `effects`; which fields each act
declares stands in docs/reference/organs.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from dengwen.law.duties.step import Facts, Step
from dengwen.organs.act_fields import Entry
from dengwen.organs.kinds import ABSENCES, RANKS, RECUSAL
from dengwen.organs.models import Appointment, Official, Organ, Portfolio, Post, Substitute
from dengwen.organs.row_periods import end_all, end_existing, free, make_way
from dengwen.organs.structure.posts_held import organs_of, substitutions_on


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
    own = Appointment.objects.filter(official=official, post=post)
    free(entry, own, start, end, "official")
    if post.leading == "principal":
        heads = Appointment.objects.filter(post__organ=post.organ, post__leading="principal")
        free(entry, heads, start, end, "post")
    Appointment.objects.create(
        official=official, post=post, valid_from=start, valid_to=end, act=facts.act_id
    )
    return ()


def relieve(step: Step, facts: Facts) -> Sequence[Step]:
    """Relieve an official of a post; `from` is the first day without it. Their portfolios there
    end with it."""
    entry = Entry(step, facts)
    start = entry.day()
    official = entry.official()
    post = entry.post("post", start)
    end_existing(entry, Appointment.objects.filter(official=official, post=post), start, "post")
    if post.organ_id not in organs_of(official, start):
        end_all(Portfolio.objects.filter(official=official, organ=post.organ), start, facts.act_id)
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
        end_existing(entry, rows, start, "field")
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
    make_way(entry, rows, start)
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
    if official.pk == other.pk or _is_circle(official, other, start, end):
        raise entry.refuse(
            "circle",
            "substitute",
            zh="代行人与被代行人互为代行",
            en="the two would stand in for each other",
            mend_zh="另选代行人",
            mend_en="choose somebody else",
        )
    reason = entry.word("reason", ABSENCES)
    free(entry, _same_leave(official, other, organ, reason), start, end, "official")
    Substitute.objects.create(
        official=official,
        substitute=other,
        organ=organ,
        reason=reason,
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
    end_existing(entry, rows, entry.day(), "substitute")
    return ()


def _same_leave(
    official: Official, other: Official, organ: Organ | None, reason: str
) -> QuerySet[Substitute]:
    """Return the entries that leave no room for another one: of the same organ, and of the same
    leave with the same substitute, once for one organ and once for all."""
    taken = Q(organ=organ)
    if reason != RECUSAL:
        again = Q(substitute=other) & ~Q(reason=RECUSAL)
        taken |= again if organ is None else again & Q(organ=None)
    return Substitute.objects.filter(taken, official=official)


def _is_circle(official: Official, other: Official, start: date, end: date | None) -> bool:
    """Say whether on any day of a period the two would stand in for each other, through others or
    at once: then nobody would be there."""
    within = Substitute.objects.filter(valid_from__gt=start)
    if end:
        within = within.filter(valid_from__lt=end)
    days = {start, *within.values_list("valid_from", flat=True)}
    return any(_stands_in(other, official, day) for day in sorted(days))


def _stands_in(official: Official, wanted: Official, day: date) -> bool:
    """Say whether following the substitutes of `official` on `day` leads to `wanted`."""
    edge, seen = {official.pk}, {official.pk}
    while edge:
        reached: set[int] = set()
        for pk in edge:
            reached |= {row.substitute_id for row in substitutions_on(Official(pk=pk), day)}
        edge = reached - seen
        if wanted.pk in edge:
            return True
        seen |= edge
    return False
