"""Matters whose class or path was changed after they were classified: by correcting the act, or by
classifying again.

A further `classify` that changes class or path is a recoding, whoever does it. Where the matter had
come back in between, the sender having agreed that it went the wrong way (R22 23(3)), sorting it
again is what the text asks for: it is told as `returned`, and its price is the objection that was
upheld. Naming a path where none was named changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef

from dengwen.assessment.facts.duty_facts import OWN, PORTION, SLOTS, Draw
from dengwen.assessment.facts.entry_modes import entry_mode
from dengwen.assessment.frozen.frozen_tables import Fact, portions
from dengwen.cases.models import Act
from dengwen.law.duties.act_record import civil
from dengwen.oversight.statistics import span

CORRECTED = frozenset({"class", "path", "place", "persons", "visit_kind", "channel", "category"})
"""Fields whose correction is a recoding."""
RETURNED = "returned"
_SORTED = "classify"
_BACK = ("agree_return", "agree_return_within")


def recoded(asked: Draw) -> Iterator[Fact]:
    """Yield the further acts `classify` of the period that changed class or path, facts of the
    organ that did them."""
    begins, ends = span(asked.first, asked.last)
    earlier = Act.objects.filter(case=OuterRef("case"), act=_SORTED, seq__lt=OuterRef("seq"))
    rows = Act.objects.filter(
        Exists(earlier),
        asked.sealed("uid"),
        asked.whose("organ"),
        act=_SORTED,
        case__kind="petition",
        case__protected=False,
        occurred_at__gte=begins,
        occurred_at__lt=ends,
    ).order_by("pk")
    for some in portions(rows.iterator(chunk_size=PORTION), PORTION):
        said = _changes(asked, {row.case_id for row in some})
        for row in some:
            if outcome := said.get(row.pk):
                yield Fact(
                    row.pk * SLOTS + OWN,
                    "recoding",
                    row.organ_id or 0,
                    row.case_id,
                    civil(row.occurred_at),
                    outcome,
                    entered=entry_mode(imported=row.imported, late=bool(row.paper)),
                )


def _changes(asked: Draw, cases: set[int]) -> dict[int, str]:
    """Return by act what each further classification of some matters changed: `class`, `path`,
    or `returned`."""
    acts = Act.objects.filter(
        asked.sealed("uid"), case__in=cases, act__in=(_SORTED, "correct", *_BACK)
    )
    found: dict[int, str] = {}
    for _case, own in groupby(acts.order_by("case_id", "seq"), lambda act: act.case_id):
        known: dict[str, str] = {}
        back = False
        for act in own:
            if act.act in _BACK:
                back = True
            elif act.act == "correct":
                known |= _corrected(act.data, known)
            else:
                now = {name: str(act.data.get(name) or "") for name in ("class", "path")}
                if changed := _changed(known, now):
                    found[act.pk] = RETURNED if back else changed
                known = {"class": now["class"], "path": now["path"] or known.get("path", "")}
                back = False
    return found


def _corrected(data: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """Return what a correction makes of class or path, once they are known."""
    name = str(data.get("field", ""))
    return {name: str(data.get("new", ""))} if known and name in ("class", "path") else {}


def _changed(known: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return which of class and path a classification changed, "" for neither or for the first
    one."""
    if not known:
        return ""
    if known["class"] != now["class"]:
        return "class"
    both_named = known["path"] and now["path"]
    return "path" if both_named and known["path"] != now["path"] else ""
