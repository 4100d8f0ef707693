"""The day for the defence is kept, a hearing in person is countersigned, two investigators sign:
each wrong way at the write door (PSL 42, 43)."""

from __future__ import annotations

from typing import Any

import pytest

from dengwen.access.models import User
from dengwen.accountability.inquiry.conclusion.odd_findings import unreasoned
from dengwen.accountability.inquiry.diligence_record import answered_by_ledger, ledger_words
from dengwen.accountability.inquiry.disclosure_to_person import concerning, disclosed, sources_of
from dengwen.accountability.inquiry.report import report_digest
from dengwen.cases.models import Duty
from dengwen.cases.write.check import Refused
from tests.accountability.inquiries import RECORD, Case, official, ready, refused
from tests.world import World

WHO = "YJ02-L"


@pytest.fixture
def told(world: World) -> Case:
    """An inquiry about the handler, who was told today and may answer for two weeks."""
    case, _board, _deed = ready(world)
    for code in ("YJ02-Z", "YJ02-F"):
        case.act("add_person", texts={"reasons": "领导"}, official=official(code))
    for code in ("YJ02-Z", "YJ02-F", WHO):
        case.tell(code)
    return case


def heard_all(case: Case, *but: str) -> None:
    """Hear everybody but some."""
    for code in {"YJ02-Z", "YJ02-F", WHO} - set(but):
        case.act("hear", texts={"statement": "没有意见"}, official=official(code), how="heard")


# --- the day for the defence ----------------------------------------------------------------------
def test_nothing_is_concluded_before_the_day_unless_the_person_said_that_nothing_more_comes(
    told: Case,
) -> None:
    heard_all(told)
    told.confirm_all()
    for one in unreasoned(told.made, told.grounds):
        told.done("reason_contradiction", contradiction=one.key, texts={"reasons": "见证据"})
    with refused("not-complete", "还没有期满"):
        told.sign()
    told.today = "2025-05-20"  # the last day itself still counts
    with refused("not-complete", "还没有期满"):
        told.sign()
    told.today = "2025-05-21"
    told.sign()


def test_who_says_that_nothing_more_comes_says_so_themselves_or_on_a_signed_paper(
    told: Case,
) -> None:
    who = official(WHO)
    with refused("no-signed-paper", "第四十三条"):
        told.done("say_nothing_more", official=who)
    with refused("not-concerned"):  # a colleague says nothing for somebody else
        told.done("say_nothing_more", "checker", official=who, paper=(RECORD,))
    told.done("say_nothing_more", "handler", official=who)
    assert told.made.answer_until(who, told.made.told[who].day) is None
    told.tell(WHO, until="2025-05-25", facts="另有一件")  # told anew, the day counts anew
    assert str(told.made.answer_until(who, told.made.told[who].day)) == "2025-05-25"


# --- the record of the hearing --------------------------------------------------------------------
def test_heard_in_person_needs_its_record(told: Case) -> None:
    with refused("no-record", "第四十三条"):
        told.done("hear", texts={"statement": "没有意见"}, official=official(WHO), how="heard")


def test_the_record_is_signed_by_the_person_or_the_refusal_recorded_by_both(told: Case) -> None:
    who: dict[str, Any] = {"official": official(WHO)}
    said: dict[str, Any] = {"texts": {"statement": "没有意见"}, "record": (RECORD,), "how": "heard"}
    first: dict[str, Any] = {"texts": {"reasons": "拒签"}, "investigator": official("YJ01-Z")}
    with pytest.raises(Refused, match="听取本人陈述"):
        told.done("refuse_signature", **first, **who)
    told.done("hear", texts={"statement": "不陈述"}, how="declined", record=(RECORD,), **who)
    with refused("no-record"):  # nothing was said in person that could be signed
        told.done("refuse_signature", **first, **who)
    told.done("hear", **said, **who)
    assert not told.made.hearing_stands(who["official"])
    with refused("no-signed-paper"):
        told.done("sign_hearing", **who)
    refuse: dict[str, Any] = {"texts": {"reasons": "看过以后不签"}, **who}
    with refused("not-yourself"):
        told.done("refuse_signature", investigator=official("YJ01-S"), **refuse)
    told.done("refuse_signature", investigator=official("YJ01-Z"), **refuse)
    with refused("recorded-before"):
        told.done("refuse_signature", investigator=official("YJ01-Z"), **refuse)
    assert not told.made.hearing_stands(who["official"])
    told.done("refuse_signature", "router", investigator=official("YJ01-S"), **refuse)
    assert told.made.hearing_stands(who["official"])
    told.done("sign_hearing", "handler", **who)  # whoever refused may still sign
    with refused("signed-before"):
        told.done("sign_hearing", "handler", **who)
    told.done("hear", **said, **who)  # what is said later is signed anew
    assert not told.made.hearing_stands(who["official"])


