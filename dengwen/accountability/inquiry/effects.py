"""What acts of an inquiry (核查) set in motion: who stands concerned, who may investigate, what
becomes of a proposal.

The packs say who may do what after what; what needs rows, the registry or the ledger is asked here,
and a refusal rolls
the whole call back (S 11, 12, 17; PSL 42, 43, 47).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.access.models import User
from dengwen.accountability.inquiry import rules as rules_of
from dengwen.accountability.inquiry.conflicts import conflicts_of
from dengwen.accountability.inquiry.disclosure_to_person import sealed_words, sources_of
from dengwen.accountability.inquiry.evidence_sources import bound_of, source
from dengwen.accountability.inquiry.posts_on_day import refuse_stranger, unit_and_above
from dengwen.accountability.inquiry.proposal_check import found_so
from dengwen.accountability.inquiry.queries import GRADES, LEAD, Inquiry, read_inquiry
from dengwen.accountability.inquiry.report import letter_digest, proposal_text, report_texts
from dengwen.accountability.inquiry.responsibility import grounds_of, names_of
from dengwen.accountability.inquiry.rules import refused
from dengwen.accountability.measures.refusals import in_words
from dengwen.accountability.measures.sanction_handover import SUPERVISORY, handed_by_inquiry
from dengwen.cases import rulebooks
from dengwen.cases.models import Case, CaseLink, Party
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability.attribution import COLLECTIVE, INDIVIDUAL
from dengwen.law.liability.ladder import Gravity
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import line_above
from dengwen.organs.structure.posts_held import organs_of
from dengwen.organs.structure.relations import upper_office
from dengwen.store.rows import insert

ACCOUNT = "accountability"


# --- what every effect asks -----------------------------------------------------------------------
def _before(facts: Facts) -> Inquiry:
    """Return the inquiry as it stood before the act that runs now."""
    made = read_inquiry(Case.objects.get(pk=facts.case_id))
    earlier = tuple(t for t in made.acts if t.pk != facts.act_id)
    return rules_of.reread(made, earlier)


def _official(facts: Facts) -> int | None:
    return User.objects.filter(pk=facts.actor or 0).values_list("official_id", flat=True).first()


def _investigated(facts: Facts) -> Inquiry:
    """Return the inquiry, once two investigators are named and one of them acts.

    Hearing somebody again after a missed goal is no investigation: staff of the deciding organ does
    it (S 14, 15).
    """
    made = _before(facts)
    if not _again(made, facts):
        rules_of.two_investigators(made, _official(facts))
    return made


def _again(made: Inquiry, facts: Facts) -> bool:
    """Say whether the organ that holds a file hears somebody again because a goal was missed (S
    14, 15)."""
    return made.missed is not None and facts.organ == made.holder


def _rules(made: Inquiry) -> Liability:
    """Return the rules by which conduct is judged: those in force on its day at the place of the
    inquiry (S 20)."""
    return in_force(rulebooks.library(), made.day, made.place)


def _int(value: FieldValue | None) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _evidence(step: Step) -> tuple[str, ...]:
    value = step.fields.get("evidence", ())
    return tuple(str(v) for v in value) if isinstance(value, tuple) else ()


def _concern(facts: Facts, *, organ: int | None = None, official: int | None = None) -> None:
    role = "concerned_unit" if organ else "concerned_person"
    standing = Party.objects.filter(case_id=facts.case_id, role=role)
    known = standing.filter(organ_id=organ) if organ else standing.filter(official_id=official or 0)
    if not known.exists():
        insert(
            Party(
                case_id=facts.case_id,
                role=role,
                organ_id=organ,
                official_id=official,
                act_id=facts.act_id,
                since=facts.day,
            )
        )


# --- opening and investigators --------------------------------------------------------------------
def inquiry_opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Put unit and official concerned behind the wall of the inquiry, and tie it to the lead it
    comes from."""
    unit, official = _int(step.fields["unit"]), _int(step.fields.get("official"))
    if unit == facts.organ:
        raise refused(
            "own-inquiry",
            "unit",
            "本机关不能核查本机关（政务处分法第四十七条：调查人员应当回避）",
            "an organ does not inquire into itself (PSL 47: investigators recuse)",
            ("由上一级信访部门核查", "let the next higher petition department inquire"),
        )
    _concern(facts, organ=unit)
    conduct = step.fields["day_of_conduct"]
    if official:
        refuse_stranger(
            official, {unit}, conduct if isinstance(conduct, date) else facts.day, "official"
        )
        _concern(facts, official=official)
    number = step.fields.get("lead")
    lead = Case.objects.filter(number=number, kind=LEAD).first() if number else None
    if number and lead is None:
        raise refused(
            "no-lead",
            "lead",
            "没有这一条线索",
            "there is no such lead",
            ("核对编号，或者不写", "check the number, or leave it out"),
        )
    if (
        lead is not None
        and not CaseLink.objects.filter(case_id=facts.case_id, other=lead, kind="concerns").exists()
    ):
        insert(CaseLink(case_id=facts.case_id, other=lead, kind="concerns", act_id=facts.act_id))
    return ()


