"""Who may bear which responsibility (责任认定): a proposal computed from posts, portfolios, decisions
and positions.

Everything is looked up on the day of the act (S 11 para. 2). A line is only proposed: it carries
its sentence of law
and what speaks against it, and a person confirms or changes it with reasons. Nothing here says that
a breach happened.

Three rules on dissent are kept apart and named, because they ask for and give different things:

* a clear objection that was not followed: no leadership responsibility (S and P16 11 para. 2;
  mandatory);
* objection or reservation in a collective decision: may be exempted (AC19 17; discretion);
* a different opinion on a gravely mistaken major administrative decision: reduced or exempted by
  rules (MAD 38(3)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from dengwen.law.liability.provisions import Words
from dengwen.law.packs.rules import Basis

MAIN, IMPORTANT, LEADERSHIP, DIRECT, SUPERIOR, NONE = (
    "main",
    "important",
    "leadership",
    "direct",
    "superior",
    "none",
)
RESPONSIBILITIES: dict[str, Words] = {
    MAIN: ("主要领导责任", "main leadership responsibility"),
    IMPORTANT: ("重要领导责任", "important leadership responsibility"),
    LEADERSHIP: ("领导责任", "leadership responsibility"),
    DIRECT: ("直接责任", "direct responsibility"),
    SUPERIOR: ("由上级承担的责任", "answers as the superior who insisted on the order"),
    NONE: ("不承担责任", "no responsibility"),
}
LEADING = frozenset({MAIN, IMPORTANT, LEADERSHIP})
"""The three responsibilities of leaders; a recorded, unadopted clear objection excludes all of
them."""

HEAD, MEMBER, STAFF = "head", "member", "staff"
STANCES = ("for", "objected", "reserved", "different", "silent")
"""How somebody stood in a decision: for it; clearly against; with a reservation; of a different
opinion; silent."""

SEED, PARENT = "S", "P16"
SEED_SINCE, PARENT_SINCE = date(2017, 5, 23), date(2016, 10, 8)
CHONGQING = "50"

COLLECTIVE = "collective"
INDIVIDUAL = "individual"
MINUTES = Basis("MAD", "30(3)")
ORDER = Basis("CSL", "60")


@dataclass(frozen=True)
class Post:
    """A post somebody held from `since` to the day before `until` (None = still): head, member
    of the body, staff."""

    official: str
    organ: str
    role: str
    since: date
    until: date | None = None

    def held(self, on: date) -> bool:
        """Say whether it was held on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Portfolio:
    """A field of work somebody had directly in charge (分管), as a post is held."""

    official: str
    organ: str
    work: str
    since: date
    until: date | None = None

    def held(self, on: date) -> bool:
        """Say whether it was held on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Position:
    """How somebody stood in a decision, and what shows it: `recorded` = the minutes or another
    record say so."""

    official: str
    present: bool = True
    took_part: bool = True
    stance: str = "for"
    recorded: bool = False
    followed: bool = False


@dataclass(frozen=True)
class Decision:
    """A collective decision of a leading body (S 11 para. 2); `major` = a major administrative
    decision (MAD)."""

    organ: str
    work: str
    on: date
    positions: tuple[Position, ...] = ()
    major: bool = False


@dataclass(frozen=True)
class Diligence:
    """The test behind 尽职免责, item by item; None = nothing shows it either way. The text gives no
    test of its own.

    Known and done in time (the log shows it); no defect of procedure; nothing concealed; caused by
    others or not
    foreseeable. Only if all four are shown does the proposal say diligent.
    """

    done_in_time: bool | None = None
    procedure_sound: bool | None = None
    nothing_concealed: bool | None = None
    cause_elsewhere: bool | None = None

    @property
    def shown(self) -> bool:
        """Whether every item is shown."""
        return all(getattr(self, f.name) is True for f in fields(self))

    def items(self) -> list[tuple[str, str, bool | None]]:
        """Return the test with its words, to be shown in the file."""
        values = [getattr(self, f.name) for f in fields(self)]
        return [(zh, en, value) for (zh, en), value in zip(DILIGENCE, values, strict=True)]


DILIGENCE: tuple[Words, ...] = (
    ("知道职责并及时履行（有记录）", "the duty was known and performed in time (log)"),
    ("程序没有瑕疵", "no defect of procedure"),
    ("没有隐瞒", "nothing concealed"),
    ("结果由他人造成或者无法预见", "the result was caused by others or not foreseeable"),
)


@dataclass(frozen=True)
class Order:
    """An order of a superior that somebody carried out (CSL 60)."""

    superior: str
    told_wrong: bool = False
    insisted: bool = False
    obviously_illegal: bool = False


@dataclass(frozen=True)
class Deed:
    """What somebody concretely did or failed to do, apart from any collective decision
    (individual responsibility)."""

    official: str
    organ: str
    work: str
    on: date
    order: Order | None = None
    objected: tuple[str, ...] = ()
    """Leaders whose clear objection to this deed is recorded and was not followed."""


@dataclass(frozen=True)
class Note:
    """Something beside the proposal: another standard and its effect, or a gap in the evidence."""

    standard: str
    effect: str
    zh: str
    en: str
    basis: Basis | None = None


@dataclass(frozen=True)
class Line:
    """One proposed line: who, for what, which responsibility, the sentence it rests on, and what
    else to weigh.

    `proposal` is always true: only a person's reasoned finding makes it more than that.
    """

    official: str
    kind: str
    responsibility: str
    zh: str
    en: str
    basis: Basis
    notes: tuple[Note, ...] = ()
    diligence: Diligence | None = None
    proposal: bool = field(default=True, init=False)


def law_of(on: date, place: str) -> str:
    """Return the rule on attribution of a day: the seed in Chongqing, else the parent measure, else
    "" (none).

    S 20: the seed from 2017-05-23; conduct before is judged by P16, in force from 2016-10-08.
    """
    if place.startswith(CHONGQING) and on >= SEED_SINCE:
        return SEED
    return PARENT if on >= PARENT_SINCE else ""


def attribute(
    posts: Sequence[Post],
    portfolios: Sequence[Portfolio],
    decisions: Iterable[Decision] = (),
    deeds: Iterable[Deed] = (),
    diligence: dict[str, Diligence] | None = None,
    place: str = "",
) -> list[Line]:
    """Propose responsibilities for collective decisions and for single deeds, each on its own day.

    `diligence` holds what is shown for an official; it can free from individual responsibility only
    (S 11 para. 2) and
    never makes a line heavier. Days before any rule on attribution give no lines.
    """
    lines: list[Line] = []
    for decision in decisions:
        if law := law_of(decision.on, place):
            lines += _collective(Basis(law, "11 para. 2"), decision, posts, portfolios)
    for deed in deeds:
        if law := law_of(deed.on, place):
            lines += _individual(Basis(law, "11 para. 2"), deed, posts, portfolios, diligence or {})
    return lines


def _heads(organ: str, on: date, posts: Sequence[Post]) -> list[str]:
    return [p.official for p in posts if p.organ == organ and p.role == HEAD and p.held(on)]


def _in_charge(organ: str, work: str, on: date, portfolios: Sequence[Portfolio]) -> list[str]:
    return [p.official for p in portfolios if (p.organ, p.work) == (organ, work) and p.held(on)]


def _collective(
    basis: Basis, decision: Decision, posts: Sequence[Post], portfolios: Sequence[Portfolio]
) -> Iterator[Line]:
    heads = _heads(decision.organ, decision.on, posts)
    charged = _in_charge(decision.organ, decision.work, decision.on, portfolios)
    members = _members(decision.organ, decision.on, posts)
    stood = {position.official: position for position in decision.positions}
    for official in dict.fromkeys((*heads, *charged, *members, *stood)):
        position = stood.get(official) or _absent(official)
        notes = tuple(_notes(position, decision))
        if _exempt(position):
            yield _objector(official, basis, notes)
        elif official in heads:
            yield _main("主要负责人", "principal head", position, basis, notes)
        elif official in charged:
            yield _main("直接主管的负责人", "leader directly in charge", position, basis, notes)
        else:
            yield _other_member(position, basis, notes)


def _members(organ: str, on: date, posts: Sequence[Post]) -> list[str]:
    return [p.official for p in posts if p.organ == organ and p.role != STAFF and p.held(on)]


def _absent(official: str) -> Position:
    """Return the position of somebody of whom the decision says nothing."""
    return Position(official, present=False, took_part=False, stance="silent")


def _objector(official: str, basis: Basis, notes: tuple[Note, ...]) -> Line:
    return Line(
        official,
        COLLECTIVE,
        NONE,
        "对错误决策明确提出反对意见而未被采纳，不承担领导责任",
        "clearly objected to the wrong decision and was not followed: no leadership responsibility",
        basis,
        notes,
    )


def _main(zh: str, en: str, position: Position, basis: Basis, notes: tuple[Note, ...]) -> Line:
    """Propose main leadership responsibility; that of somebody who was away needs reasons."""
    return Line(
        position.official,
        COLLECTIVE,
        MAIN,
        f"集体责任，{zh}：主要领导责任",
        f"collective responsibility, {en}: main leadership responsibility",
        basis,
        notes if position.took_part else (*notes, _AWAY),
    )


def _other_member(position: Position, basis: Basis, notes: tuple[Note, ...]) -> Line:
    """Propose important leadership responsibility for another member who took part, none for
    others."""
    if position.took_part:
        return Line(
            position.official,
            COLLECTIVE,
            IMPORTANT,
            "集体责任，参与决策和工作的其他成员：重要领导责任",
            "collective responsibility, other member who took part in decision and work: "
            "important leadership responsibility",
            basis,
            notes,
        )
    return Line(
        position.official,
        COLLECTIVE,
        NONE,
        "没有参与决策和工作，不在“参与决策和工作的其他成员”之内",
        "took no part in decision and work: not among the members who did",
        basis,
        notes,
    )


_AWAY = Note(
    "absent",
    "weigh",
    "本人没有参加；原文对主要负责人和直接主管的负责人没有写“参与”的条件，由认定的人说明理由",
    "took no part; the text asks no participation of the head and the leader in charge: to "
    "be decided with reasons",
)


def _exempt(position: Position) -> bool:
    """The seed's and the parent's standard: a clear objection, on record, not followed."""
    return position.stance == "objected" and position.recorded and not position.followed


def _notes(position: Position, decision: Decision) -> Iterator[Note]:
    """Name the two other standards where they can apply, and what is missing where the first one
    fails for evidence."""
    if position.stance in ("objected", "reserved", "different") and not position.recorded:
        yield Note(
            "record",
            "gap",
            "声称有不同意见，没有记录；会议记录应当如实记载不同意见，请查证",
            "dissent is claimed but not on record; minutes must record it truthfully: to be "
            "verified",
            MINUTES,
        )
        return
    if position.followed:
        return
    if position.stance in ("objected", "reserved"):
        yield Note(
            "AC19",
            "may",
            "集体决策中明确反对或者保留意见的，可以不予或者免予问责（由有权机关裁量）",
            "objection or reservation in a collective decision: may be exempted (discretion)",
            Basis("AC19", "17(1)"),
        )
    if decision.major and position.stance in ("objected", "different"):
        yield Note(
            "MAD",
            "by_rules",
            "对严重失误的重大行政决策表示不同意见的，按照规定减免责任",
            "different opinion on a gravely mistaken major administrative decision: reduced "
            "or exempted by rules",
            Basis("MAD", "38(3)"),
        )


def _individual(
    basis: Basis,
    deed: Deed,
    posts: Sequence[Post],
    portfolios: Sequence[Portfolio],
    diligence: dict[str, Diligence],
) -> Iterator[Line]:
    shown = diligence.get(deed.official, Diligence())
    yield from _doer(basis, deed, shown)
    leaders = dict.fromkeys(
        (
            *_heads(deed.organ, deed.on, posts),
            *_in_charge(deed.organ, deed.work, deed.on, portfolios),
        )
    )
    for official in leaders:
        if official != deed.official:
            yield _leader(basis, deed, official, diligence.get(official, Diligence()))


def _doer(basis: Basis, deed: Deed, shown: Diligence) -> Iterator[Line]:
    order = deed.order
    if order and order.told_wrong and order.insisted and not order.obviously_illegal:
        yield Line(
            deed.official,
            INDIVIDUAL,
            NONE,
            "向上级提出意见后上级坚持，执行的后果由上级承担",
            "told the superior the order was wrong and the superior insisted: the superior answers",
            ORDER,
            diligence=shown,
        )
        yield Line(
            order.superior,
            INDIVIDUAL,
            SUPERIOR,
            "下级提出意见后仍要求执行，后果由上级承担；责任的名称由认定的人写明",
            "insisted on the order after being told: the superior answers; "
            "who finds says under which name",
            ORDER,
        )
        return
    if shown.shown and basis.law == SEED and not (order and order.obviously_illegal):
        yield Line(
            deed.official,
            INDIVIDUAL,
            NONE,
            "尽职免责：各项检验都有证据，理由书面写明",
            "diligent, therefore exempt: every item of the test is shown; reasons in writing",
            basis,
            diligence=shown,
        )
        return
    illegal = order is not None and order.obviously_illegal
    yield Line(
        deed.official,
        INDIVIDUAL,
        DIRECT,
        "执行明显违法的命令，依法承担自己的责任" if illegal else "具体负责的工作人员：直接责任",
        "carried out an obviously illegal order: own responsibility"
        if illegal
        else "the staff member concretely responsible: direct responsibility",
        ORDER if illegal else basis,
        tuple(_unwritten(basis, shown)),
        shown,
    )


def _leader(basis: Basis, deed: Deed, official: str, shown: Diligence) -> Line:
    if official in deed.objected:
        zh, en = (
            "对错误行为明确提出反对意见而未被采纳，不承担领导责任",
            (
                "clearly objected to the wrong act and was not followed: no leadership "
                "responsibility"
            ),
        )
        return Line(official, INDIVIDUAL, NONE, zh, en, basis, diligence=shown)
    if shown.shown and basis.law == SEED:
        zh, en = (
            "尽职免责：各项检验都有证据，理由书面写明",
            ("diligent, therefore exempt: every item of the test is shown; reasons in writing"),
        )
        return Line(official, INDIVIDUAL, NONE, zh, en, basis, diligence=shown)
    return Line(
        official,
        INDIVIDUAL,
        LEADERSHIP,
        "个人责任，主要负责人和直接主管的负责人：领导责任",
        "individual responsibility, principal head and leader directly in charge: leadership "
        "responsibility",
        basis,
        tuple(_unwritten(basis, shown)),
        shown,
    )


def _unwritten(basis: Basis, shown: Diligence) -> Iterator[Note]:
    """Under the parent measure alone no text on diligence was seen: it is a reason to weigh, not
    an exemption."""
    if shown.shown and basis.law != SEED:
        yield Note(
            "diligence",
            "weigh",
            "尽职的各项都有证据；所见的实施办法没有“尽职免责”，由认定的人说明理由",
            "every item is shown; the parent measure, as far as seen, has no such exemption: "
            "to be weighed",
        )
