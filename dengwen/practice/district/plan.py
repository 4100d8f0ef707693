"""The invented district of the practice office: 云江区, its organs and its people. Any likeness is
accidental."""

from __future__ import annotations

from dengwen.practice.district.founder import OrganPlan, PersonPlan

PASSWORD = "dengwen-practice-2026"  # noqa: S105  # of invented accounts, printed for everybody
"""Log-in of every practice account; printed at the start of the practice office and useless
anywhere else."""

CITY_DIVISION, DISTRICT_DIVISION = "50", "500199"
"""Where the district lies: the second code is given to no real place; the first puts the rules
of 2017 in force."""

BASIS = "示例：由区信访工作联席会议确定"


def _p(
    code: str, name: str, rank: str, title: str, username: str, *roles: str, compartment: str = ""
) -> PersonPlan:
    return PersonPlan(code, name, rank, title, username, tuple(roles), compartment)


MANAGER = "YJW"
"""The invented Party committee that manages the district's organs and the holders of their
leading posts."""
AUTHORITY = "示例：干部管理权限由区委规定"

CITY = (
    OrganPlan(
        "SZF",
        "示例市人民政府",
        "Government of Example City",
        "government",
        "prefecture",
        people=(
            _p("SZF-M", "马示例", "staff", "复查复核办公室科员", "rechecker", "R8", "R3"),
            _p("SZF-D", "丁试样", "staff", "复查复核办公室主任", "recheck-checker", "R6"),
            _p("SZF-T", "唐假名", "principal", "市长", "recheck-head", "R7"),
        ),
    ),
    OrganPlan(
        "SXF",
        "示例市信访局",
        "Petition Office of Example City",
        "party_organ",
        "prefecture",
        petition_office=True,
        territorial="SZF",
        people=(
            _p(
                "SXF-X",
                "薛虚构",
                "staff",
                "督查处干部",
                "city-supervisor",
                "R9",
                compartment="account",
            ),
            _p(
                "SXF-Y", "于样本", "staff", "督查处干部", "city-router", "R5", compartment="account"
            ),
        ),
    ),
    OrganPlan(
        "SZJ",
        "示例市住房城乡建设委",
        "Housing Commission of Example City",
        "government_department",
        "prefecture",
        territorial="SZF",
        superiors=(("recheck", "SZF", BASIS),),
        people=(
            _p("SZJ-F", "冯示例", "staff", "复查科科员", "reviewer", "R8", "R3"),
            _p("SZJ-W", "文试样", "staff", "复查科科长", "review-checker", "R6"),
            _p("SZJ-G", "耿假名", "principal", "主任", "review-head", "R7"),
        ),
    ),
)

ADMINISTRATORS = (
    _p("ADM-A", "安样本", "staff", "系统管理员", "admin", "R14"),
    _p("ADM-S", "佘样本", "staff", "安全管理员", "security", "R15"),
    _p("ADM-U", "尤样本", "staff", "审计管理员", "auditor", "R16"),
    _p("ADM-E", "鄂示例", "staff", "派驻的外部审计人员", "witness", "R19"),
)