def investigator_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Name an investigator of the organ that inquires, without a conflict declared or found (PSL
    42, 47; R22 28(3))."""
    made, official = _before(facts), _int(step.fields["official"])
    person = Official.objects.get(pk=official)
    if facts.organ not in organs_of(person, facts.day):
        raise refused(
            "not-ours",
            "official",
            f"{person.name}今天不在本机关任职（细则第十七条）",
            "holds no post in this organ today (S 17)",
            ("选本机关的人员；不足两人的，提请上一级", "choose somebody of this organ; or hand up"),
        )
    found = conflicts_of(official, made, facts.day)
    if step.fields["declared"] != "none":
        found.insert(0, ("本人声明有利害关系", "declared a conflict himself"))
    if found:
        zh, en = "、".join(c[0] for c in found), ", ".join(c[1] for c in found)
        raise refused(
            "conflict",
            "official",
            f"应当回避：{zh}（政务处分法第四十七条；信访工作条例第二十八条第三款）",
            f"must recuse: {en} (PSL 47; R22 28(3))",
            (
                "另选人员；不足两人的，提请上一级机关核查",
                "choose somebody else; with fewer than two, hand up",
            ),
        )
    insert(
        Party(
            case_id=facts.case_id,
            role="investigator",
            official_id=official,
            act_id=facts.act_id,
            since=facts.day,
        )
    )
    return ()


def recusal_asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let a person concerned ask that an investigator recuse, or an investigator declare it
    himself (PSL 47)."""
    made, asked, asking = _before(facts), _int(step.fields["official"]), _official(facts)
    if asked not in made.investigators:
        raise refused(
            "not-an-investigator",
            "official",
            "这个人不是本件的核查人员",
            "this is no investigator of the inquiry",
            ("核对人员", "check the person"),
        )
    if asking not in made.officials and asking != asked and asking not in made.investigators:
        raise _not_concerned()
    return ()


def recusal_ruled(step: Step, facts: Facts) -> Sequence[Step]:
    """Shut a recused investigator out for good; nobody decides that he himself may stay."""
    made, official = _before(facts), _int(step.fields["official"])
    if official not in made.investigators:
        raise refused(
            "not-an-investigator",
            "official",
            "这个人不是本件的核查人员",
            "this is no investigator of the inquiry",
            ("核对人员", "check the person"),
        )
    if step.fields["decision"] != "recuse":
        if _official(facts) == official:
            raise refused(
                "own-recusal",
                "official",
                "本人不决定自己不需要回避（政务处分法第四十七条）",
                "nobody decides that he himself need not recuse (PSL 47)",
                ("由其他人决定", "let another person decide"),
            )
        return ()
    ended = Party.objects.filter(
        case_id=facts.case_id, role="investigator", official_id=official, until__isnull=True
    )
    ended.update(until=facts.day)
    insert(
        Party(
            case_id=facts.case_id,
            role="recused",
            official_id=official,
            act_id=facts.act_id,
            since=facts.day,
        )
    )
    return ()


def handed_up(step: Step, facts: Facts) -> Sequence[Step]:
    """Hand an inquiry to the next higher petition department, or to an organ above on the line,
    never to the unit."""
    made, to = _before(facts), Organ.objects.get(pk=_int(step.fields["to"]))
    own = Organ.objects.get(pk=facts.organ or 0)
    upper = upper_office(own, facts.day)
    above = {o.pk for o in line_above(own, facts.day, "territorial")} | (
        {upper.pk} if upper else set()
    )
    if to.pk not in above or to.pk == made.unit:
        raise refused(
            "not-higher",
            "to",
            f"{to.name_zh}不是上一级机关，或者就是被核查单位（政务处分法第四十七条）",
            "that is not the next higher organ, or it is the unit concerned (PSL 47)",
            (
                f"写{upper.name_zh}" if upper else "写上一级信访部门",
                "name the next higher petition department",
            ),
        )
    return ()


