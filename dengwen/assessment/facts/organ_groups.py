"""The organs of an assessment in groups that can be compared, and the names of these groups."""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.assessment.frozen.frozen_tables import Assessed
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Organ

PETITION_OFFICE = "petition_office"
"""The kind under which petition departments are grouped."""
OFFICE_WORDS = ("信访部门", "petition department")
LEVEL_WORDS: Mapping[str, str] = {
    "national": "全国",
    "province": "省级",
    "prefecture": "地级",
    "county": "县级",
    "township": "乡级",
    "village": "村级",
}


def assessed_organs(organ_ids: frozenset[int]) -> list[Assessed]:
    """Return organs in order of id, each with the group it is compared in: its kind and level.

    Petition departments form a group of their own, whatever kind they are registered as, because no
    other organ does their work (it registers, forwards and is rated as the department).
    """
    rows = Organ.objects.filter(pk__in=organ_ids).order_by("pk")
    assessed = []
    for organ_id, name, kind, level, is_petition_office in rows.values_list(
        "pk", "name_zh", "kind", "level", "is_petition_office"
    ):
        group_kind = PETITION_OFFICE if is_petition_office else kind
        assessed.append(Assessed(organ_id, name, f"{group_kind}/{level}"))
    return assessed


def group_pair(group: str) -> tuple[str, str]:
    """Return a group of comparable organs in words, Chinese and English; the group itself where
    its kind has none."""
    kind, _slash, level = group.partition("/")
    words = _kind_words(kind)
    if words is None:
        return group, group
    kind_zh, kind_en = words
    level_zh = LEVEL_WORDS.get(level, level)
    return f"{level_zh}{kind_zh}", f"{kind_en}, {level} level"


def _kind_words(kind: str) -> tuple[str, str] | None:
    """Return what a kind of organ is called, Chinese and English; None for an unknown one."""
    if kind == PETITION_OFFICE:
        return OFFICE_WORDS
    known = KINDS.get(kind)
    return (known.zh, known.en) if known else None