DISTRICT = (
    OrganPlan(
        "YJQ",
        "云江区人民政府",
        "Government of Yunjiang District",
        "government",
        "county",
        territorial="SZF",
        superiors=(("review", "SZF", BASIS), ("recheck", "SZF", BASIS)),
        people=(
            _p("YJQ-N", "倪示例", "staff", "复查复核办公室科员", "reviewer2", "R8", "R3"),
            _p("YJQ-F", "方试样", "staff", "复查复核办公室主任", "review-checker2", "R6"),
            _p("YJQ-P", "潘假名", "principal", "区长", "review-head2", "R7"),
            _p("YJQ-Y", "尹样例", "deputy", "副区长", "deputy", "R7"),
            _p("YJQ-B", "卞虚构", "staff", "区政府办公室秘书", "secretary", "R3", "R6"),
        ),
    ),
    OrganPlan(
        "YJ01",
        "云江区信访局",
        "Petition Office of Yunjiang District",
        "party_organ",
        "county",
        petition_office=True,
        territorial="YJQ",
        people=(
            _p("YJ01-Q", "钱虚构", "staff", "接访登记员", "clerk", "R3"),
            _p("YJ01-S", "孙虚构", "staff", "转办员", "router", "R5", compartment="account"),
            _p(
                "YJ01-Z",
                "周样本",
                "deputy",
                "副局长",
                "supervisor",
                "R4",
                "R9",
                compartment="account",
            ),
            _p("YJ01-K", "柯样例", "staff", "督查科科员", "inspector", "R9"),
            _p("YJ01-J", "纪虚构", "staff", "检举控告专办", "sealed", "R5", compartment="accuse"),
            _p("YJ01-T", "佟假名", "staff", "综合分析科干部", "analyst", "R13"),
            _p("YJ01-B", "包试样", "staff", "个人信息保护负责人", "privacy", "R17"),
            _p("YJ01-D", "戴样本", "staff", "档案员", "archivist", "R18"),
        ),
    ),
    OrganPlan(
        "YJ02",
        "云江区住房建设局",
        "Housing Bureau of Yunjiang District",
        "government_department",
        "county",
        territorial="YJQ",
        vertical="SZJ",
        categories=("c01",),
        superiors=(("review", "SZJ", BASIS),),
        people=(
            _p("YJ02-L", "李样本", "staff", "承办人", "handler", "R6", "R3"),
            _p("YJ02-W", "吴试样", "staff", "科长", "checker", "R6"),
            _p("YJ02-Z", "郑样例", "principal", "局长", "head", "R7"),
        ),
    ),
    OrganPlan(
        "YJ03",
        "云江区城市管理局",
        "Urban Management Bureau of Yunjiang District",
        "government_department",
        "county",
        territorial="YJQ",
        categories=("c04", "c06"),
        superiors=(("review", "YJQ", BASIS),),
        people=(
            _p("YJ03-H", "何样本", "staff", "承办人", "handler2", "R6", "R3"),
            _p("YJ03-K", "孔试样", "staff", "科长", "checker2", "R6"),
            _p("YJ03-C", "曹样例", "principal", "局长", "head2", "R7"),
        ),
    ),
    OrganPlan(
        "YJ04",
        "云江区人力社保局",
        "Labour and Social Security Bureau of Yunjiang District",
        "government_department",
        "county",
        territorial="YJQ",
        categories=("c15", "c09", "c12", "c14"),
        superiors=(("review", "YJQ", BASIS),),
        people=(
            _p("YJ04-Y", "严样本", "staff", "承办人", "handler3", "R6", "R3"),
            _p("YJ04-H", "华试样", "staff", "科长", "checker3", "R6"),
            _p("YJ04-J", "金样例", "principal", "局长", "head3", "R7"),
            _p("YJ04-R", "任示例", "staff", "人事管理科干部", "personnel", "R12"),
        ),
    ),
    OrganPlan(
        "YJ09",
        "云江区纪委监委",
        "Discipline Commission of Yunjiang District",
        "discipline",
        "county",
        territorial="YJQ",
        people=(
            _p(
                "YJ09-T", "陶虚构", "staff", "信访举报室", "discipline", "R11", compartment="accuse"
            ),
            _p(
                "YJ09-G",
                "葛样本",
                "staff",
                "案件审理室干部",
                "sanction-officer",
                "R11",
                "R3",
                compartment="account",
            ),
            _p(
                "YJ09-Q",
                "秦假名",
                "deputy",
                "区监委副主任（分管审理）",
                "sanction-head",
                "R7",
                compartment="account",
            ),
        ),
    ),
    OrganPlan("YJF", "云江区人民法院", "People's Court of Yunjiang District", "court", "county"),
    OrganPlan(
        "YJW",
        "中共云江区委员会",
        "Party Committee of Yunjiang District",
        "party_committee",
        "county",
        territorial="SZF",
        people=(
            _p(
                "YJW-F",
                "范虚构",
                "staff",
                "区委办公室干部",
                "committee",
                "R6",
                "R3",
                compartment="account",
            ),
            _p(
                "YJW-S",
                "舒假名",
                "staff",
                "区委副书记（分管）",
                "decider",
                "R7",
                compartment="account",
            ),
        ),
    ),
    OrganPlan(
        "YJL",
        "云江区信访工作联席会议办公室",
        "Joint Conference Office of Yunjiang District",
        "joint_conference",
        "county",
        joint_conference=True,
        territorial="YJQ",
        people=(_p("YJL-L", "凌虚构", "staff", "联席会议办公室干部", "conference", "R10"),),
    ),
    OrganPlan(
        "YJZ",
        "中共云江区委组织部",
        "Organisation Department of Yunjiang District",
        "party_organ",
        "county",
        territorial="YJW",
        people=(_p("YJZ-Z", "祖虚构", "staff", "干部监督科干部", "organiser", "R12"),),
    ),
)
