"""Finders over figures made to look better, and answers that are none (S 11(6))."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material, Owed
from dengwen.accountability.finders.runs import runs
from dengwen.law.duties.excuse import Excuse, applies, claims
from dengwen.petitions.models import Evaluation, Member
from dengwen.petitions.reply_quality import FORWARDED, aids

CONTACTS = ("explain_talk", "hold_hearing", "mediate")
LATE_ENTRIES, ENTRIES_WITHIN, SOON_AFTER = 5, timedelta(days=30), 10
RECODED_SOON = 2
CLUSTER = timedelta(days=31)
ANSWERS = ("reply_suggestion", "inform_duty", "feed_back", "decide_simple", "import_reply")


# --- solved, and nobody called --------------------------------------------------------------------
def closed_never_contacted(material: Material) -> list[Seen]:
    """Look for matters closed as solved whose petitioner says that nobody made contact, with no
    contact on record when it was closed."""
    solved = _solved(material)
    contacts = material.by_case(*CONTACTS)
    says = {did.case: did for did in material.acts("rate") if did.data.get("contacted") is False}
    rows = Evaluation.objects.filter(case__protected=False, petition__protected=False)
    found = []
    for case, petition in rows.values_list("case_id", "petition_id").iterator(chunk_size=2000):
        closed, said = solved.get(petition), says.get(case)
        if closed is None or said is None or closed.organ is None:
            continue
        contacted = [_contact(did, closed) for did in contacts.get(petition, ())]
        if not applies(contacted):
            seen = _nobody_called(material, closed, closed.organ, said)
            found.append(replace(seen, claims=claims(contacted)))
    return found


def _contact(did: Did, closed: Did) -> Excuse:
    """Return a contact as what it says for a matter that was closed."""
    words = f"{did.day} 联系过", f"contact was made on {did.day}"
    return Excuse(*words, did.recorded, closed.entered, did.case, did.pk)


def _solved(material: Material) -> dict[int, Did]:
    """Return by case the act that closed it as solved."""
    supported = {
        did.case
        for did in material.acts("draft", "decide_simple")
        if did.data.get("outcome") == "support"
    }
    solved: dict[int, Did] = {}
    for did in material.acts("sign", "settle", "decide_simple"):
        if did.act == "settle" or did.case in supported:
            solved[did.case] = did
    return solved


def _nobody_called(material: Material, closed: Did, organ: int, said: Did) -> Seen:
    """Return what is seen of a matter closed as solved whose petitioner heard from nobody."""
    number = material.matters[closed.case].number
    rating = material.matters[said.case].number
    return Seen(
        cases=(closed.case,),
        unit=organ,
        day=closed.day,
        zh="办结为已解决，信访人说从来没有人联系，也没有联系的记录",
        en="closed as solved; the petitioner says that nobody ever made contact, and no "
        "contact is recorded",
        evidence=(
            Evidence(number, closed.pk, None, "办结为已解决", "closed as solved"),
            Evidence(rating, said.pk, None, "评价时说没有人联系过", "said when rating"),
        ),
        mark=f"closed/{closed.pk}",
        official=material.official_of.get(closed.actor or 0),
        act=closed.pk,
    )


# --- entered late ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Entry:
    """An act entered late, and the duty it closed with its last day."""

    did: Did
    duty: Owed
    due: date


def late_entered(material: Material) -> list[Seen]:
    """Look for one handler's many acts that were entered just after their last day with a claim on
    or before it.

    A few, each with its paper and reason, are what illness or a power cut leaves; those of days for
    which a substitute was on record by then do not count.
    """
    by_handler: dict[tuple[int, int], list[_Entry]] = defaultdict(list)
    for entry in _entries(material):
        organ, actor = entry.did.organ, entry.did.actor
        if organ is None or actor is None or entry.did.imported:
            continue
        if _just_after(entry) and not _away(material, actor, entry.due, organ):
            by_handler[organ, actor].append(entry)
    found = []
    for (organ, actor), entries in sorted(by_handler.items()):
        for run in runs(entries, ENTRIES_WITHIN, lambda entry: entry.did.recorded, LATE_ENTRIES):
            found.append(_entered_in_numbers(material, organ, actor, run))
    return found


def _entries(material: Material) -> Iterator[_Entry]:
    """Yield the acts entered late that closed a duty by their claim alone."""
    closing: dict[int, Owed] = {}
    for duty in material.claimed():
        if duty.closed_by is not None and duty.due is not None:
            closing[duty.closed_by] = duty
    for did in material.entered_late(closing):
        duty = closing[did.pk]
        if duty.due is not None:
            yield _Entry(did, duty, duty.due)


def _just_after(entry: _Entry) -> bool:
    """Say whether an act was entered within some days after the last day."""
    return 0 < (entry.did.entered - entry.due).days <= SOON_AFTER


def _away(material: Material, actor: int, day: date, organ: int) -> bool:
    """Say whether somebody stood in for the handler on a day in the organ, known by that day."""
    official = material.official_of.get(actor)
    return official is not None and material.away(official, day, organ)


def _absences(material: Material, actor: int, entries: Sequence[_Entry]) -> tuple[Excuse, ...]:
    """Return the absences of a handler on these last days that were entered only afterwards."""
    official = material.official_of.get(actor)
    if official is None:
        return ()
    return claims(
        replace(one, case=entry.did.case, act=entry.did.pk)
        for entry in entries
        for one in material.absences_on(official, entry.due, entry.did.organ)
    )


def _entered_in_numbers(material: Material, organ: int, actor: int, run: Sequence[_Entry]) -> Seen:
    """Return what is seen of many late entries of one handler."""
    first = run[0]
    return Seen(
        cases=tuple(dict.fromkeys(entry.did.case for entry in run)),
        unit=organ,
        day=first.did.entered,
        zh=f"同一经办人 {len(run)} 项行为都在末日刚过以后补录",
        en=f"{len(run)} acts of one handler entered just after their last days",
        evidence=tuple(_late_entry(material, entry) for entry in run),
        mark=f"entered/{actor}/{first.did.pk}",
        official=material.official_of.get(actor),
        act=first.did.pk,
        duty=first.duty.pk,
        claims=_absences(material, actor, run),
    )


def _late_entry(material: Material, entry: _Entry) -> Evidence:
    """Return what shows that one act was entered after its last day."""
    did, due = entry.did, entry.due
    return Evidence(
        material.matters[did.case].number,
        did.pk,
        entry.duty.pk,
        f"称 {did.day}，{did.entered} 录入，末日 {due}",
        f"claimed {did.day}, entered {did.entered}, last day {due}",
    )


# --- a visit that shrank --------------------------------------------------------------------------
def visit_recoded(material: Material) -> list[Seen]:
    """Look for group visits corrected to fewer people or to a single visit.

    A slip of the pen is put right at once, with a second person, and agrees with the list of those
    who came.
    """
    registered = {did.pk: did for did in material.acts("register")}
    members = Counter(
        Member.objects.filter(case__protected=False).values_list("case_id", flat=True)
    )
    found = []
    for correction in material.acts("correct"):
        first = registered.get(correction.data.get("target") or 0)
        if first is None or first.data.get("channel") != "visit":
            continue
        fewer = _fewer(correction)
        if correction.organ is None or fewer is None:
            continue
        listed = members[correction.case]
        contradicted = listed > fewer > 0
        if contradicted or not _at_once(correction, first):
            more_listed = listed if contradicted else None
            found.append(_shrunk(material, first, correction, correction.organ, more_listed))
    return found


def _shrunk(
    material: Material, first: Did, correction: Did, organ: int, more_listed: int | None
) -> Seen:
    """Return what is seen of a visit made smaller; `more_listed` is how many the list has, where
    they are more."""
    number = material.matters[correction.case].number
    old, new = _said(correction, "old"), _said(correction, "new")
    zh = f"登记为“{old}”的来访改为“{new}”"
    en = f"a visit registered as {old} was changed to {new}"
    if more_listed is not None:
        zh += f"，名单有 {more_listed} 人"
        en += f"; the list has {more_listed} people"
    return Seen(
        cases=(correction.case,),
        unit=organ,
        day=correction.entered,
        zh=zh,
        en=en,
        evidence=(
            Evidence(number, first.pk, None, "原登记", "as registered"),
            Evidence(number, correction.pk, None, "更正", "the correction"),
        ),
        mark=f"recoded/{correction.pk}",
        official=material.official_of.get(correction.actor or 0),
        act=correction.pk,
    )


def _said(did: Did, name: str) -> str:
    """Return a word of a correction."""
    return str(did.data.get(name, ""))


def _fewer(did: Did) -> int | None:
    """Return how many people a correction leaves where it makes a visit smaller, else None."""
    field, old, new = did.data.get("field"), _said(did, "old"), _said(did, "new")
    if field == "visit_kind":
        return 1 if (old or "group", new) == ("group", "single") else None
    if field == "persons" and new.isdigit():
        return int(new) if not old.isdigit() or int(new) < int(old) else None
    return None


def _at_once(did: Did, first: Did) -> bool:
    """Say whether a slip was put right at once, with a second person."""
    return (did.entered - first.entered).days <= RECODED_SOON and bool(did.data.get("second"))


# --- answers that are none ------------------------------------------------------------------------
_PASSED_ON = re.compile("转告|转达|传阅")
"""Words said or shown to somebody: no sending on of a matter."""
_OPINION = ("facts_reasons", "opinion", "legal_basis")
"""The parts of a drafted opinion that answer the petitioner."""


def forwarded_as_answer(material: Material) -> list[Seen]:
    """Look for replies that say no more than that the matter was sent on (R22 32(1)); an aid for
    reading says so."""
    found = []
    for _, (did, reply) in sorted(_last_replies(material).items()):
        sentence = _says_forwarded(reply)
        organ = _replied_by(did)
        if sentence is not None and organ is not None and organ in material.organs:
            found.append(_only_forwarded(material, did, organ, sentence))
    return found


def _last_replies(material: Material) -> dict[int, tuple[Did, str]]:
    """Return the last reply given in each case, with its act; a draft counts once signed."""
    by_pk = {did.pk: did for did in material.acts(*ANSWERS, "draft")}
    signed = {did.case for did in material.acts("sign")}
    last: dict[int, tuple[Did, str]] = {}
    for case, act, name, texts in material.texts(*ANSWERS, "draft"):
        did = by_pk.get(act)
        if did is None or (name == "draft" and case not in signed):
            continue
        reply = _reply_in(name, texts)
        if reply.strip():
            last[case] = (did, reply)
    return last


def _reply_in(act: str, texts: Mapping[str, str]) -> str:
    """Return what the texts of an act answer the petitioner."""
    if act == "draft":
        return "\n".join(texts.get(part, "") for part in _OPINION)
    return texts.get("reply", "")


def _says_forwarded(reply: str) -> str | None:
    """Return the sentence of a reply that says the matter was sent on, where that is all it
    says."""
    for aid in aids(_PASSED_ON.sub("", reply), ()):
        if aid.kind == FORWARDED:
            return aid.sentence
    return None


def _replied_by(did: Did) -> int | None:
    """Return the organ that gave a reply; an imported one may name another than the importer."""
    named: int | None = did.data.get("replied_by") if did.act == "import_reply" else None
    return named or did.organ


def _only_forwarded(material: Material, did: Did, organ: int, sentence: str) -> Seen:
    """Return what is seen of a reply that says no more than that it was sent on."""
    proof = Evidence(
        material.matters[did.case].number,
        did.pk,
        None,
        f"答复中的一句：{sentence[:80]}",
        f"from the reply: {sentence[:80]}",
    )
    return Seen(
        cases=(did.case,),
        unit=organ,
        day=did.day,
        zh="答复只写了已经转办",
        en="the reply says no more than that it was sent on",
        evidence=(proof,),
        mark=f"reply/{did.pk}",
        official=material.official_of.get(did.actor or 0),
        act=did.pk,
    )


# --- satisfaction from the own network ------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Rated:
    """A level given on a day: the rating's own case, and the petition it rates."""

    day: date
    petition: int
    case: int


