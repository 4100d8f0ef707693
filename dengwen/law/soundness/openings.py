"""How duties come to be: somebody holds each, can act for it, and has the time the text gives."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dengwen.law.duties.act_record import VOID, DutyView
from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.law.packs.vocabulary import BY, KEEP_STATE, OPENING_STATE
from dengwen.law.soundness.closing_organs import admits, closes_for_another
from dengwen.law.soundness.confirmation import Explored, confirmed
from dengwen.law.soundness.defect import Finding, Stand, Words, found
from dengwen.law.soundness.exploration import Exploration, Taken, ends
from dengwen.law.soundness.rehearsal import Rehearsal
from dengwen.law.soundness.valuation import YES, done, is_open

PETITIONER = "信访人"
"""To whom a document goes that tells the petitioner."""
PETITIONERS = "petitioner"
"""The holder of a petitioner's own rights."""
SLOW = 30
"""Days that somebody takes whom no number of days binds."""


def opening_findings(stand: Stand, duty: DutyRule, exploration: Exploration) -> Iterator[Finding]:
    """Yield what is unsound about how a duty opens, by whom it is held and how it is counted."""
    yield from _way_out_shuts(stand, duty)
    yield from _reset(stand, duty)
    yield from _in_two_steps(stand, duty, exploration)
    yield from _in_the_future(stand, duty)
    yield from _exchanged(stand, duty)
    yield from _owner(stand, duty)
    yield from _too_soon(stand, duty)
    for seen, path in _opening_paths(stand, duty, exploration):
        yield from _nobody(stand, duty, seen, path)
        yield from _born_late(stand, duty, seen, path)
        yield from _ended_unseen(stand, duty, seen, path)


def _opening_paths(stand: Stand, duty: DutyRule, exploration: Exploration) -> Iterator[Explored]:
    """Yield a row of acts for each act that opens the duty, as far as the rules let it happen."""
    for name in duty.opens:
        opening = partial(_opened_by, duty, name)
        shown = confirmed(stand, exploration.followed, opening, explored=exploration)
        if shown:
            yield shown


def _opened_by(duty: DutyRule, act: str, exploration: Exploration) -> Iterator[list[Taken]]:
    for reached in exploration.reached:
        if reached.act == act and reached.bits & exploration.opens_where(duty):
            yield exploration.path_to(reached, reached.bits & exploration.opens_where(duty))


def _played(stand: Stand, exploration: Exploration, path: list[Taken]) -> Rehearsal:
    rehearsal = Rehearsal.of(stand, exploration)
    rehearsal.play(path)
    return rehearsal


# --- held by somebody who can act -----------------------------------------------------------------
def _nobody(
    stand: Stand, duty: DutyRule, exploration: Exploration, path: list[Taken]
) -> Iterator[Finding]:
    """Yield that an act lays a duty on nobody: no organ is named, or none was there to hold it."""
    opened = _played(stand, exploration, path).case.view().find_open(duty.id)
    optional = duty.holder == "named" and not _always_named(stand, duty, path[-1].act)
    if opened is None or (opened.holder is not None and not optional):
        return
    opener = stand.kind.acts[path[-1].act]
    yield found(
        stand,
        "nobody-holds",
        "duty",
        duty.id,
        Words(
            f"“{opener.zh}”开启这项责任，却可能没有机关、单位负有它",
            f"“{opener.en}” opens this duty, and possibly nobody holds it",
            "指名的一项写 required = true（或者 needed_if），或者改 holder",
            "make the field that names the holder required (or needed_if), or change holder",
        ),
        path,
        opener.id,
    )


def _always_named(stand: Stand, duty: DutyRule, act: str) -> bool:
    rule = stand.kind.acts[act].field_rule(duty.named_by)
    return rule is not None and (rule.required or bool(rule.needed_if))


