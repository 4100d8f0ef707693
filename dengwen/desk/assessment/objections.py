"""Two decisions of an assessment on pages of their own: ruling on an objection, and circulating
what was frozen.

A ruling corrects a fact, never a score. Neither decision is filled in beforehand: each outcome is a
button saying it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.frozen.manifest import scheme_of
from dengwen.assessment.inputs import UPHELD, Assessment, Objected
from dengwen.assessment.interim_figures import facts_named, figures_of, outcomes_open_to
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.assessment_page import afterwards, asked_one, board_of, is_own
from dengwen.desk.assessment.board import group_said, said_indicator, totals_by_group
from dengwen.desk.assessment.circular import LATER, circular_form
from dengwen.desk.assessment.fact_lines import said_entry, said_outcome
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_search import found_part, is_search
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.indicators.indicator import Scheme
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position
from dengwen.ui.form_fields import Area, AskedForm, Word


def assessment_href(number: str) -> str:
    """Return the address of an assessment."""
    return reverse("desk:assessment", args=[number])


# --- ruling on an objection -----------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def rule(seat: Seat, number: str, objection: int) -> HttpResponse:
    """Show an objection beside the fact it is about, and rule on it by one of two buttons."""
    one = asked_one(seat, number)
    found = _objection_to_rule(seat, one, objection)
    if found.ruling or one.case.state != "sent":
        return redirect("desk:assessment", number)
    if seat.request.method != "POST":
        return _rule_page(seat, one, found)

    def again(why: Sequence[str]) -> HttpResponse:
        return _rule_page(seat, one, found, why)

    form = RulingForm.of(seat.request)
    if form.errors:
        return _rule_page(seat, one, found)
    step = _ruling(number, objection, form)
    return write(seat, [step], again, assessment_href)


def _objection_to_rule(seat: Seat, one: Assessment, number: int) -> Objected:
    """Return an objection of an assessment this seat's organ makes; 404 for everybody else."""
    if not is_own(seat, one) or not seat.capacities & TAKING_IN:
        raise Http404
    for objection in one.objections:
        if objection.number == number:
            return objection
    raise Http404


class RulingForm(AskedForm):
    """The button pressed, and the reasons of the ruling."""

    ruling = Word()
    reasons = Area(gettext_lazy("双方的说法和裁定理由"), needed=True, rows=4)


def _ruling(number: str, objection: int, form: RulingForm) -> Step:
    """Return the ruling of the button pressed, "ruling" or "ruling:outcome", with the reasons
    typed."""
    ruling, _colon, outcome = form.value("ruling").partition(":")
    fields: dict[str, FieldValue] = {"objection": objection, "ruling": ruling}
    if outcome:
        fields["outcome"] = outcome
    reasons = form.value("reasons")
    texts = {"reasons": reasons} if reasons else {}
    return Step(act="rule", case=number, fields=fields, texts=texts)


def _rule_page(
    seat: Seat, one: Assessment, found: Objected, why: Sequence[str] = ()
) -> HttpResponse:
    """Render an objection beside the fact it is about, with the reasons of what was just
    refused."""
    frozen = figures_of(one, newest_position())
    scheme = scheme_of(frozen.manifest["scheme"]["body"])
    fact = facts_named(frozen, {found.fact}).get(found.fact)
    organ = Organ.objects.filter(pk=found.organ).first()
    form = RulingForm.of(seat.request)
    return seat.page(
        "assessment/objection.html",
        "assessments",
        UNPROCESSABLE if why or form.errors else 200,
        one=one,
        found=found,
        organ=organ_name(organ, seat.language),
        indicator=said_indicator(seat, scheme, found.indicator),
        why=why,
        field=form.at("reasons"),
        uid=uid_of(seat),
        back=assessment_href(one.case.number),
        **_fact_shown(seat, scheme, fact),
    )


