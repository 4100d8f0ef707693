"""The incident console: who knew and reported when, how long it took, what is open.

S 7(3), 8(3); R22 25. Measures, trend, the leader's part, handing on and closing are acts of the
generic page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, cited, rail, read_file, state_words
from dengwen.desk.leadership.incidents.instants import MINUTE, when
from dengwen.desk.shell.act.option_words import option_words
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.case_links import links as linked
from dengwen.desk.shell.frame.organ_names import organ_names
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import ActRecord
from dengwen.law.packs.rules import ActRule
from dengwen.leadership.incidents import (
    KIND,
    OPENING,
    Chain,
    Told,
    chain_of,
    in_words,
    reporting_acts,
)
from dengwen.leadership.incidents import Link as ChainLink
from dengwen.organs.models import Official
from dengwen.ui.components import Link

FOLLOWING = ("measure", "trend", "attend", "hand_on", "take_over", "close", "link", "correct")
"""Acts of the generic page to which the console links, in their order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One duty of the chain in words."""

    title: str
    holder: str
    when: str
    entered: str
    elapsed: str
    target: str
    over: bool
    open: bool
    basis: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the organs and of the people of one incident, by the ids of organs and users."""

    organs: Mapping[int, str]
    people: Mapping[int, str]

    def organ(self, pk: int | None) -> str:
        """Return the name of an organ, "" where there is none."""
        return self.organs.get(pk or 0, "")

    def person(self, pk: int | None) -> str:
        """Return the name of who did an act, "" where nobody is known."""
        return self.people.get(pk or 0, "")


@require_safe
@at_desk
def incident(seat: Seat, number: str) -> HttpResponse:
    """Show the chain of one incident."""
    case = incident_case(seat, number)
    file = read_file(case, seat.now)
    chain = chain_of(file, seat.now)
    names = Names(organ_names(seat, _organs(chain)), _people(chain))
    return seat.page(
        "leadership/incidents/incident_page.html",
        "incidents",
        case=case,
        type=type_words(seat, file),
        state=state_words(file, seat.language),
        size=file.view.facts.get("persons", ""),
        rail=rail(file, seat.today, seat.language),
        links=linked(seat, case),
        whole=case_href(case.number),
        may_report=bool(possible_reports(seat, file)),
        following=_following(seat, file),
        **_first_knowledge(seat, chain, names),
        **_course(seat, file, chain, names),
    )


def incident_case(seat: Seat, number: str) -> Case:
    """Return an incident this seat may see; 404 for everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    return case


def type_words(seat: Seat, file: CaseFile) -> str:
    """Return the type of an incident in words."""
    asked = file.kind.acts[OPENING].field_rule("type")
    return option_words(asked, file.view.facts.get("type", ""), seat.language)


def _organs(chain: Chain) -> list[int | None]:
    """Return the organs that knew, owe or did something."""
    holders = [link.holder for link in chain.links]
    actors = [record.organ for record in chain.other]
    return [chain.knower, *holders, *actors]


def _people(chain: Chain) -> dict[int, str]:
    """Return the names of who reported or did something, by user."""
    reporters = [report.record.actor for report in chain.told]
    actors = [record.actor for record in chain.other]
    wanted = {user for user in (*reporters, *actors) if user}
    names = {}
    for user in User.objects.filter(pk__in=wanted).select_related("official"):
        names[user.pk] = user.official.name if user.official else user.username
    return names


def _first_knowledge(seat: Seat, chain: Chain, names: Names) -> dict[str, Any]:
    """Return who knew first and when, and when that was entered where it was entered later."""
    at_once = abs(chain.entered_at - chain.known_at) < MINUTE
    official = Official.objects.filter(pk=chain.known_by or 0).first()
    return {
        "known": when(chain.known_at, seat),
        "known_by": official.name if official is not None else "",
        "knower": names.organ(chain.knower),
        "entered": "" if at_once else when(chain.entered_at, seat),
    }


def _course(seat: Seat, file: CaseFile, chain: Chain, names: Names) -> dict[str, Any]:
    """Return what was owed, what was reported and what else was done."""
    acts = file.kind.acts
    other = [
        _act_words(seat, acts[record.act], record, names)
        for record in chain.other
        if record.act in acts
    ]
    return {
        "rows": [_row(seat, file, link, names) for link in chain.links],
        "told": [_report_words(seat, report, names) for report in chain.told],
        "other": other,
    }


def _row(seat: Seat, file: CaseFile, link: ChainLink, names: Names) -> Row:
    """Return a duty of the chain in words."""
    entered = when(link.entered_at, seat) if link.entered_at and link.claimed_later else ""
    return Row(
        title=headline(link.rule, seat.language),
        holder=names.organ(link.holder),
        when=when(link.done_at, seat) if link.done_at is not None else "",
        entered=entered,
        elapsed=in_words(link.elapsed, seat.language),
        target=_target_words(link),
        over=link.over,
        open=link.done_at is None,
        basis=cited(link.rule.basis, file.installed, seat.language),
    )


def _target_words(link: ChainLink) -> str:
    """Return the local target of a duty in words, "" where the office set none."""
    if link.target is None:
        return ""
    return _("本地目标 %(target)s 小时，非法定") % {"target": link.target}


def _report_words(seat: Seat, report: Told, names: Names) -> tuple[str, str, str, str]:
    """Return a report as given: what, when, how long after first knowledge, by whom."""
    return (
        headline(report.rule, seat.language),
        when(report.record.occurred, seat),
        in_words(report.elapsed, seat.language),
        names.person(report.record.actor),
    )


def _act_words(
    seat: Seat, rule: ActRule, record: ActRecord, names: Names
) -> tuple[str, str, str, str]:
    """Return another act: what, when, by which organ, by whom."""
    return (
        headline(rule, seat.language),
        when(record.occurred, seat),
        names.organ(record.organ),
        names.person(record.actor),
    )


def possible_reports(seat: Seat, file: CaseFile) -> dict[str, ActRule]:
    """Return the reports and notices this seat can give now."""
    acts = reporting_acts(file)
    return {name: rule for name, rule in acts.items() if may(seat, file, rule.id)}


def _following(seat: Seat, file: CaseFile) -> list[Link]:
    """Return the other acts this seat can do now."""
    found = []
    for name in FOLLOWING:
        if may(seat, file, name):
            words = headline(file.kind.acts[name], seat.language)
            found.append(Link(words, case_href(file.case.number, name)))
    return found