def taken_over(_step: Step, facts: Facts) -> Sequence[Step]:
    """End the standing of the investigators of the organ that handed the inquiry up."""
    named = Party.objects.filter(case_id=facts.case_id, role="investigator", until__isnull=True)
    named.update(until=facts.day)
    return ()


def person_added(step: Step, facts: Facts) -> Sequence[Step]:
    """Put another official behind the wall of the inquiry, before anything is found about him."""
    made, official = _investigated(facts), _int(step.fields["official"])
    if official in made.investigators:
        raise refused(
            "conflict",
            "official",
            "这个人正在核查本件（政务处分法第四十七条）",
            "this person investigates here (PSL 47)",
            ("先决定其回避", "decide that he recuses first"),
        )
    grounds = grounds_of(made).values()
    units = unit_and_above(made.unit, made.day) | {g.organ for g in grounds}
    if not any(g.line(official, k) for g in grounds for k in (COLLECTIVE, INDIVIDUAL)):
        refuse_stranger(official, units, made.day, "official")
    _concern(facts, official=official)
    return ()


# --- evidence and facts ---------------------------------------------------------------------------
def evidence_pinned(step: Step, facts: Facts) -> Sequence[Step]:
    """Bind evidence to its place in the ledger, or to a paper; what touches a sealed identity is
    never disclosed."""
    made = _investigated(facts)
    number, place = str(step.fields.get("source", "")), _int(step.fields.get("place"))
    if not number and not step.fields.get("papers"):
        raise refused(
            "no-source",
            "source",
            "证据没有出处（政务处分法第四十二条）",
            "the evidence comes from nowhere (PSL 42)",
            ("写明出自哪一件的第几个行为，或者附上材料", "name case and act, or attach the paper"),
        )
    case = source(made, number, facts.actor, facts.day) if number else None
    if number:
        bound = bound_of(case, place) if case else ""
        if case is None or not bound or step.fields.get("bound") != bound:
            raise refused(
                "not-there",
                "source",
                "没有这个行为，或者摘要与存证不一致",
                "there is no such act, or the digest is not that of the ledger",
                (
                    "从证据板页面固定；出自密封件的，附不含身份的摘录",
                    "pin it from the board; of a sealed case, attach an extract",
                ),
            )
    if step.fields["disclose"] == "open":
        known = [*sources_of(made), *([case] if case else [])]
        rules_of.no_identity([step.texts["shows"]], sealed_words(known), "shows")
    return ()


def element_found(step: Step, facts: Facts) -> Sequence[Step]:
    """Find one element by itself, shown only on evidence that is not the person's own word (S
    11; PSL 42)."""
    made = _investigated(facts)
    rules_of.element_known(
        made, _rules(made), str(step.fields["trigger"]), str(step.fields["element"])
    )
    shown = step.fields["finding"] == "shown"
    rules_of.on_the_board(
        made,
        _evidence(step),
        needed=shown,
        why=("认定已证明须有证据", "“shown” needs evidence"),
    )
    return ()


# --- told and heard -------------------------------------------------------------------------------
def person_told(step: Step, facts: Facts) -> Sequence[Step]:
    """Tell a person concerned the facts and grounds, and nothing by which a petitioner could be
    known (PSL 43; S 8)."""
    made = _investigated(facts)
    _concerned(made, _int(step.fields["official"]))
    in_words(step, "facts", "grounds")
    rules_of.can_still_answer(step.fields["answer_by"], civil(facts.recorded_at))
    rules_of.told_something(made)
    rules_of.no_identity(step.texts.values(), sealed_words(sources_of(made)))
    return ()


def _concerned(made: Inquiry, official: int) -> None:
    if official not in made.officials:
        raise refused(
            "not-concerned",
            "official",
            "这个人不是被核查人员",
            "this person is not concerned",
            ("先列入被核查人员", "add the person first"),
        )


def _not_concerned() -> Exception:
    return refused(
        "not-concerned",
        "official",
        "只有被核查人员本人和核查人员才能这样做（政务处分法第四十三条）",
        "only the person concerned himself and the investigators do this (PSL 43)",
        ("由本人办理，或者由核查人员记入", "let the person do it, or an investigator enter it"),
    )


def _in_person(made: Inquiry, facts: Facts, official: int) -> None:
    """Let somebody speak for himself; what he said to the investigators they enter, two of them
    being named."""
    _concerned(made, official)
    rules_of.was_told(made, official)
    acting = _official(facts)
    if acting == official or _again(made, facts):
        return
    if acting not in made.investigators:
        raise _not_concerned()
    rules_of.two_investigators(made, acting)


