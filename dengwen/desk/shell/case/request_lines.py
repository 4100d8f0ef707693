"""What a petition asks for, as the case page lists it: each request with its path, outcome and
execution; and who acts for the petitioner."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.accused_addressee import ADVICE, is_sent_to_accused
from dengwen.desk.shell.act.code_words import option_words
from dengwen.desk.shell.case.protected_text import Texts
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import Language, words_in
from dengwen.petitions.models import Request
from dengwen.ui.components import RequestLine

NAME_AGENT, CLASSIFY, DECIDE = "name_agent", "classify", "decide_request"


def request_lines(seat: Seat, file: CaseFile, texts: Texts) -> tuple[RequestLine, ...]:
    """Return each thing asked with its path, outcome and execution."""
    facts = file.view.facts
    whole = path_words(file, facts.get("class"), facts.get("path"), seat.language)
    outcomes = option_words(file.kind.acts.get(DECIDE), "request_outcome", seat.language)
    lines = []
    for row in Request.objects.filter(case=file.case).order_by("number"):
        line = RequestLine(
            number=row.number,
            text=texts.of(row.entered_act, "asks") or _("（内容不在您可读的范围内）"),
            path=path_words(file, row.class_code, row.path, seat.language) or whole,
            state=_state(row, seat.today),
            outcome=outcomes.get(row.outcome, ""),
            outcome_note=texts.of(row.outcome_act or 0, "answer"),
            execution=_execution(row),
        )
        lines.append(line)
    return tuple(lines)


def path_words(file: CaseFile, of_class: str | None, path: str | None, language: Language) -> str:
    """Return class and path in words, "" while nothing is classed."""
    classify = file.kind.acts.get(CLASSIFY)
    words = []
    for name, value in (("class", of_class), ("path", path)):
        options = option_words(classify, name, language)
        if value is not None and value in options:
            words.append(options[value])
    return _("，").join(words)


def _state(row: Request, today: date) -> Literal["none", "said", "done", "late"]:
    """Return how a request stands: late where what was promised is not proved in time."""
    if row.proved_on is not None:
        return "done"
    if row.promised_on is not None and row.promised_on < today:
        return "late"
    return "said" if row.outcome else "none"


def _execution(row: Request) -> str:
    if row.proved_on:
        return _("%(proved_on)s 已提交执行证明") % {"proved_on": row.proved_on}
    if row.promised_on:
        return _("承诺 %(promised_on)s 前完成") % {"promised_on": row.promised_on}
    return ""


# --- who acts for the petitioner ------------------------------------------------------------------
def standing_lines(file: CaseFile, language: Language) -> list[tuple[str, str]]:
    """Return who acts for the petitioner, without the name: standing with its days, who is
    served; and a death."""
    facts = file.view.facts
    lines = []
    if facts.get("represented") == "true":
        lines += _agent_lines(file, language)
    if facts.get("petitioner_died") == "true":
        lines.append((_("信访人"), _("已死亡；有继承人接续的继续办理")))
    return lines


def sent_to_accused_lines(file: CaseFile, today: date, language: Language) -> list[tuple[str, str]]:
    """Return what whoever sent a matter does where it is on its way to whom it accuses."""
    if not is_sent_to_accused(file.case, today):
        return []
    return [(_("去向"), words_in(ADVICE, language))]


def _agent_lines(file: CaseFile, language: Language) -> list[tuple[str, str]]:
    """Return the standing of an agent with its days, and who is served; none where the edition
    knows no agents."""
    facts, rule = file.view.facts, file.kind.acts.get(NAME_AGENT)
    if rule is None or rule.field_rule("stands_as") is None:
        return []
    standing = option_words(rule, "stands_as", language).get(facts.get("stands_as", ""), "")
    days = [facts.get("agent_from", ""), facts.get("agent_until", "")]
    served = facts.get("agent_served") == "true" or facts.get("stands_as") == "heir"
    return [
        (standing, " – ".join(day for day in days if day)),
        (_("文书送达"), _("由其代收") if served else _("信访人本人")),
    ]
