"""Finders over what contradicts itself: figures made to look better, and answers that are none
(S 11(6))."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material
from dengwen.accountability.finders.runs import runs
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
    contact recorded."""
    solved: dict[int, Did] = {}
    supported = {
        did.case
        for did in material.acts("draft", "decide_simple")
        if did.data.get("outcome") == "support"
    }
    for did in material.acts("sign", "settle", "decide_simple"):
        if did.act == "settle" or did.case in supported:
            solved[did.case] = did
    contacted = {did.case for did in material.acts(*CONTACTS)}
    says = {did.case: did for did in material.acts("rate") if did.data.get("contacted") is False}
    rows = Evaluation.objects.filter(case__protected=False, petition__protected=False)
    found = []
    for case, petition in rows.values_list("case_id", "petition_id").iterator(chunk_size=2000):
        closed, said = solved.get(petition), says.get(case)
        if closed is None or said is None or petition in contacted or closed.organ is None:
            continue
        number = material.matters[petition].number
        found.append(
            Seen(
                (petition,),
                closed.organ,
                closed.day,
                "办结为已解决，信访人说从来没有人联系，也没有联系的记录",
                "closed as solved; the petitioner says that nobody ever made contact, and no "
                "contact is recorded",
                (
                    Evidence(number, closed.pk, None, "办结为已解决", "closed as solved"),
                    Evidence(
                        material.matters[case].number,
                        said.pk,
                        None,
                        "评价时说没有人联系过",
                        "said when rating",
                    ),
                ),
                f"closed/{closed.pk}",
                material.official_of.get(closed.actor or 0),
                closed.pk,
            )
        )
    return found


# --- entered late ---------------------------------------------------------------------------------
def late_entered(material: Material) -> list[Seen]:
    """Look for one handler's many acts that were entered just after their last day with a claim on
    or before it.

    A few, each with its paper and reason, are what illness or a power cut leaves; those of days on
    which a
    substitute is on record do not count.
    """
    closing = {
        d.closed_by: d for d in material.claimed() if d.closed_by is not None and d.due is not None
    }
    by_actor: dict[tuple[int, int], list[Did]] = defaultdict(list)
    for did in material.entered_late(closing):
        due = closing[did.pk].due
        official = material.official_of.get(did.actor or 0)
        if did.organ is None or did.actor is None or due is None or did.imported:
            continue
        soon = 0 < (did.entered - due).days <= SOON_AFTER
        if soon and not (official is not None and material.away(official, due)):
            by_actor[did.organ, did.actor].append(did)
    found = []
    for (organ, actor), ones in sorted(by_actor.items()):
        for run in runs(ones, ENTRIES_WITHIN, lambda did: did.recorded, LATE_ENTRIES):
            evidence = tuple(
                Evidence(
                    material.matters[d.case].number,
                    d.pk,
                    closing[d.pk].pk,
                    f"称 {d.day}，{d.entered} 录入，末日 {closing[d.pk].due}",
                    f"claimed {d.day}, entered {d.entered}, last day {closing[d.pk].due}",
                )
                for d in run
            )
            found.append(
                Seen(
                    tuple(dict.fromkeys(d.case for d in run)),
                    organ,
                    run[0].entered,
                    f"同一经办人 {len(run)} 项行为都在末日刚过以后补录",
                    f"{len(run)} acts of one handler entered just after their last days",
                    evidence,
                    f"entered/{actor}/{run[0].pk}",
                    material.official_of.get(actor),
                    run[0].pk,
                    closing[run[0].pk].pk,
                )
            )
    return found


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
    for did in material.acts("correct"):
        first = registered.get(did.data.get("target") or 0)
        if first is None or did.organ is None or first.data.get("channel") != "visit":
            continue
        fewer = _fewer(did)
        listed = members[did.case]
        contradicted = listed > (fewer if fewer is not None else 0) > 0
        if fewer is None or (not contradicted and _at_once(did, first)):
            continue
        number = material.matters[did.case].number
        found.append(
            Seen(
                (did.case,),
                did.organ,
                did.entered,
                f"登记为“{_said(did, 'old')}”的来访改为“{_said(did, 'new')}”"
                + (f"，名单有 {listed} 人" if contradicted else ""),
                f"a visit registered as {_said(did, 'old')} was changed to {_said(did, 'new')}"
                + (f"; the list has {listed} people" if contradicted else ""),
                (
                    Evidence(number, first.pk, None, "原登记", "as registered"),
                    Evidence(number, did.pk, None, "更正", "the correction"),
                ),
                f"recoded/{did.pk}",
                material.official_of.get(did.actor or 0),
                did.pk,
            )
        )
    return found