def person_defended(step: Step, facts: Facts) -> Sequence[Step]:
    """Take one point of a defence from the person, or as entered by an investigator; points are
    numbered in order."""
    made = _before(facts)
    _in_person(made, facts, _int(step.fields["official"]))
    rules_of.next_point(made, step.fields["point"])
    return ()


def person_handed_in(step: Step, facts: Facts) -> Sequence[Step]:
    """Take evidence from the person: it stands on the board, and nothing is found against him on
    it alone."""
    _in_person(_before(facts), facts, _int(step.fields["official"]))
    return ()


def person_heard(step: Step, facts: Facts) -> Sequence[Step]:
    """Hear a person who was told; "no answer" only after the day until which he may answer (PSL
    43)."""
    made, official = _investigated(facts), _int(step.fields["official"])
    rules_of.was_told(made, official)
    in_words(step, "statement")
    how = str(step.fields["how"])
    rules_of.may_be_silent(made, official, how, facts.day, recorded=bool(step.fields.get("record")))
    if how == "written":
        rules_of.answered_in_writing(made, official)
    return ()


def point_answered(step: Step, facts: Facts) -> Sequence[Step]:
    """Answer one point of a defence with reasons and the evidence looked at (PSL 43)."""
    made = _investigated(facts)
    in_words(step, "reasons")
    rules_of.point_open(made, step.fields["point"])
    rules_of.no_identity(step.texts.values(), sealed_words(sources_of(made)), "reasons")
    rules_of.on_the_board(made, _evidence(step), needed=False, why=("", ""))
    return ()


# --- attribution ----------------------------------------------------------------------------------
def decision_considered(step: Step, facts: Facts) -> Sequence[Step]:
    """Consider an item of a meeting whose minutes an investigator may see (S 11 para. 2)."""
    made, number = _investigated(facts), str(step.fields["meeting"])
    meeting = source(made, number, facts.actor, facts.day)
    item = _int(step.fields["item"])
    known = (
        meeting is not None
        and meeting.kind == "meeting"
        and meeting.positions.filter(item=item).exists()
    )
    if not known:
        raise refused(
            "no-minutes",
            "meeting",
            "没有这次会议的这一项议题，或者没有记录各人的态度（重大行政决策程序暂行条例第三十条第三款）",
            "there is no such item with recorded positions (MAD 30(3))",
            (
                "核对会议和议题；没有记录的，请单位如实补记",
                "check meeting and item; have the positions recorded truthfully",
            ),
        )
    return ()


def deed_considered(step: Step, facts: Facts) -> Sequence[Step]:
    """Consider what one person did; an objection of leaders needs its record, a deed after a
    hearing new evidence."""
    made, official = _investigated(facts), _int(step.fields["official"])
    given, on = _evidence(step), step.fields["on"]
    refuse_stranger(
        official,
        {_int(step.fields["organ"])},
        on if isinstance(on, date) else facts.day,
        "official",
    )
    objected = step.fields.get("objected", ())
    rules_of.on_the_board(
        made,
        given,
        needed=bool(objected),
        why=("领导明确反对要有记录", "a leader's objection needs its record"),
    )
    codes = {str(code) for code in objected} if isinstance(objected, tuple) else set()
    strange = codes - set(Official.objects.filter(code__in=codes).values_list("code", flat=True))
    if strange:
        raise refused(
            "no-official",
            "objected",
            f"没有人员代码“{min(strange)}”",
            f"there is no staff code {min(strange)}",
            ("在名录里查人员代码", "look the code up in the registry"),
        )
    if made.first_defence(official) is not None:
        rules_of.not_for_defending(made, official, given)
    return ()


def diligence_weighed(step: Step, facts: Facts) -> Sequence[Step]:
    """Weigh the test of diligence, each answer on evidence (S 11 para. 2)."""
    made = _investigated(facts)
    rules_of.diligence_may(
        made, _int(step.fields["official"]), _int(step.fields["ground"]), step.fields
    )
    return ()


def line_confirmed(step: Step, facts: Facts) -> Sequence[Step]:
    """Confirm a line as computed from posts, fields of work and minutes of the day, or change it
    with reasons."""
    made = _investigated(facts)
    rules_of.on_the_board(made, _evidence(step), needed=False, why=("", ""))
    rules_of.no_identity(step.texts.values(), sealed_words(sources_of(made)), "reasons")
    ground = grounds_of(made).get(_int(step.fields["ground"]))
    rules_of.line_may(
        made,
        ground,
        _int(step.fields["official"]),
        str(step.fields["kind"]),
        step.fields,
        step.texts.get("reasons", ""),
    )
    return ()


