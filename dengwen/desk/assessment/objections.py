"""Two decisions of an assessment on pages of their own: ruling on an objection, and circulating
what was frozen.

A ruling corrects a fact, never a score. Neither decision is filled in beforehand: each outcome is a
button saying it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.assessment.facts.fact_words import entered_words, outcome_words
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.manifest import scheme_of
from dengwen.assessment.inputs import UPHELD, Assessment, Objected
from dengwen.assessment.interim_figures import facts_named, figures_of, outcomes_open_to
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.assessments import afterwards, asked_one, board_of, is_own
from dengwen.desk.assessment.board import group_said, said_indicator
from dengwen.desk.assessment.circular import LATER
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position
from dengwen.ui.components import FormField


def assessment_href(number: str) -> str:
    """Return the address of an assessment."""
    return reverse("desk:assessment", args=[number])


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def rule(seat: Seat, number: str, objection: int) -> HttpResponse:
    """Show an objection beside the fact it is about, and rule on it by one of two buttons."""
    one = asked_one(seat, number)
    found = next((o for o in one.objections if o.number == objection), None)
    if found is None or not is_own(seat, one) or not seat.capacities & TAKING_IN:
        raise Http404
    if found.ruling or one.case.state != "sent":
        return redirect("desk:assessment", number)
    if seat.request.method != "POST":
        return _rule_page(seat, one, found)
    post = seat.request.POST
    ruling, _colon, outcome = post.get("ruling", "").partition(":")
    reasons = post.get("reasons", "").strip()
    fields: dict[str, FieldValue] = {"objection": objection, "ruling": ruling}
    if outcome:
        fields["outcome"] = outcome
    step = Step(
        act="rule", case=number, fields=fields, texts={"reasons": reasons} if reasons else {}
    )
    return write(seat, [step], lambda why: _rule_page(seat, one, found, why), assessment_href)


def _rule_page(
    seat: Seat, one: Assessment, found: Objected, why: Sequence[str] = ()
) -> HttpResponse:
    post, chinese = seat.request.POST, seat.language == "zh"
    frozen = figures_of(one, newest_position())
    fact = facts_named(frozen, {found.fact}).get(found.fact)
    scheme = scheme_of(frozen.manifest["scheme"]["body"])
    others = (
        [(o, outcome_words(fact.kind, o, zh=chinese)) for o in outcomes_open_to(scheme, fact)]
        if fact
        else []
    )
    case = (
        for_user(seat.viewer, seat.today)
        .filter(pk=fact.case if fact else 0, protected=False)
        .first()
    )
    organ = Organ.objects.filter(pk=found.organ).first()
    field = FormField(
        "reasons",
        "text",
        _("双方的说法和裁定理由"),
        required=True,
        rows=4,
        value=post.get("reasons", ""),
    )
    return seat.page(
        "assessment/objection.html",
        "assessments",
        UNPROCESSABLE if why else 200,
        one=one,
        found=found,
        fact=fact,
        organ=organ_name(organ, seat.language),
        why=why,
        field=field,
        uid=uid_of(seat),
        indicator=said_indicator(seat, scheme, found.indicator),
        outcome=outcome_words(fact.kind, fact.outcome, zh=chinese) if fact else "",
        entered=entered_words(fact.entered, zh=chinese) if fact else "",
        number=case.number if case else "",
        href=case_href(case.number) if case else "",
        back=assessment_href(one.case.number),
        upheld=[(f"{UPHELD}:{o}", w) for o, w in others],
    )


# --- the circular ---------------------------------------------------------------------------------
@require_POST
@at_desk
def circulate(seat: Seat, number: str) -> HttpResponse:
    """Circulate a frozen assessment within the scope of the button pressed, and hand it on, in
    one call (S 10)."""
    one = asked_one(seat, number)
    if not is_own(seat, one) or not seat.capacities & TAKING_IN:
        raise Http404
    if one.case.state != "frozen":
        return redirect("desk:assessment", number)
    post, frozen = seat.request.POST, figures_of(one, newest_position())
    to, use = post.get("to", ""), post.get("use", "")
    if not to or (to != LATER and (not use or not to.isdecimal() or len(to) > 11)):
        said = _("请选择送交哪个机关、单位，供什么参考；现在不送交的，选“以后再送交”。")
        return board_of(seat, one, [said])
    steps = [
        _concluding(
            seat, one, frozen, post.get("circular_scope", ""), post.get("scope_text", "").strip()
        )
    ]
    if to != LATER:
        fields: dict[str, FieldValue] = {"to": int(to), "use": tuple(use.split(","))}
        steps.append(Step(act="transmit", case=number, fields=fields))
    return write(seat, steps, lambda why: board_of(seat, one, why), assessment_href)


def _concluding(seat: Seat, one: Assessment, frozen: Frozen, scope: str, in_words: str) -> Step:
    fields: dict[str, FieldValue] = {
        "first": one.first,
        "last": one.last,
        "manifest": frozen.digest,
        "circular_scope": scope,
    }
    if approved := afterwards(frozen):
        fields["approved_after"] = approved
    texts = {"subject": f"{len(one.organs)} 个机关、单位", "result": result_text(seat, frozen)}
    if in_words:
        texts["scope_text"] = in_words
    return Step(act="conclude", case=one.case.number, fields=fields, texts=texts)


def result_text(seat: Seat, frozen: Frozen) -> str:
    """Return the result as the circular prints it, in Chinese: by group every total with its
    interval and place.

    What cannot be told apart shares a place; what is too small is shown and not ranked, as on the
    board.
    """
    said, scheme = frozen.manifest, scheme_of(frozen.manifest["scheme"]["body"])
    names = dict(
        Organ.objects.filter(pk__in=[o["organ"] for o in said["population"]]).values_list(
            "pk", "name_zh"
        )
    )
    lines: dict[str, list[str]] = {}
    for row in sorted(
        said["scores"]["totals"], key=lambda t: (t["rank"] is None, t["rank"] or 0, t["organ"])
    ):
        place = f"第 {row['rank']} 名" if row["rank"] else "不排名"
        total = (
            f"{row['total']}（区间 {row['low']}–{row['high']}）"
            if row["total"]
            else "没有可以计分的"
        )
        lines.setdefault(row["group"], []).append(f"{names[row['organ']]}：{total}，{place}")
    if len(lines) > 1:
        for group, rows in lines.items():
            rows.insert(0, group_said(replace(seat, language="zh"), scheme, group))
    late = afterwards(frozen)
    head = [f"事后审定：方案审定于 {late}，在考核期首日以后"] if late else []
    return "\n".join([*head, *(line for rows in lines.values() for line in rows)])
