"""The closed lists of the registry: kinds of organs, levels, ranks of posts, ways an organ can end.

Pure words: no Django, no clock. The kinds cover every group of seed art. 2 and the wider scope of
R22 art. 2; bodies that neither text lists are here too, because matters concern them although no
text binds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organ: its id, its names, and the group by which the scope articles speak of it."""

    id: str
    zh: str
    en: str
    group: str


_KINDS = (
    Kind("party_committee", "党委", "Party committee", "party"),
    Kind("party_organ", "党委工作机关", "Party organ", "party"),
    Kind("discipline", "纪律检查机关", "discipline inspection organ of the Party", "party"),
    Kind("congress", "人大机关", "people's congress organ", "congress"),
    Kind("government", "人民政府", "people's government", "government"),
    Kind("government_department", "政府工作部门", "department of a government", "department"),
    Kind("cppcc", "政协机关", "CPPCC organ", "cppcc"),
    Kind("supervisory", "监察机关", "supervisory organ of the state", "supervisory"),
    Kind("court", "人民法院", "people's court", "court"),
    Kind("procuratorate", "人民检察院", "people's procuratorate", "procuratorate"),
    Kind("dispatched", "派出机构", "agency dispatched by an organ", "dispatched"),
    Kind(
        "direct_institution",
        "直属事业单位",
        "public institution directly under an organ",
        "direct_institution",
    ),
    Kind("other_institution", "其他国有事业单位", "other state institution", "other_institution"),
    Kind("trade_union", "工会", "trade union organisation", "mass"),
    Kind("youth_league", "共青团", "Youth League organisation", "mass"),
    Kind("womens_federation", "妇联", "Women's Federation organisation", "mass"),
    Kind("peoples_organisation", "其他人民团体", "other people's organisation", "mass"),
    Kind(
        "state_enterprise",
        "国有、国有控股企业",
        "state-owned or state-controlled enterprise",
        "enterprise",
    ),
    Kind("joint_conference", "信访工作联席会议", "joint conference on petition work", "conference"),
    Kind("basic_party_body", "基层党组织", "basic-level Party organisation", "unlisted"),
    Kind(
        "villagers_committee", "村（居）民委员会", "villagers' or residents' committee", "unlisted"
    ),
    Kind("private_body", "其他单位", "private or other body", "unlisted"),
)

KINDS: dict[str, Kind] = {kind.id: kind for kind in _KINDS}
"""Every kind an organ may have, by id."""

LEVELS = ("national", "province", "prefecture", "county", "township", "village")
"""Levels of divisions and organs, from the top down; a municipality under the State Council is a
province."""

COUNTY_AND_ABOVE = frozenset(LEVELS[:4])
"""The levels whose departments R05 art. 2 spoke of (departments of county governments and
above)."""

RANKS = ("principal", "deputy", "member", "staff")
"""Ranks of posts: 主要负责人, 副职, 班子成员, 工作人员; the first three are the leading group (seed art. 7)."""

LEADING_GROUP = frozenset(RANKS[:3])
"""The ranks that make up the leading group (领导班子)."""

AXES = ("territorial", "vertical")
"""The two lines an organ can hang on: 属地 (graded and territorial, R22 5(3)) and 垂直 (its own
system, seed 5)."""

ENDINGS = ("merged", "split", "abolished", "designated")
"""How powers pass on: merged or split by reorganisation, abolished, or designated under R22
24(2)."""

PURPOSES = ("review", "recheck", "dispute")
"""What a superior is registered for: 复查 (R22 35), 复核 (R22 36), 管辖争议 (R22 24(1))."""

ABSENCES = ("away", "leave", "vacancy", "recusal", "other")
"""Why somebody is substituted. Codes only: a reason about a person's health has no place in an
open table."""
RECUSAL = "recusal"
"""The one of them that is no leave: whoever is recused from a matter keeps post and work."""

ANY_CATEGORY = "*"
"""A competence for every content category, such as a government's or a petition office's."""


# --- words people write ---------------------------------------------------------------------------
SPOKEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "kind": {kind.id: (kind.zh,) for kind in _KINDS},
    # "市级" is missing on purpose: it is a prefecture in a province and the whole municipality under
    # the State Council.
    "level": {
        "national": ("全国", "国家级", "中央"),
        "province": ("省、自治区、直辖市", "省级", "省", "自治区", "直辖市"),
        "prefecture": ("市、州", "地级", "地市级", "设区的市", "自治州"),
        "county": ("区、县", "县级", "区县", "区县级", "区", "县"),
        "township": ("乡、镇、街道", "乡级", "乡镇", "乡镇级", "乡", "镇", "街道"),
        "village": ("村、社区", "村级", "村", "社区"),
    },
    "leading": {
        "principal": ("主要负责人",),
        "deputy": ("副职", "分管负责人"),
        "member": ("班子成员",),
        "staff": ("工作人员",),
    },
    "purpose": {"review": ("复查",), "recheck": ("复核",), "dispute": ("管辖争议",)},
    "reason": {
        "away": ("外出",),
        "leave": ("休假",),
        "vacancy": ("空缺",),
        "recusal": ("回避",),
        "other": ("其他",),
    },
    "field": {"petitions": ("信访工作", "信访")},
}
"""Chinese words that lists, forms and commands may write for a code, by the field they stand in;
the first is shown."""


def code_of(field: str, word: str) -> str:
    """Return the code that a word of `field` stands for; the word itself where it is a code or
    none we know."""
    said = SPOKEN.get(field, {})
    if word in said:
        return word
    return next((code for code, words in said.items() if word in words), word)


def accepted(field: str) -> tuple[str, str]:
    """Return what may be written in `field`, Chinese words first: once for a Chinese, once for
    an English sentence."""
    said = SPOKEN.get(field, {})
    zh = "；".join(f"{words[0]}（{code}）" for code, words in said.items())
    return zh, "; ".join(f"{code} ({words[0]})" for code, words in said.items())