def gravity_found(step: Step, facts: Facts) -> Sequence[Step]:
    """Find the gravity, a person's reasoned statement; the ladder of S 13–15 reads it."""
    made, data = _investigated(facts), step.fields
    found = Gravity(
        bool(data.get("light")), GRADES[str(data["harm"])], GRADES[str(data["influence"])]
    )
    rules_of.gravity_may(made, found, _evidence(step))
    return ()


# --- the end --------------------------------------------------------------------------------------
def inquiry_concluded(step: Step, facts: Facts) -> Sequence[Step]:
    """Conclude only when all is found, everybody heard, each point answered; the report says
    what the acts say."""
    made = _investigated(facts)
    rules, grounds = _rules(made), grounds_of(made)
    rules_of.complete(made, rules, grounds, str(step.fields["outcome"]))
    for name, text in report_texts(made, rules, grounds, names_of(grounds, made.officials)).items():
        if step.texts[name] != text:
            raise refused(
                "other-report",
                name,
                "报告的这一部分与已经认定、答复的不一致（文书 D50）",
                "this part of the report is not what the acts say (D50)",
                ("从核查页面作结论", "conclude from the page of the inquiry"),
            )
    return ()


def sealed_over(step: Step, facts: Facts) -> Sequence[Step]:
    """Hand over what may be an offence, sealed; accountability goes on beside it (S 12 para. 2;
    case E27 by text)."""
    made = _investigated(facts)
    to = Organ.objects.get(pk=_int(step.fields["to"]))
    if step.fields["nature"] != "crime" and to.kind not in SUPERVISORY:
        raise refused(
            "wrong-body",
            "to",
            f"涉嫌违纪、职务违法犯罪的移送纪检监察机关，{to.name_zh}不是（细则第十二条第二款、第十六条）",
            "discipline and duty-related offences go to the discipline and supervisory "
            "organs (S 12 para. 2, 16)",
            ("写有管辖权的纪检监察机关", "name the discipline or supervisory organ"),
        )
    return handed_by_inquiry(made, step, facts)


def measure_proposed(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the case of accountability at the organ with management authority: a proposal, never
    a measure (S 17)."""
    made, to = _investigated(facts), _int(step.fields["to"])
    subjects = [name for name in ("subject_official", "subject_organ") if name in step.fields]
    if len(subjects) != 1:
        raise refused(
            "one-subject",
            "subject_official",
            "一项建议只对一个人或者一个机关（细则第十二条分别规定）",
            "one proposal is about one person or one organ (S 12 treats them apart)",
            ("填写其中一项", "name one of them"),
        )
    if to == facts.organ:
        raise refused(
            "proposal-only",
            "to",
            "信访部门调查核实、提出建议，不作出追究决定（细则第十七条）",
            "a petition department investigates and proposes; it does not impose (S 17)",
            ("写有管理权限的机关", "name the organ with management authority"),
        )
    found_so(made, step, subjects[0], facts.day)
    rules_of.no_identity(
        step.texts.values(), sealed_words(sources_of(made))
    )  # whom it concerns reads the proposal
    asked = step.fields["measures"]
    today = in_force(rulebooks.library(), facts.day, made.place)
    measures = [str(m) for m in asked] if isinstance(asked, tuple) else []
    letter = proposal_text(
        made, _rules(made), today, {subjects[0]: _int(step.fields[subjects[0]])}, measures
    )
    if step.texts["proposal"] != letter:
        raise refused(
            "other-letter",
            "proposal",
            "建议书的内容与核查认定的不一致（文书 D33）",
            "the letter does not say what was found (D33)",
            ("从核查页面提出建议", "propose from the page of the inquiry"),
        )
    fields: dict[str, FieldValue] = {
        "inquiry": facts.case,
        "from_office": facts.organ or 0,
        subjects[0]: step.fields[subjects[0]],
        "letter": letter_digest(letter),
        **{name: step.fields[name] for name in ("situations", "gravity", "measures")},
    }
    texts = {name: step.texts[name] for name in ("facts", "reasons")}
    return [
        Step(
            act="receive_proposal",
            kind=ACCOUNT,
            organ=to,
            fields=fields,
            texts=texts,
            links=(("concerns", facts.case),),
            occurred_at=step.occurred_at,
        )
    ]