def _fact_shown(seat: Seat, scheme: Scheme, fact: Fact | None) -> dict[str, Any]:
    """Return the fact objected to in words, its case where the wall lets it be seen, and what a
    ruling may correct it to."""
    case = _case_of(seat, fact)
    shown: dict[str, Any] = {
        "fact": fact,
        "number": case.number if case else "",
        "href": case_href(case.number) if case else "",
        "outcome": "",
        "entered": "",
        "upheld": [],
    }
    if fact is None:
        return shown
    shown["outcome"] = said_outcome(seat, fact.kind, fact.outcome)
    shown["entered"] = said_entry(seat, fact.entered)
    for outcome in outcomes_open_to(scheme, fact):
        words = said_outcome(seat, fact.kind, outcome)
        shown["upheld"].append((f"{UPHELD}:{outcome}", words))
    return shown


def _case_of(seat: Seat, fact: Fact | None) -> Case | None:
    """Return the case of a fact, None where the wall does not let this seat see it."""
    if fact is None:
        return None
    visible = for_user(seat.viewer, seat.today)
    return visible.filter(pk=fact.case, protected=False).first()


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
    form = circular_form(seat)
    if is_search(seat):
        return found_part(seat, [form.at("to")]) or board_of(seat, one)
    to, use = form.cleaned_data.get("to"), form.value("use")
    if to is None or (to != LATER and not use):
        said = _("请选择送交哪个机关、单位，供什么参考；现在不送交的，选“以后再送交”。")
        return board_of(seat, one, [said])
    frozen = figures_of(one, newest_position())
    steps = [_concluding(seat, one, frozen, form), *_transmitting(number, to, use)]

    def again(why: Sequence[str]) -> HttpResponse:
        return board_of(seat, one, why)

    return write(seat, steps, again, assessment_href)


def _transmitting(number: str, to: Any, use: str) -> list[Step]:  # noqa: ANN401  # a row, or LATER
    """Return the step that hands the result on, none where it is left for later."""
    if to == LATER:
        return []
    fields: dict[str, FieldValue] = {"to": to, "use": tuple(use.split(","))}
    return [Step(act="transmit", case=number, fields=fields)]


def _concluding(seat: Seat, one: Assessment, frozen: Frozen, form: AskedForm) -> Step:
    """Return the step that circulates the result within the scope of the button pressed."""
    fields: dict[str, FieldValue] = {
        "first": one.first,
        "last": one.last,
        "manifest": frozen.digest,
        "circular_scope": form.value("circular_scope"),
    }
    if approved := afterwards(frozen):
        fields["approved_after"] = approved
    texts = {"subject": f"{len(one.organs)} 个机关、单位", "result": result_text(seat, frozen)}
    if in_words := form.value("scope_text"):
        texts["scope_text"] = in_words
    return Step(act="conclude", case=one.case.number, fields=fields, texts=texts)


def result_text(seat: Seat, frozen: Frozen) -> str:
    """Return the result as the circular prints it, in Chinese: by group every total with its
    interval and place.

    What cannot be told apart shares a place; what is too small is shown and not ranked, as on the
    board.
    """
    said = frozen.manifest
    scheme = scheme_of(said["scheme"]["body"])
    chinese = replace(seat, language="zh")
    organs = Organ.objects.filter(pk__in=[one["organ"] for one in said["population"]])
    names = dict(organs.values_list("pk", "name_zh"))
    groups = totals_by_group(said)
    lines = []
    if late := afterwards(frozen):
        lines.append(f"事后审定：方案审定于 {late}，在考核期首日以后")
    for group, totals in groups.items():
        if len(groups) > 1:
            lines.append(group_said(chinese, scheme, group))
        lines += [_total_line(total, names[total["organ"]]) for total in totals]
    return "\n".join(lines)


def _total_line(total: Mapping[str, Any], name: str) -> str:
    """Return one total as the circular prints it, in Chinese."""
    place = "不排名"
    if total["rank"]:
        place = f"第 {total['rank']} 名"
    points = "没有可以计分的"
    if total["total"]:
        interval = f"{total['low']}–{total['high']}"
        points = f"{total['total']}（区间 {interval}）"
    return f"{name}：{points}，{place}"