def network_satisfaction(material: Material) -> list[Seen]:
    """Look for "satisfied" given from a network that the rated organ has on record, an organ's
    together.

    No rater is named or counted: what is seen is that a level came from inside. Dissatisfaction
    from there is none.
    """
    rating_acts = {did.case: did.pk for did in material.acts("rate")}
    found = []
    for organ, ratings in sorted(_satisfied_from_inside(material.today).items()):
        for run in runs(ratings, CLUSTER, lambda rated: rated.day, 1):
            found.append(_from_inside(material, organ, run, rating_acts))
    return found


def _satisfied_from_inside(today: date) -> dict[int, list[_Rated]]:
    """Return what was rated "satisfied" from the network of the rated organ, by organ."""
    rows = Evaluation.objects.filter(
        own_network=True,
        competent_level="satisfied",
        petition__protected=False,
        case__protected=False,
        rated_on__lte=today,
    ).order_by("rated_on", "pk")
    found: dict[int, list[_Rated]] = defaultdict(list)
    for organ, day, petition, case in rows.values_list(
        "competent_id", "rated_on", "petition_id", "case_id"
    ):
        if day is not None:
            found[organ].append(_Rated(day, petition, case))
    return found


def _from_inside(
    material: Material, organ: int, run: Sequence[_Rated], rating_acts: Mapping[int, int]
) -> Seen:
    """Return what is seen of satisfaction that came from the rated organ's own network."""
    evidence = [
        Evidence(
            material.matters[rated.case].number,
            rating_acts.get(rated.case),
            None,
            "来自被评价机关网络的“满意”",
            "satisfied, from the network of the rated organ",
        )
        for rated in run
    ]
    acts = [proof.act for proof in evidence if proof.act is not None]
    return Seen(
        cases=tuple(rated.petition for rated in run),
        unit=organ,
        day=run[0].day,
        zh=f"{len(run)} 次“满意”来自被评价机关自己的网络",
        en=f"{len(run)} times satisfied, given from the rated organ's own network",
        evidence=tuple(evidence),
        mark=f"network/{run[0].case}",
        act=acts[0] if acts else None,
    )


