"""The simulator: every state is reached, nothing is refused, and everything it wrote stands
every check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from dengwen.access.models import User
from dengwen.cases import replay, rulebooks
from dengwen.cases.models import Act, Case, CaseLink, Document, Duty
from dengwen.cases.projections import broken_contents, projections
from dengwen.cases.wall.visibility import viewer_of
from dengwen.cases.write.papers.issue import open_body
from dengwen.law.duties.act_record import civil
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.ledger import sequencer
from dengwen.ledger.tamper_check import check
from dengwen.organs.models import Organ
from dengwen.oversight.annual_report import annual
from dengwen.oversight.statistics import NAMES, month_of, table
from dengwen.petitions.models import Petitioner
from dengwen.practice.district import matters
from dengwen.practice.district.staff import NotPracticeError, Staff
from dengwen.practice.district.street_offices import found_further
from dengwen.practice.load.kept_codes import keep_codes, kept_codes
from dengwen.practice.load.load_run import Simulated
from dengwen.practice.load.simulate import deck, simulate
from dengwen.practice.load.timetable_plan import CHANGE
from tests.oversight.test_statistics import ACTS, ask, recount
from tests.world import FOUNDED, World, prepare

UNTIL = datetime(2026, 11, 24, 2, tzinfo=UTC)
KINDS = ("petition", "review", "recheck")


def as_a_test_case() -> Any:
    """A transaction as Django's own TestCase opens it: the door's commits are savepoints in it."""
    outer: Any = transaction.atomic()
    outer._from_testcase = True
    return outer


@pytest.fixture(scope="module")
def simulated(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Simulated]:
    """One run of the whole deck for all tests of this file, rolled back afterwards."""
    before = settings.DATA, settings.PRACTICE
    with django_db_blocker.unblock(), as_a_test_case():
        prepare(tmp_path_factory.mktemp("practice"), settings)
        World()
        yield simulate(petitions=sum(map(len, deck())), months=66, seed=7, until=UNTIL)
        transaction.set_rollback(True)
    settings.DATA, settings.PRACTICE = before


def states(kind: str, day: str) -> set[str]:
    book = rulebooks.in_force(datetime.fromisoformat(day).date(), "", UNTIL).book
    return set(book.kind(kind).states)


def test_nothing_was_refused(simulated: Simulated) -> None:
    assert simulated.refused == []
    assert simulated.petitions == sum(map(len, deck()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_stands_in_every_state_of_the_edition_of_2022(
    simulated: Simulated, kind: str
) -> None:
    standing = set(
        Case.objects.filter(kind=kind, opened_on__gte=CHANGE).values_list("state", flat=True)
    )
    assert states(kind, "2026-11-24") - standing == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_of_the_edition_of_2005_was_passed_under_it(
    simulated: Simulated, kind: str
) -> None:
    passed = set()
    for act in Act.objects.filter(case__kind=kind):
        rule = rulebooks.by_row(act.rules_id).kind(kind).acts[act.act]
        if civil(act.occurred_at) < CHANGE and rule.to != KEEP_STATE:
            passed.add(rule.to)
    assert states(kind, "2021-06-01") - passed == set()


def test_rows_equal_replay_and_the_ledger_agrees(simulated: Simulated) -> None:
    assert list(replay.check()) == []
    while sequencer.tick(now=UNTIL).sequenced:
        pass
    assert check(projections()) == []
    assert list(broken_contents()) == []


def test_it_is_lifelike(simulated: Simulated) -> None:
    assert simulated.breaches > 0
    assert simulated.lapses > 0
    assert {"in_time", "late"} <= set(Duty.objects.values_list("timeliness", flat=True))
    registered = Act.objects.filter(act="register", case__kind="petition")
    assert {a.data["channel"] for a in registered} >= {"network", "letter", "visit", "phone"}
    assert {
        "extend",
        "object",
        "refuse_return",
        "agree_return",
        "split",
        "hold_hearing",
        "assist_report",
    } <= set(Act.objects.values_list("act", flat=True))
    assert any(
        a.data.get("visit_kind") == "group" and a.data.get("representatives") == 4
        for a in registered
    )
    calendar = rulebooks.calendars().newest
    assert all(
        calendar.is_working(civil(a.occurred_at)) is not False for a in registered if a.case.seq
    )


def test_each_breach_is_recorded_once_it_can_be_known(simulated: Simulated) -> None:
    breached = Duty.objects.filter(breach__isnull=False).select_related("breach")
    assert breached.exists()
    for duty in breached:
        assert duty.due is not None
        assert duty.breach is not None
        known = max(duty.due + timedelta(days=1), duty.opened_on + timedelta(days=1))
        assert duty.due < civil(duty.breach.recorded_at) <= known


def test_reviews_hang_on_their_petition(simulated: Simulated) -> None:
    assert CaseLink.objects.filter(
        kind="reviews", case__kind="review", other__kind="petition"
    ).exists()
    assert CaseLink.objects.filter(
        kind="rechecks", case__kind="recheck", other__kind="review"
    ).exists()
    assert CaseLink.objects.filter(kind="anew_after").exists()
    assert CaseLink.objects.filter(kind="new_facts_after").exists()


PAPERS: dict[str, tuple[str, ...]] = {
    "D03": (r"该事项于 \d+年\d+月\d+日 收到", r"信访事项 \S", r"材料清单 \S"),
    "D04": (r"收到日期 \d+年", r"材料清单 \S", r"请于 \d+年\d+月\d+日 前办结"),
    "D06": (r"我单位于 \d+年\d+月\d+日 收到", r"处理途径和程序 \S", r"联系人和联系方式 \S"),
    "D07": (r"已于\d+年\d+月\d+日转送、交办", r"去向 \S"),
    "D09": (r"详细理由 \S", r"建议的有权处理机关、单位 \S", r"材料清单 \S"),
    "D10": ("同意你单位的异议",),
    "D11": (r"不予受理的情形 \S", r"说明 \S", r"您可以前往的机关和途径 \S"),
    "D12": (r"于 \d+年\d+月\d+日 经复核作出复核意见（ \S", "同一事实和理由"),
    "D13": (
        r"开始日期 \d",
        r"地点和主持人 \S",
        r"参加人的权利 \S",
        "应当回避（《",
        r"笔录和结论 \S",
    ),
    "D14": (r"当事人 \S", r"协议内容 \S"),
    "D15": (r"延期理由 \S", r"负责人于 \d+年", "延长后的办结期限"),
    "D16": (
        r"信访人投诉请求 \S",
        r"事实和理由 \S",
        r"处理意见 \S",
        r"法律法规依据 \S",
        "救济途径和期限",
    ),
    "D17": (r"办结情况 \S", r"所附意见书 \S", r"信访人态度 \S"),
    "D18": (r"执行单位 \S", r"执行期限 \d", r"执行事项 \S", r"执行证明摘要 \S"),
    "D19": (r"送达文书 (《|简易答复)", r"送达方式 \S", r"送达日期 \d"),
    "D20": (r"请求 \S", r"理由 \S", r"所附意见书 \S"),
    "D21": (r"复查请求 \S", r"查明的事实 \S", r"复查意见 \S", r"依据 \S", "请求复核"),
    "D22": (r"复核请求 \S", r"查明的事实 \S", r"复核意见 \S", r"依据 \S", "不再受理"),
    "D23": (r"采纳情况 \S", r"答复 \S", "感谢"),
    "D24": (r"材料清单 \S",),
}
"""What the list of documents asks of the papers of a petition, as they print it."""


def test_every_paper_of_every_matter_says_what_the_list_of_documents_asks(
    simulated: Simulated,
) -> None:
    seen, lacking = set(), []
    for row in Document.objects.filter(case__kind__in=KINDS).select_related("act", "case"):
        number = rulebooks.by_row(row.act.rules_id).kind(row.case.kind).documents[row.rule].number
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", open_body(row)))
        seen.add(number)
        lacking += [
            f"{number} {row.number}: {asked}"
            for asked in PAPERS.get(number, ())
            if not re.search(asked, text)
        ]
    assert lacking == []
    assert seen >= set(PAPERS)


def test_accusations_are_sealed_and_have_their_accused(simulated: Simulated) -> None:
    for case in Case.objects.filter(parties__role="accused_person").distinct():
        assert case.protected
        assert case.title == ""
    assert Case.objects.filter(parties__role="accused_person").exists()


def test_people_are_invented_and_plainly_so(simulated: Simulated) -> None:
    assert Petitioner.objects.exists()
    random = Random(1)
    for _ in range(50):
        name, _, phone = matters.person(random)
        assert name[1:] in matters.GIVEN
        assert phone.startswith("100")  # no number of a person begins like this


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_acts(tmp_path: Path, settings: Any) -> None:
    prepare(tmp_path, settings)
    World()
    told = []
    for seed in (3, 3, 4):
        with as_a_test_case():
            simulate(petitions=6, months=12, seed=seed, until=UNTIL)
            rows = Act.objects.filter(case__kind__in=KINDS).order_by("id")
            told.append([(a.act, a.occurred_at, a.data.get("channel"), a.organ_id) for a in rows])
            transaction.set_rollback(True)
        rulebooks.forget_rows()
    assert told[0] == told[1]
    assert told[0] != told[2]


@pytest.mark.django_db
def test_a_real_office_takes_no_invented_data(tmp_path: Path, settings: Any) -> None:
    prepare(tmp_path, settings)
    settings.PRACTICE = False
    with pytest.raises(NotPracticeError, match="真实"):
        simulate(petitions=1, months=1, seed=1, until=UNTIL)
    assert not Case.objects.exists()


def test_codes_of_practice_matters_are_kept_in_the_marker(tmp_path: Path) -> None:
    keep_codes(tmp_path, [("A", ""), ("B", "X-1"), ("C", "Y-2")])
    assert kept_codes(tmp_path) == [("B", "X-1"), ("C", "Y-2")]


@pytest.mark.django_db
def test_further_organs_take_their_part(tmp_path: Path, settings: Any) -> None:
    prepare(tmp_path, settings)
    world = World()
    assert found_further(2, FOUNDED, None) == 2
    assert found_further(2, FOUNDED, None) == 0
    staff = Staff.load(civil(UNTIL))
    assert list(staff.handling()) == ["YJ02", "YJ03", "YJ04", "YJ11", "YJ12"]
    with as_a_test_case():
        done = simulate(petitions=12, months=6, seed=4, until=UNTIL, staff=staff)
        assert done.refused == []
        assert Case.objects.filter(holder__code__in=("YJ11", "YJ12")).exists()
        transaction.set_rollback(True)
    assert world.office.organs


def test_every_month_and_year_of_the_petition_office_equals_a_recount_in_plain_sql(
    simulated: Simulated,
) -> None:
    office, supervisor = Organ.objects.get(code="YJ01"), User.objects.get(username="supervisor")
    viewer = viewer_of(supervisor, civil(UNTIL))
    last = civil(UNTIL)
    months = [
        month_of(year, month) for year in range(2021, last.year + 1) for month in range(1, 13)
    ]
    matters = 0
    for first, end in months:
        taken = table(office.pk, "YJ01", viewer, first, end, position=0).total
        assert {name: getattr(taken, name) for name in NAMES} == recount("YJ01", first, end), first
        matters += taken.matters
    assert matters > 50
    for year in range(2021, last.year + 1):
        told, days = (
            annual(office, viewer, year, position=0),
            (date(year, 1, 1), date(year, 12, 31)),
        )
        assert {name: getattr(told.data.total, name) for name in NAMES} == recount("YJ01", *days), (
            year
        )
        counted = dict(ask(ACTS, "YJ01", *days))
        assert {
            n: told.handling[n]
            for n in ("forward", "assign", "order", "remind", "verify", "reject_reply")
        } == {
            n: counted.get(n, 0)
            for n in ("forward", "assign", "order", "remind", "verify", "reject_reply")
        }, year
