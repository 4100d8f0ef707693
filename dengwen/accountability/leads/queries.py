"""Leads as they stand: the inbox, one lead, and what those concerned see.

Nothing is ranked: leads come by the day they were raised. Whoever reads here was let through by the
wall, except in `about`, which gives the person concerned what is theirs and nothing earlier (access
model 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from dengwen.accountability.finders import FINDERS, STRENGTHS
from dengwen.accountability.leads.lapsed_leads import ACT
from dengwen.accountability.leads.new_lead import KIND, PERSON
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Content, Party
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.act_record import civil
from dengwen.law.liability import provisions, triggers
from dengwen.organs.models import Official, Organ

INQUIRY = "inquiry"
PERSON_WORDS = ("工作中发现", "found in daily work")
RAISED, TAKEN, DECLINED, LAPSED = "raised", "taken", "declined", "lapsed"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a lead rests on: the case and the place of the act in it ("" and 0 where sealed),
    and what it shows."""

    case: str
    seq: int
    what: str
    day: date | None
    act: str
    kind: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A circumstance a lead may meet: its id, its sentence in both languages, its citation, the
    conducts it names."""

    id: str
    zh: str
    en: str
    law_zh: str
    law_en: str
    conduct: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead as its acts tell it."""

    case: Case
    finder: str
    unit: Organ
    official: Official | None
    situations: tuple[Situation, ...]
    strength: str
    day: date
    raised_on: date
    about: str
    facts: str
    innocent: str
    evidence: tuple[Item, ...]
    decided_on: date | None = None
    reason: str = ""
    inquiry: str = ""

    @property
    def number(self) -> str:
        """The number of the lead."""
        return self.case.number

    @property
    def state(self) -> str:
        """raised, taken, declined or lapsed."""
        return self.case.state

    def finder_words(self) -> tuple[str, str]:
        """Return how it was found, Chinese and English."""
        known = FINDERS.get(self.finder)
        return (known.zh, known.en) if known else PERSON_WORDS

    def strength_words(self) -> tuple[str, str]:
        """Return how strong the proof is, Chinese and English."""
        return STRENGTHS.get(self.strength, (self.strength, self.strength))


def read_lead(case: Case, *, opened: bool = True) -> Lead:
    """Read one lead the caller was let through to; `opened` with its texts, for callers that log
    it."""
    return read_all([case], opened=opened)[0]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that leads are read from, each kind read at once."""

    acts: Mapping[int, list[Act]]
    """Acts by the lead's row id, in order."""
    texts: Mapping[int, dict[str, str]]
    """Texts by act."""
    shown: Mapping[int, Act]
    """The acts that evidence names, with their cases."""
    inquiries: Mapping[str, str]
    """The number of the inquiry opened from a lead, by the lead's number."""
    units: Mapping[int, Organ]
    officials: Mapping[int, Official]

    @classmethod
    def read(cls, cases: Sequence[Case], *, opened: bool) -> _Rows:
        """Read the rows of leads with one statement for each kind; without texts unless
        `opened`."""
        keys = [case.pk for case in cases]
        acts: dict[int, list[Act]] = defaultdict(list)
        for act in Act.objects.filter(case__in=keys).order_by("case_id", "seq"):
            acts[act.case_id].append(act)
        every = [act for some in acts.values() for act in some]
        raised = [act.data for act in every if act.act == "raise_lead"]
        texts = _texts(keys if opened else [])
        shown = _shown(every)
        inquiries = _inquiries([case.number for case in cases])
        return cls(acts, texts, shown, inquiries, _units(raised), _officials(raised))


