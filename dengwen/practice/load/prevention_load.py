"""Prevention in the practice office: two decisions, a meeting with an objection, screening, lists,
a warning.

Everything goes through the write door, as in a real office; who speaks and what is decided is
invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dengwen.access.models import User
from dengwen.access.roles import capacities
from dengwen.cases.models import Case
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import CHINA, civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.lists.import_tray import StagedEntry, stage_list
from dengwen.organs.models import Official, Organ
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.practice.district.founder import REGISTRAR
from dengwen.prevention.positions import digest_of, read_positions
from dengwen.prevention.watch import watch

OFFICE, GOVERNMENT, HOUSING, CITY = "YJ01", "YJQ", "YJ02", "YJ03"
PAPER = "5a" * 32
"""Stands for the digest of an invented assessment report."""
LISTS: dict[str, tuple[StagedEntry, ...]] = {
    HOUSING: (
        StagedEntry(
            "c01", "房屋质量、渗漏（示例）", "31(6)", "信访程序", "六十日", "信访工作条例第三十四条"
        ),
        StagedEntry(
            "c01",
            "物业服务违规（示例）",
            "31(5)",
            "申请查处",
            "按所依据的法规",
            "示例条目，非真实依据",
        ),
    ),
    CITY: (
        StagedEntry(
            "c04",
            "夜间施工噪声（示例）",
            "31(5)",
            "申请查处",
            "按所依据的法规",
            "示例条目，非真实依据",
        ),
        StagedEntry(
            "c06", "道路设施（示例）", "31(6)", "信访程序", "六十日", "信访工作条例第三十四条"
        ),
    ),
}
POSITIONS = "YJ01-Z；同意；\nYJ01-S；明确反对；没有听取周边居民意见，容易引发集体访\nYJ01-Q；到会，没有表态；"
LETTERS = (
    "云栖小区旁拟建垃圾中转站，居民没有被征求意见，请求公开选址依据并重新选址。",
    "反对在云栖小区旁拟建垃圾中转站，请求公开选址依据，听取居民意见，重新选址。",
)
NAMES = ("赵示例", "钱样本", "孙虚构", "李假名", "周试样")


class _Writer:
    """Writes steps in the name of people of the district, a day apart from each other."""

    def __init__(self, until: datetime) -> None:
        self.until, self.count = until, 0

    def do(self, username: str, organ: str, days: int, step: Step) -> str:
        """Do a step `days` before the end and return the number of its case."""
        self.count += 1
        now = self.at(days)
        return perform(
            step, by=self.by(username, organ, now), now=now, uid=f"demo/prevention/{self.count}"
        ).case

    def at(self, days: int) -> datetime:
        """Return eleven in the morning in China, so many days before the end; never after it."""
        morning = datetime.combine(civil(self.until) - timedelta(days=days), time(11), CHINA)
        return (
            min(morning, self.until)
            + timedelta(microseconds=self.count * 1000)
            - timedelta(seconds=5)
        )

    def by(self, username: str, organ: str, now: datetime) -> By:
        """Return somebody as an actor in an organ."""
        user = User.objects.get(username=username)
        held = capacities(
            frozenset(user.grants.filter(valid_from__lte=civil(now)).values_list("role", flat=True))
        )
        return By(user.pk, Organ.objects.get(code=organ).pk, held)


def _step(
    act: str,
    case: str = "",
    kind: str = "",
    /,
    texts: dict[str, str] | None = None,
    **fields: FieldValue,
) -> Step:
    return Step(act=act, case=case, kind=kind, fields=fields, texts=texts or {})


def load_prevention(until: datetime) -> int:
    """Write the example unless it is there; return how many cases it opened."""
    if Case.objects.filter(kind="decision").exists():
        return 0
    before = Case.objects.count()
    writer = _Writer(until)
    _lists(until)
    meeting = _meeting(writer)
    _decisions(writer, meeting)
    _screening(writer)
    _letters(writer)
    return Case.objects.count() - before


def _lists(until: datetime) -> None:
    """Publish the lists of the organs."""
    for code, rows in LISTS.items():
        fields: dict[str, FieldValue] = {
            "organ": code,
            "digest": stage_list(rows),
            "count": len(rows),
        }
        fields["from"] = civil(until)
        step = Step(
            act="publish_list", case=Organ.objects.get(code=code).registry_case, fields=fields
        )
        perform(step, by=By(None, None, REGISTRAR), now=until, uid=f"demo/list/{code}")


def _meeting(writer: _Writer) -> str:
    """Hold a meeting about a site, at which somebody objects, and return its number."""
    texts = {
        "subject": "局务会：中转站选址信访风险（虚构）",
        "agenda": "研究示例中转站选址可能引发的信访问题",
    }
    number = writer.do(
        "clerk", OFFICE, 40, _step("call", "", "meeting", texts, held_on=civil(writer.at(38)))
    )
    said = read_positions(POSITIONS)
    texts = {
        "title": "示例中转站选址",
        "positions": POSITIONS,
        "decision": "建议先做社会稳定风险评估，再提交决策",
    }
    chair = Official.objects.get(code="YJ01-Z").pk
    fields: dict[str, FieldValue] = {
        "item": 1,
        "outcome": "adopted",
        "decided_by": chair,
        "count": len(said),
        "positions_digest": digest_of(said),
    }
    writer.do("clerk", OFFICE, 38, _step("record_item", number, "", texts, **fields))
    writer.do("clerk", OFFICE, 38, _step("conclude", number, "", purpose="study"))
    return number


def _decisions(writer: _Writer, meeting: str) -> None:
    """One decision after its assessment, one taken without."""
    _assessed_decision(writer, meeting)
    _unassessed_decision(writer)


def _assessed_decision(writer: _Writer, meeting: str) -> None:
    """Decide where a transfer station is built, after the risks were assessed and heard."""
    housing = Organ.objects.get(code=HOUSING).pk
    entered = _step("enter", "", "decision", {"subject": "示例中转站选址"}, field="project")
    number = writer.do("clerk", OFFICE, 36, entered)
    why = {"why": "影响周边居民"}
    needed = _step("need_assessment", number, "", why, assessor=housing)
    writer.do("clerk", OFFICE, 36, needed)
    given: dict[str, FieldValue] = {
        "assessed_on": civil(writer.at(25)),
        "assessed_by": housing,
        "result": "controllable",
        "report": PAPER,
    }
    risks = {"risks": "异味、车辆；改为密闭转运，公示监测结果"}
    writer.do("clerk", OFFICE, 24, _step("assess", number, "", risks, **given))
    fields: dict[str, FieldValue] = {"decided_on": civil(writer.at(20)), "meeting": meeting}
    decision = {"decision": "同意选址，落实防范措施"}
    writer.do("clerk", OFFICE, 20, _step("decide", number, "", decision, **fields))


def _unassessed_decision(writer: _Writer) -> None:
    """Decide about parking fees without the assessment that was needed."""
    entered = _step("enter", "", "decision", {"subject": "示例停车收费调整"}, field="price")
    number = writer.do("clerk", OFFICE, 30, entered)
    why = {"why": "涉及多数居民"}
    writer.do("clerk", OFFICE, 30, _step("need_assessment", number, "", why))
    texts = {"why": "没有安排评估", "decision": "按示例标准收费"}
    decided_on = civil(writer.at(28))
    decided = _step("decide_without", number, "", texts, decided_on=decided_on)
    writer.do("clerk", OFFICE, 28, decided)


def _screening(writer: _Writer) -> None:
    """A screening that finds two disputes, of which one is settled."""
    texts = {"subject": "汛期房屋纠纷排查（虚构）", "scope": "逐社区走访，查近半年来信"}
    first = civil(writer.at(22))
    last = civil(writer.at(0)) + timedelta(days=8)
    begun = _step("begin", "", "screening", texts, first=first, last=last)
    number = writer.do("clerk", OFFICE, 22, begun)
    _find_disputes(writer, number)
    how = {"how": "物业约定两周内修复，双方签字"}
    result = _step("report_result", number, "", how, dispute=1, result="defused")
    writer.do("handler", HOUSING, 5, result)


def _find_disputes(writer: _Writer, number: str) -> None:
    """Two disputes, each given to an organ that is to settle it by a day."""
    found: Sequence[tuple[str, str, date, str]] = (
        (HOUSING, "c01", civil(writer.at(3)), "江畔里三号楼渗水，业主与物业争执（虚构）"),
        (CITY, "c04", civil(writer.until) + timedelta(days=9), "样本花园夜间施工（虚构）"),
    )
    for place, (owner, category, defuse_by, what) in enumerate(found, 1):
        given: dict[str, FieldValue] = {
            "dispute": place,
            "category": category,
            "owner": Organ.objects.get(code=owner).pk,
            "defuse_by": defuse_by,
        }
        writer.do("clerk", OFFICE, 20, _step("find_dispute", number, "", {"what": what}, **given))


def _letters(writer: _Writer) -> None:
    """Five people about one matter in five days, of whom the detectors warn."""
    for place, name in enumerate(NAMES):
        days = len(NAMES) - place + 1
        one = handed_in(
            channel="letter",
            content=LETTERS[place % 2],
            subject="反对示例中转站选址",
            petitioner=name,
            category="c04",
        )
        now = writer.at(days)
        register(
            one, by=writer.by("clerk", OFFICE, now), now=now, uid=f"demo/prevention/letter/{place}"
        )
    watch(writer.at(1))