def _owner(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that whoever owes a duty has no act for it, or that others end it by their acts."""
    closing = [stand.kind.acts[name] for name in duty.closes]
    if closing and not any(admits(stand.kind, duty, act) for act in closing):
        yield found(
            stand,
            "owner-cannot-act",
            "duty",
            duty.id,
            Words(
                "负有这项责任的机关、单位不能做任何一个了结它的行为",
                "whoever owes this duty can do none of the acts that close it",
                "让了结它的行为由负有它的机关、单位来做（by），或者改 holder",
                "let the closing act be done by whoever owes the duty (`by`), or change holder",
            ),
        )
        return
    for act in closing:
        if closes_for_another(duty, act):
            yield _by_another(stand, duty, act)


def _by_another(stand: Stand, duty: DutyRule, act: ActRule) -> Finding:
    return found(
        stand,
        "closed-by-another",
        "duty",
        duty.id,
        Words(
            f"“{act.zh}”可以由别的机关、单位做，却了结这项责任",
            f"“{act.en}” can be done by another organ and closes this duty all the same",
            f"写 close_by_holder = true，或者改“{act.zh}”的 by",
            f"say close_by_holder = true, or change `by` of “{act.en}”",
        ),
        detail=act.id,
    )


# --- the time the text gives ----------------------------------------------------------------------
def _born_late(
    stand: Stand, duty: DutyRule, exploration: Exploration, path: list[Taken]
) -> Iterator[Finding]:
    """Yield that a duty opens after its last day although everybody kept to every other last
    day."""
    if duty.clock.term is None or not (duty.continues or duty.counts_from):
        return
    rehearsal = Rehearsal.of(stand, exploration)
    if not _play_slowly(rehearsal, path):
        return
    view = rehearsal.case.view()
    born = view.find_open(duty.id)
    if born is None or born.due is None or born.due >= rehearsal.day:
        return
    if any(other.unrecorded_breach(rehearsal.day) for other in view.duties if other is not born):
        return
    yield found(
        stand,
        "born-late",
        "duty",
        duty.id,
        Words(
            "各步都在最后一日以前做完，这项责任开启时仍然已经过期",
            "with every step done by its last day this duty is past its own when it opens",
            "写 stands_still = true（期间不在手里的不计），或者不接续（continues、counts_from）"
            "别人用掉的时间",
            "say stands_still = true (time in others' hands is not counted), or do not continue "
            "time that others used up",
        ),
        path,
    )


def _play_slowly(rehearsal: Rehearsal, path: list[Taken]) -> bool:
    """Do each act on the last day on which nobody is late; False where one is refused."""
    before: dict[str, str | None] = {}
    for taken in path:
        days = [d.due for d in rehearsal.case.view().open_duties() if d.due is not None]
        if days:
            rehearsal.day = max(rehearsal.day, min(*days, rehearsal.latest))
        elif rehearsal.case.acts:
            rehearsal.later(SLOW)
        if not rehearsal.do(taken.act, before, taken.after):
            return False
        before = taken.after
    return True


def _reset(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that an act ends a dated duty and opens it anew, so that its first day moves."""
    if duty.clock.none or duty.continues:
        return
    for name in duty.opens:
        act = stand.kind.acts[name]
        sent_away = bool(act.addresses) and duty.holder == "addressee"
        ends_it = name in duty.voids or name in duty.closes
        if ends_it and not sent_away and admits(stand.kind, duty, act):
            yield found(
                stand,
                "day-moves",
                "duty",
                duty.id,
                Words(
                    f"“{act.zh}”取消这项责任又重新开启，原来的日期就不见了",
                    f"“{act.en}” ends this duty and opens it anew, so its first day is gone",
                    f"延长的写 extension = {{act = “{act.id}”…}}；接着算的写 continues",
                    f"an extension says extension = {{act = “{act.id}” …}}; time that goes on "
                    "says continues",
                ),
                detail=act.id,
            )


def _in_two_steps(stand: Stand, duty: DutyRule, exploration: Exploration) -> Iterator[Finding]:
    """Yield that its holder can end a dated duty by one act and open it anew by another."""
    if duty.clock.none or duty.right or duty.continues or duty.counts_from:
        return
    if duty.id in duty.in_place_of:
        return
    for first in duty.voids:
        for then in duty.opens:
            if first == then or not _both_by_holder(stand, duty, first, then):
                continue
            followed = exploration.followed | {is_open(duty.id), done(first)}
            anew = partial(_opened_anew, duty, first, then)
            if confirmed(stand, followed, anew, partial(_twice_held, duty)):
                yield _moved(stand, duty, stand.kind.acts[first], then)
                return


def _both_by_holder(stand: Stand, duty: DutyRule, first: str, then: str) -> bool:
    """Say whether both acts are those of whoever holds a duty, on a case that goes on."""
    acts = [stand.kind.acts[first], stand.kind.acts[then]]
    own = "holder" if duty.holder == "actor" else duty.holder
    return (
        all(BY[act.by][1] == own for act in acts)
        and (own != "named" or all(act.named_in == duty.named_by for act in acts))
        and not stand.kind.ends(first)
        and OPENING_STATE not in acts[1].after
    )


def _opened_anew(
    duty: DutyRule, first: str, then: str, exploration: Exploration
) -> Iterator[list[Taken]]:
    """Yield rows of acts in which one act voids the duty while it is open, and another opens it."""
    wanted = exploration.opens_where(duty) & exploration.space.where(done(first), (YES,))
    for reached in exploration.reached:
        if reached.act == then and reached.bits & wanted:
            path = exploration.path_to(reached, reached.bits & wanted)
            before = [taken.after.get(is_open(duty.id)) for taken in path[:-1]]
            ended = [n for n, taken in enumerate(path) if taken.act == first and n]
            if any(before[n - 1] == YES for n in ended):
                yield path


def _twice_held(duty: DutyRule, rehearsal: Rehearsal) -> bool:
    """Say whether the duty was voided and is open anew for the same holder."""
    views = [one for one in rehearsal.case.view().duties if one.rule.id == duty.id]
    return len(views) > 1 and views[-2].state == VOID and views[-2].holder == views[-1].holder


def _moved(stand: Stand, duty: DutyRule, first: ActRule, then: str) -> Finding:
    second = stand.kind.acts[then]
    return found(
        stand,
        "day-moves",
        "duty",
        duty.id,
        Words(
            f"“{first.zh}”取消这项责任，“{second.zh}”又重新开启，原来的日期就不见了",
            f"“{first.en}” ends this duty and “{second.en}” opens it anew, so its first day is "
            "gone",
            f"接着算的写 continues = [“{duty.id}”]",
            f"time that goes on says continues = [“{duty.id}”]",
        ),
        detail=f"{first.id} {then}",
    )


def as_a_right(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that what an organ owes is called a right: it would lapse, and never be breached."""
    bound = any(act.within == duty.id for act in stand.kind.acts.values())
    if duty.right and duty.closes and duty.holder != PETITIONERS and not bound:
        yield found(
            stand,
            "duty-as-a-right",
            "duty",
            duty.id,
            Words(
                "写成了权利：过了末日自行失效，没有逾期；可是没有一个行为只能在这段时间里做",
                "is called a right, so it lapses and is never breached; but no act is possible "
                "only within it",
                "是责任的去掉 right；是权利的，给行使它的行为写 within",
                "a duty does not say right; for a right, the act that uses it says within",
            ),
        )


def _way_out_shuts(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that everything which closes a duty is possible only within another period, which can
    run out first."""
    windows = {stand.kind.acts[name].within for name in duty.closes}
    lifted = any(stand.kind.acts[name].unless for name in duty.closes)
    if duty.right or lifted or len(windows) != 1 or windows & {"", duty.id}:
        return
    other = stand.kind.duties[windows.pop()]
    yield found(
        stand,
        "way-out-shuts",
        "duty",
        duty.id,
        Words(
            f"了结它的行为只能在“{other.zh}”的期间里做，那段期间先期满的，就再也了结不了",
            f"what closes it is possible only within “{other.en}”; once that has run out, nothing "
            "closes it",
            "补一个不受那段期间限制的了结行为，或者 within 写这项责任自己",
            "add a closing act that is not so limited, or let within name this duty itself",
        ),
    )


def _in_the_future(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that a duty can begin on a day to come, and so be done before it was opened."""
    if not duty.starts_on:
        return
    for name in duty.opens:
        rule = stand.kind.acts[name].field_rule(duty.starts_on)
        if rule is not None and not rule.until_today:
            yield found(
                stand,
                "begins-later",
                "duty",
                duty.id,
                Words(
                    f"起算日“{rule.zh}”可以填将来的日期：责任没有开始就可以了结，末日也被推后",
                    f"its first day “{rule.en}” may lie ahead: the duty could be closed before it "
                    "begins, and its last day be put off",
                    f"给“{rule.name}”写 until_today = true",
                    f"say until_today = true for “{rule.name}”",
                ),
                detail=name,
            )


def _exchanged(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that an act puts a duty without a number in the place of one with a last day, while
    everything that would have closed the first is still possible."""
    if duty.clock.none:
        return
    for other in stand.kind.duties.values():
        if not other.clock.none or other.right or other.of:
            continue
        swaps = [n for n in duty.closes if n in other.opens and _only_swaps(stand, n)]
        ends_alike = set(other.closes) & set(duty.closes) - set(swaps)
        refusing = [n for n in ends_alike if _turns_away(stand, n)]
        for name in swaps:
            if refusing:
                yield _swapped(stand, duty, other, name, min(refusing))


def _only_swaps(stand: Stand, name: str) -> bool:
    """Say whether an act leaves the case where it was and tells the petitioner nothing."""
    act = stand.kind.acts[name]
    told = [stand.kind.documents[paper].to for paper in act.documents]
    return act.to == KEEP_STATE and not any(PETITIONER in to for to in told)


def _turns_away(stand: Stand, name: str) -> bool:
    """Say whether an act ends the case by turning it away: it leads to no other organ and
    has no consequence elsewhere."""
    act = stand.kind.acts[name]
    leads = any(field.type == "organ" and field.required for field in act.fields)
    return stand.kind.ends(name) and not (leads or act.effects)


def _swapped(stand: Stand, duty: DutyRule, other: DutyRule, name: str, then: str) -> Finding:
    act, last = stand.kind.acts[name], stand.kind.acts[then]
    return found(
        stand,
        "day-exchanged",
        "duty",
        duty.id,
        Words(
            f"“{act.zh}”了结它，换来没有天数的“{other.zh}”，以后还可以“{last.zh}”：末日落空",
            f"“{act.en}” closes it and opens “{other.en}”, which has no number; “{last.en}” is "
            "possible afterwards all the same, so the last day is lost",
            f"“{act.zh}”以后不得再“{last.zh}”，或者它不了结这项责任",
            f"bar “{last.en}” after “{act.en}”, or do not let that close this duty",
        ),
        detail=f"{name} {then}",
    )


def _too_soon(stand: Stand, duty: DutyRule) -> Iterator[Finding]:
    """Yield that the act which closes a duty can be used up before the duty opens."""
    for name in duty.closes:
        act = stand.kind.acts[name]
        others = [n for n in (*duty.closes, *duty.voids) if n != name]
        if not act.not_twice or others or duty.id in act.needs_open:
            continue
        yield found(
            stand,
            "closed-too-soon",
            "duty",
            duty.id,
            Words(
                f"“{act.zh}”只能做一次，又可以在责任开启以前做：以后就再也不能了结",
                f"“{act.en}” is possible once only, and before the duty opens: afterwards nothing "
                "closes it",
                f"给“{act.id}”写 needs_open = [“{duty.id}”]，或者去掉 not_twice",
                f"say needs_open = [“{duty.id}”] for “{act.id}”, or remove not_twice",
            ),
            detail=name,
        )


# --- ended late, and seen -------------------------------------------------------------------------
def _ended_unseen(
    stand: Stand, duty: DutyRule, exploration: Exploration, path: list[Taken]
) -> Iterator[Finding]:
    """Yield that a duty can be ended after its last day without a breach."""
    if duty.clock.term is None:
        return
    for act in stand.kind.acts.values():
        if not ends(stand.kind, duty, act) or act.history:
            continue
        rehearsal = _played(stand, exploration, path)
        rehearsal.day = rehearsal.latest
        after = path[-1].after
        if rehearsal.do(act.id, after, after):
            late = _find(rehearsal, duty)
            if late is not None and not late.unrecorded_breach(rehearsal.day):
                yield _unseen(stand, duty, act, path)


def _find(rehearsal: Rehearsal, duty: DutyRule) -> DutyView | None:
    """Return the duty that the last act but one opened, if its last day has passed."""
    for view in rehearsal.case.view().duties:
        opened = view.rule.id == duty.id and view.opened_by == len(rehearsal.case.acts) - 1
        if opened and view.due is not None and view.due < rehearsal.day:
            return view
    return None


def _unseen(stand: Stand, duty: DutyRule, act: ActRule, path: list[Taken]) -> Finding:
    return found(
        stand,
        "late-end-unseen",
        "duty",
        duty.id,
        Words(
            f"末日以后“{act.zh}”，这项责任没有了，也没有逾期记录",
            f"“{act.en}” after the last day ends this duty, and no breach is recorded",
            "权利（right）才会自行失效；责任不写 right",
            "only a right lapses by itself; a duty does not say right",
        ),
        path,
        act.id,
    )