FINDERS = (
    Finder(
        "closed_never_contacted",
        "办结而无人联系",
        "closed, never contacted",
        ("fraud",),
        "如果情有可原，会看到：办结以前录入的联系、听证、调解记录",
        "if it were innocent: a talk, hearing or mediation on record when it was closed",
        "acts",
        closed_never_contacted,
    ),
    Finder(
        "late_entered",
        "集中补录",
        "entered late in numbers",
        ("fraud",),
        "如果情有可原，会看到：只有几项，各有纸质材料和理由，或者那几天已经有替班登记",
        "if it were innocent: a few only, each with paper and reason, or a substitution of "
        "those days on record by then",
        "acts",
        late_entered,
    ),
    Finder(
        "visit_recoded",
        "集体访改登",
        "group visit recoded",
        ("fraud",),
        "如果情有可原，会看到：当时就由两人更正的笔误，与到访名单相符",
        "if it were innocent: a slip put right at once by two people, agreeing with the list",
        "ledger",
        visit_recoded,
    ),
    Finder(
        "forwarded_as_answer",
        "以转办代答复",
        "forwarding given as the answer",
        ("shirking",),
        "如果情有可原，会看到：答复里另有查明的情况、意见和依据",
        "if it were innocent: findings, an opinion and its basis beside the forwarding",
        "statement",
        forwarded_as_answer,
    ),
    Finder(
        "network_satisfaction",
        "本单位网络的满意",
        "satisfied from the own network",
        ("fraud",),
        "如果情有可原，会看到：同一网络也有不满意的评价，例如窗口供公众使用的电脑",
        "if it were innocent: dissatisfaction from the same network too, as from a computer "
        "for the public",
        "acts",
        network_satisfaction,
    ),
)