def _said(did: Did, name: str) -> str:
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
    return (did.entered - first.entered).days <= RECODED_SOON and bool(did.data.get("second"))


_PASSED_ON = re.compile("转告|转达|传阅")
"""Words said or shown to somebody: no sending on of a matter."""


# --- answers that are none ------------------------------------------------------------------------
def forwarded_as_answer(material: Material) -> list[Seen]:
    """Look for replies that say no more than that the matter was sent on (R22 32(1)); an aid for
    reading says so."""
    by_pk = {did.pk: did for did in material.acts(*ANSWERS, "draft")}
    signed = {did.case for did in material.acts("sign")}
    last: dict[int, tuple[Did, str]] = {}
    for case, act, name, texts in material.texts(*ANSWERS, "draft"):
        did = by_pk.get(act)
        if did is None or (name == "draft" and case not in signed):
            continue
        reply = (
            texts.get("reply", "")
            if name != "draft"
            else "\n".join(
                texts.get(part, "") for part in ("facts_reasons", "opinion", "legal_basis")
            )
        )
        if reply.strip():
            last[case] = (did, reply)
    found = []
    for case, (did, reply) in sorted(last.items()):
        aid = next((a for a in aids(_PASSED_ON.sub("", reply), ()) if a.kind == FORWARDED), None)
        organ = did.organ if did.act != "import_reply" else did.data.get("replied_by") or did.organ
        if aid is None or organ not in material.organs:
            continue
        number = material.matters[case].number
        found.append(
            Seen(
                (case,),
                int(organ),
                did.day,
                "答复只写了已经转办",
                "the reply says no more than that it was sent on",
                (
                    Evidence(
                        number,
                        did.pk,
                        None,
                        f"答复中的一句：{aid.sentence[:80]}",
                        f"from the reply: {aid.sentence[:80]}",
                    ),
                ),
                f"reply/{did.pk}",
                material.official_of.get(did.actor or 0),
                did.pk,
            )
        )
    return found


# --- satisfaction from the own network ------------------------------------------------------------
def network_satisfaction(material: Material) -> list[Seen]:
    """Look for "satisfied" given from a network that the rated organ has on record, an organ's
    together.

    No rater is named or counted: what is seen is that a level came from inside. Dissatisfaction
    from there is none.
    """
    rows = Evaluation.objects.filter(
        own_network=True,
        competent_level="satisfied",
        petition__protected=False,
        case__protected=False,
        rated_on__lte=material.today,
    ).order_by("rated_on", "pk")
    rated = {did.case: did for did in material.acts("rate")}
    by_organ: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    for organ, day, petition, case in rows.values_list(
        "competent_id", "rated_on", "petition_id", "case_id"
    ):
        if day is not None:
            by_organ[organ].append((day, petition, case))
    found = []
    for organ, ones in sorted(by_organ.items()):
        for run in runs(ones, CLUSTER, lambda one: one[0], 1):
            acts = [rated[case].pk for _, _, case in run if case in rated]
            evidence = tuple(
                Evidence(
                    material.matters[case].number,
                    rated[case].pk if case in rated else None,
                    None,
                    "来自被评价机关网络的“满意”",
                    "satisfied, from the network of the rated organ",
                )
                for _, _, case in run
            )
            found.append(
                Seen(
                    tuple(petition for _, petition, _ in run),
                    organ,
                    run[0][0],
                    f"{len(run)} 次“满意”来自被评价机关自己的网络",
                    f"{len(run)} times satisfied, given from the rated organ's own network",
                    evidence,
                    f"network/{run[0][2]}",
                    None,
                    acts[0] if acts else None,
                )
            )
    return found


FINDERS = (
    Finder(
        "closed_never_contacted",
        "办结而无人联系",
        "closed, never contacted",
        ("fraud",),
        "如果情有可原，会看到：联系、听证、调解的记录",
        "if it were innocent: a talk, hearing or mediation on record",
        "acts",
        closed_never_contacted,
    ),
    Finder(
        "late_entered",
        "集中补录",
        "entered late in numbers",
        ("fraud",),
        "如果情有可原，会看到：只有几项，各有纸质材料和理由，或者那几天有替班登记",
        "if it were innocent: a few only, each with paper and reason, or a substitution of "
        "those days",
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