def test_the_person_sees_each_entry_about_the_hearing_and_nothing_before_being_told(
    world: World,
) -> None:
    case, _board, _deed = ready(world)
    who = official(WHO)
    assert concerning(who) == []
    case.tell(WHO)
    case.done("hear", texts={"statement": "没有意见"}, official=who, how="heard", record=(RECORD,))
    case.done(
        "refuse_signature", texts={"reasons": "不签"}, official=who, investigator=official("YJ01-Z")
    )
    [seen] = concerning(who)
    entries = [told.act for told in disclosed(seen, who).hearing]
    assert entries == ["tell_person", "hear", "refuse_signature"]
    assert concerning(official("YJ02-Z")) == []


# --- two signatures -------------------------------------------------------------------------------
def test_one_investigator_concludes_nothing(told: Case) -> None:
    heard_all(told)
    told.confirm_all()
    told.settle()
    report = told.report()
    with refused("one-signature", "第四十二条"):
        told.done("conclude", texts=report, outcome="propose")
    with refused("not-yourself"):
        told.sign(who="supervisor", code="YJ01-S")
    with refused("not-an-investigator"):
        told.sign(who="clerk", code="YJ01-Q")
    told.sign(who="supervisor", code="YJ01-Z")
    with refused("one-signature"):  # the own signature is no second one
        told.done("conclude", texts=report, outcome="propose")
    told.sign()
    with refused("one-signature"):  # other words than the other one signed
        told.done("conclude", texts={**report, "findings": "另写"}, outcome="propose")
    with refused("other-report", "D50"):
        digest = report_digest("propose", {**report, "elements": "改"})
        told.done(
            "sign_report", "router", {"findings": "见各项"},
            investigator=official("YJ01-S"), outcome="propose", report=digest,
        )  # fmt: skip
    told.done("conclude", texts=report, outcome="propose")


def test_a_report_that_changed_is_signed_anew(told: Case) -> None:
    heard_all(told)
    told.confirm_all()
    told.settle()
    told.sign()
    [item] = list(told.made.items)[:1]
    told.find("S.11.2", "not_accepted", item, "not_shown")
    with refused("one-signature"):
        told.done("conclude", texts=told.report(), outcome="propose")


# --- contradictions -------------------------------------------------------------------------------
def test_a_contradiction_stops_the_conclusion_until_it_is_reasoned_and_stands_in_the_report(
    told: Case,
) -> None:
    heard_all(told)
    told.confirm_all()
    kinds = {one.key.split("-")[0] for one in unreasoned(told.made, told.grounds)}
    assert {"twice", "light", "diligence"} <= kinds
    for code in ("YJ02-Z", "YJ02-F", WHO):
        told.done("say_nothing_more", official=official(code), paper=(RECORD,))
    with refused("not-complete", "矛盾没有写明理由"):
        told.sign()
    with refused("no-contradiction"):
        told.done("reason_contradiction", contradiction="twice-0", texts={"reasons": "见证据"})
    [first, *_more] = unreasoned(told.made, told.grounds)
    with refused("no-words"):
        told.done("reason_contradiction", contradiction=first.key, texts={"reasons": "……"})
    told.settle()
    assert "理由：两者可以并存，见证据" in told.report()["contradictions"]
    told.sign()


def test_nothing_is_confirmed_twice_just_so(told: Case) -> None:
    told.confirm_all()
    (who, ground, kind), line = next(iter(told.made.lines.items()))
    again = line.data["responsibility"]
    with refused("confirmed-before"):
        told.confirm(who, ground, kind, line.data["proposed"], again)


def test_diligence_is_answered_by_the_ledger_and_not_by_whoever_enters_it(told: Case) -> None:
    deed = next(n for n, one in told.made.grounds.items() if one.act == "consider_deed")
    answers = dict.fromkeys(
        ("done_in_time", "procedure_sound", "nothing_concealed", "cause_elsewhere"), "unknown"
    )
    given: dict[str, Any] = {"official": official(WHO), "ground": deed, **answers}
    texts = {"reasons": "没有证据"}
    with refused("other-ledger") as why:
        told.done("weigh_diligence", texts=texts, ledger_reported="yes", **given)
    assert ledger_words(answered_by_ledger(told.made, deed))[0] == why.value.mend_zh
    assert "是否报告过：" in why.value.mend_zh  # who has no page that fills it in, enters it
    told.done("weigh_diligence", texts=texts, **given)
    with refused("confirmed-before"):
        told.done("weigh_diligence", texts=texts, **given)


def test_the_ledger_answers_nothing_of_somebody_without_an_own_account(told: Case) -> None:
    deed = next(n for n, one in told.made.grounds.items() if one.act == "consider_deed")
    who = told.made.grounds[deed].data["official"]
    case = sources_of(told.made)[0]
    assert Duty.objects.filter(case=case).update(official_id=who, right=False)
    User.objects.filter(official_id=who).update(official=None)
    answered = answered_by_ledger(told.made, deed)
    assert answered["ledger_reported"] == answered["ledger_helped"] == "unknown"
