"""What invented people of the invented district write about: subjects, facts, requests and names.

Nothing here is taken from a real message; names say that they are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ("示例", "样本", "虚构", "假名", "试样", "样例")
ROADS = ("示例路", "样本街", "虚构巷", "试样大道")
PLACES = ("云栖小区", "江畔里", "示例新村", "样本花园", "老厂宿舍")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to petition about: category of content, subject, facts with a place for
    `{place}`, what is asked."""

    category: str
    subject: str
    facts: str
    asks: tuple[str, ...]


CLAIMS = (
    Matter(
        "c01",
        "{place}屋面渗水",
        "{place}顶层屋面渗水两年，雨后墙皮脱落，多次报修未修。",
        ("修复屋面", "说明维修资金的使用"),
    ),
    Matter(
        "c01",
        "{place}二次供水压力不足",
        "{place}四层以上早晚断水，物业称须由主管部门协调。",
        ("恢复正常供水",),
    ),
    Matter(
        "c01",
        "{place}加装电梯受阻",
        "{place}一单元三分之二以上业主同意加装电梯，手续停在审查环节。",
        ("答复审查结果",),
    ),
    Matter(
        "c04",
        "{place}夜间施工噪声",
        "{place}东侧工地连续多日二十二时后施工，影响休息。",
        ("查处夜间施工", "公布施工时间"),
    ),
    Matter(
        "c04",
        "{place}旁小作坊异味",
        "{place}临街作坊每日排放异味，投诉后短暂停业又恢复。",
        ("查处排放异味",),
    ),
    Matter(
        "c06",
        "{place}路口缺少信号灯",
        "{place}出口车流大，学生过街不安全，曾发生刮擦。",
        ("增设信号灯或者标线",),
    ),
    Matter(
        "c06",
        "{place}公交线路取消",
        "{place}唯一一条公交线路取消，老人就医不便。",
        ("恢复线路", "公布调整依据"),
    ),
    Matter(
        "c15",
        "示例建筑公司拖欠工资",
        "在{place}做工三个月，示例建筑公司至今未付工资。",
        ("支付拖欠的工资",),
    ),
    Matter(
        "c15",
        "示例物业公司未缴社保",
        "在{place}做保安两年，示例物业公司没有缴纳社会保险。",
        ("补缴社会保险",),
    ),
    Matter(
        "c09",
        "{place}临时救助申请未答复",
        "家住{place}，因病困难，申请临时救助后未收到答复。",
        ("答复救助申请",),
    ),
    Matter(
        "c12", "{place}社区医院药品短缺", "{place}社区医院常用慢病药长期缺货。", ("保证慢病用药",)
    ),
    Matter(
        "c14",
        "{place}幼儿园收费不明",
        "{place}幼儿园收取材料费没有票据，也没有公示。",
        ("公示收费依据", "退还多收的费用"),
    ),
)
SUGGESTIONS = (
    Matter(
        "c06",
        "建议在{place}设夜间接驳车",
        "{place}离地铁站三公里，建议夜间设接驳车。",
        ("设夜间接驳车",),
    ),
    Matter(
        "c01",
        "建议{place}增设无障碍坡道",
        "{place}多处台阶没有坡道，建议统一增设。",
        ("增设无障碍坡道",),
    ),
)
ACCUSATIONS = (
    Matter(
        "c05",
        "反映某单位人员收受礼品",
        "反映云江区城市管理局何样本在{place}执法时收受礼品。",
        ("依法调查",),
    ),
    Matter(
        "c05",
        "反映某单位工作人员弄虚作假",
        "反映云江区住房建设局李样本在{place}验收中弄虚作假。",
        ("依法调查",),
    ),
)
OTHER_PATHS = {
    "31(4)": Matter(
        "c01", "不服{place}违建认定", "对{place}违法建设的认定不服，要求撤销。", ("撤销认定",)
    ),
    "31(2)": Matter(
        "c15",
        "示例公司解除劳动合同",
        "示例公司在{place}的项目单方解除劳动合同，要求赔偿。",
        ("赔偿",),
    ),
    "31(5)": Matter(
        "c04", "举报{place}违法倾倒", "{place}河边有人夜间倾倒渣土，要求查处。", ("查处违法倾倒",)
    ),
    "31(1)": Matter(
        "c13", "不服示例法院判决", "对涉及{place}的民事判决不服，要求重新审理。", ("重新审理",)
    ),
}


def person(random: Random) -> tuple[str, str, str]:
    """Return an invented petitioner: name, address, telephone (a number nobody can have)."""
    name = random.choice(SURNAMES) + random.choice(GIVEN)
    address = f"云江区{random.choice(ROADS)}{random.randrange(1, 200)}号"
    return name, address, f"100{random.randrange(10**7, 10**8)}"


def worded(matter: Matter, random: Random) -> tuple[str, str, tuple[str, ...]]:
    """Return subject, content and requests of a matter at an invented place."""
    place = random.choice(PLACES)
    asks = matter.asks[: random.randrange(1, len(matter.asks) + 1)]
    content = matter.facts.format(place=place) + "请求" + "；".join(asks) + "。"
    return matter.subject.format(place=place), content, asks
