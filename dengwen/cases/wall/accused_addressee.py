"""A matter on its way to an organ that it proves to accuse: who looks after it must be told.

The organ is behind the wall, so it neither sees the matter nor receives it. Its sender does, and
nothing else on the page says why nobody receives it.
"""

from __future__ import annotations

from datetime import date

from dengwen.cases.models import Case, Party
from dengwen.cases.wall.visibility import viewer_of_organ

ADVICE = (
    (
        "收到转送、交办的机关、单位在被检举控告的一方，已经隔离：看不到本件，也不能签收。不得再向它透露、"
        "转交材料和有关情况（信访工作条例第三十条第三款）。请向本机关负责人报告，在“备注”里记明已经送去的"
        "材料如何处理；检举控告按管理权限转送有权处理的机关（第二十二条第二款）"
    ),
    (
        "the organ it was sent to is on the accused side and behind the wall: it neither sees nor "
        "receives this matter. Tell it nothing more and hand it no more papers (R22 30(3)). "
        "Report to the head of your organ and note what becomes of the papers already sent; an "
        "accusation goes to the organ with management authority (R22 22(2))"
    ),
)
"""What whoever sent it reads, in both languages."""


def is_sent_to_accused(case: Case, day: date) -> bool:
    """Say whether the organ a sealed matter is on its way to stands on the accused side, itself
    or below a unit that does."""
    if not case.protected:
        return False
    standing = Party.objects.filter(case=case, role="addressee", until__isnull=True)
    named = standing.exclude(organ=None).values_list("organ_id", flat=True)
    waited_for = set(named) - {case.holder_id}
    return any(is_accused_side(case, organ, day) for organ in sorted(waited_for))


def is_accused_side(case: Case, organ: int, day: date) -> bool:
    """Say whether an organ is a unit that a matter accuses, or below one."""
    walled = viewer_of_organ(organ, day).walled_organs
    return Party.objects.filter(case=case, role="accused_unit", organ__in=walled).exists()