def _texts(leads: list[int]) -> dict[int, dict[str, str]]:
    """Open the unsealed texts of these leads, by act. For callers that log it."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for row in Content.objects.filter(case__in=leads, sealed=False):
        texts[row.act_id].update(open_package(row))
    return texts


def _units(raised: Iterable[Mapping[str, Any]]) -> dict[int, Organ]:
    """Return the units that leads name, by row id."""
    return Organ.objects.in_bulk([data["unit"] for data in raised])


def _officials(raised: Iterable[Mapping[str, Any]]) -> dict[int, Official]:
    """Return the officials that leads name, by row id."""
    named = [data["official"] for data in raised if data.get("official")]
    return Official.objects.in_bulk(named)


def _shown(acts: Iterable[Act]) -> dict[int, Act]:
    """Return the acts that evidence names, by row id, with their cases."""
    named = {act.data.get("act") for act in acts if act.act == "add_evidence"} - {None}
    return {act.pk: act for act in Act.objects.filter(pk__in=named).select_related("case")}


def _inquiries(leads: list[str]) -> dict[str, str]:
    """Return the number of the inquiry opened from each of these leads."""
    opened = Act.objects.filter(act="open_inquiry", data__lead__in=leads)
    return dict(opened.values_list("data__lead", "case__number"))


def read_all(cases: Iterable[Case], *, opened: bool = True) -> list[Lead]:
    """Read leads in their order, with one statement for each kind of row; without texts unless
    `opened`."""
    wanted = list(cases)
    rows = _Rows.read(wanted, opened=opened)
    return [_lead(case, rows) for case in wanted]


def _lead(case: Case, rows: _Rows) -> Lead:
    """Return one lead as its acts tell it."""
    acts = rows.acts[case.pk]
    raised = next(act for act in acts if act.act == "raise_lead")
    data, said = raised.data, rows.texts[raised.pk]
    day = date.fromisoformat(str(data["day_of_conduct"]))
    unit = rows.units[data["unit"]]
    lead = Lead(
        case=case,
        finder=str(data["finder"]),
        unit=unit,
        official=rows.officials.get(data.get("official") or 0),
        situations=tuple(situations(data.get("situations", ()), day, unit)),
        strength=str(data["strength"]),
        day=day,
        raised_on=civil(raised.occurred_at),
        about=str(data.get("about", "")),
        facts=said.get("facts", ""),
        innocent=said.get("innocent", ""),
        evidence=_evidence(acts, rows),
        inquiry=rows.inquiries.get(case.number, ""),
    )
    return _as_decided(lead, rows)


def _evidence(acts: Iterable[Act], rows: _Rows) -> tuple[Item, ...]:
    """Return what a lead rests on, in the order in which it was added."""
    added = [act for act in acts if act.act == "add_evidence"]
    return tuple(_item(act, rows.texts, rows.shown) for act in added)


def _as_decided(lead: Lead, rows: _Rows) -> Lead:
    """Return a lead with the day and reason of its decision, once it is taken or declined."""
    for act in rows.acts[lead.case.pk]:
        if act.act in ("take", "decline", ACT):
            reason = rows.texts[act.pk].get("reason", "")
            return replace(lead, decided_on=civil(act.occurred_at), reason=reason)
    return lead


def _item(added: Act, texts: Mapping[int, dict[str, str]], shown: Mapping[int, Act]) -> Item:
    """Return one thing a lead rests on; an accusation is not named."""
    what = texts[added.pk].get("what", "")
    act = shown.get(added.data.get("act") or 0)
    if act is None or act.case.protected:  # an accusation is not named here, whoever reads
        return Item(str(added.data.get("from", "")), 0, what, None, "", "")
    return Item(act.case.number, act.seq, what, civil(act.occurred_at), act.act, act.case.kind)


def situations(ids: Iterable[Any], day: date, unit: Organ) -> list[Situation]:
    """Return circumstances by their ids, as they were in force on the day of the conduct (S 11)."""
    rules = provisions.in_force(rulebooks.library(), day, unit.division_code or "")
    found = []
    for name in ids:
        rule = rules.triggers.get(str(name))
        if rule is None:  # an edition that names it no longer
            found.append(Situation(str(name), str(name), str(name), "", ""))
            continue
        law_zh = rule.basis.cite(rules.instruments, "zh")
        law_en = rule.basis.cite(rules.instruments, "en")
        found.append(Situation(rule.id, rule.zh, rule.en, law_zh, law_en, rule.conduct))
    return found


def choices(day: date, unit: Organ) -> list[Situation]:
    """Return the circumstances of the local rules that a person may name when raising a lead (S
    11(1)–(9))."""
    rules = provisions.in_force(rulebooks.library(), day, unit.division_code or "")
    own = [rule.id for rule in triggers.of_ladder(rules)]
    return situations(own, day, unit)


def inbox(visible: QuerySet[Case], state: str = RAISED) -> QuerySet[Case]:
    """Return the leads in a state among the cases somebody may see, the longest waiting first."""
    return visible.filter(kind=KIND, state=state).order_by("opened_on", "pk")


# --- those concerned ------------------------------------------------------------------------------
def about(official: int) -> list[Lead]:
    """Return the leads from which the inquiries were opened in which an official was told the
    facts; nothing earlier.

    A lead that waits, was declined or lapsed is none of a person's file: nobody is shown it, and
    nothing is said of it anywhere.
    """
    told = Act.objects.filter(act="tell_person", case__kind=INQUIRY, data__official=official)
    opened = Act.objects.filter(act="open_inquiry", case__in=told.values("case"))
    numbers = {str(number) for number in opened.values_list("data__lead", flat=True) if number}
    named = Party.objects.filter(role="concerned_person", official_id=official).values("case")
    cases = Case.objects.filter(kind=KIND, state=TAKEN, number__in=numbers, pk__in=named)
    return [_unnamed(lead) for lead in read_all(cases.order_by("opened_on", "pk"))]


RATED = frozenset({"closed_never_contacted", "network_satisfaction", "rough_treatment"})
"""Finders that read ratings: whoever was rated learns of no single one, not even when an inquiry
runs."""


def _unnamed(lead: Lead) -> Lead:
    """Return a lead as those concerned see it: where ratings are part of it, without the matters it
    rests on."""
    return replace(lead, about="", evidence=()) if lead.finder in RATED else lead


__all__ = [
    "PERSON",
    "Item",
    "Lead",
    "Situation",
    "about",
    "choices",
    "inbox",
    "read_all",
    "read_lead",
    "situations",
]
