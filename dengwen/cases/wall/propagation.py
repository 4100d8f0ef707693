"""The wall goes with the matter: what is said about a matter is hidden from whoever must not learn
of the matter.

A letter laid before a leader, a talk, a case in charge, the own matter of a member of a group are
cases of their own, tied to the matter by the link `about`; so is what is about one of these. When
the matter proves to be an accusation, they are sealed in the same transaction and take over its
accused side.
"""

from __future__ import annotations

from datetime import datetime

from dengwen.access.keys.sealed_values import CaseKeys
from dengwen.cases.models import Act, Case, CaseLink, Party
from dengwen.cases.write.contents import protect
from dengwen.law.duties.act_record import civil

ABOUT = "about"
WALLED = frozenset({"accused_person", "accused_unit", "recused"})
"""Standings that put somebody behind the wall of a case."""


def spread(matter: Case, act: Act, now: datetime, keys: CaseKeys) -> None:
    """Seal the cases about a protected matter and put its accused side behind their wall; `act` is
    what showed it, and `keys` are those of the running call.

    What is about one of these follows: links `about` run from the later case to the earlier and
    never in a circle.
    """
    links = list(CaseLink.objects.filter(other=matter, kind=ABOUT).select_related("case"))
    if not links:
        return
    accused = list(Party.objects.filter(case=matter, role__in=WALLED, until__isnull=True))
    for link in links:
        if matter.protected and not link.case.protected:
            protect(link.case, now, keys)
            link.case.save(update_fields=["protected", "title"])
        known = set(
            Party.objects.filter(case=link.case, role__in=WALLED).values_list(
                "role", "organ", "official"
            )
        )
        Party.objects.bulk_create(
            Party(
                case=link.case,
                role=p.role,
                organ_id=p.organ_id,
                official_id=p.official_id,
                act=act,
                since=civil(act.occurred_at),
            )
            for p in accused
            if (p.role, p.organ_id, p.official_id) not in known
        )
        spread(link.case, act, now, keys)
