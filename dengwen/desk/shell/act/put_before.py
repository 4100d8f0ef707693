"""The way on from a page that asks in its own way for a step which turns out to be a late entry:
give its reason and its paper, and put it before a second person, with all that was typed.

It stands between the page and its answer: what was posted is carried along unseen and posted again
to the same address, so no page needs fields of its own for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dengwen.cases.files.held_files import Paper
from dengwen.cases.files.paper_field import PaperField
from dengwen.cases.write.check import Refused
from dengwen.cases.write.proposal_doors import (
    Answered,
    do_all_or_propose,
    is_left_aside,
    is_of_late_entry,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import RuledForm, ruled_form
from dengwen.desk.shell.frame.seat import Seat, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.step import Step
from dengwen.ui.form_fields import Area, posted

PREFIX = "claim_"
"""What the names of the fields of this page begin with."""
REASON, PAPER = "reason", "paper"
BACK = f"{PREFIX}back"
"""The button that leads back to the page that asked, with what was typed on it."""
LEAVE = f"{PREFIX}leave"
"""The button that sends what comes first, and gives up what was typed for the steps after it."""
NOT_YET = (
    "尚未写入，所填内容都在，请改正后再送出",
    "nothing has been written yet; what was typed is here to be corrected and sent again",
)
NOT_CARRIED = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a late entry rests on, as it was typed between a page and its answer."""

    form: RuledForm
    given: bool

    @property
    def reason(self) -> str:
        """The reason that was typed."""
        return str(self.form.cleaned_data.get(REASON) or "") if self.given else ""

    @property
    def paper(self) -> str:
        """The digest of the paper, "" without one."""
        found = self.form.found_in(PAPER) if self.given else []
        return found[0].digest if found else ""

    @property
    def papers(self) -> list[Paper]:
        """The file of the paper."""
        return list(self.form.papers) if self.given else []


def claim_of(seat: Seat) -> Claim:
    """Return what was typed for a late entry, nothing where the page was not asked for it."""
    given = seat.request.method == "POST" and f"{PREFIX}{REASON}" in seat.request.POST
    asked = {
        REASON: Area(
            gettext_lazy("补录的理由"),
            needed=True,
            hint=gettext_lazy("为什么事后才录入；第二人看得到"),
            rows=3,
        ),
        PAPER: PaperField(gettext_lazy("所依据的纸质材料"), type="digest", needed=True),
    }
    return Claim(ruled_form(seat, (), prefix=PREFIX, posted=given, more=asked), given)


def goes_back(seat: Seat) -> bool:
    """Say whether the page that asked is wanted again, with nothing done."""
    return seat.request.method == "POST" and BACK in seat.request.POST


def do_or_put_before(seat: Seat, steps: Sequence[Step], papers: Sequence[Paper] = ()) -> Answered:
    """Do the steps of a page, or put the one that is a late entry before a second person, with
    the reason and the paper typed for it. `Refused` and the errors of effects as ever; `Refused`
    too for whoever only goes back, so that the page shows what was typed."""
    if goes_back(seat):
        raise Refused(steps[0], [Refusal(BACK, *NOT_YET)])
    claim = claim_of(seat)
    return do_all_or_propose(
        steps,
        by=seat.by,
        now=seat.now,
        uid=uid_of(seat),
        papers=[*papers, *claim.papers],
        reason=claim.reason,
        paper=claim.paper,
        leaving=LEAVE in seat.request.POST,
    )


def say_waits(seat: Seat, answered: Answered) -> None:
    """Say that a step waits for a second person, and which steps after it were not done."""
    messages.success(
        seat.request,
        _(
            "须两人：已送本机关、单位的另一人同意，同意以前不生效。在“您提出的，等第二人”里可以撤回。"
        ),
    )
    if answered.left:
        acts = _("、").join(headline(rule, seat.language) for rule in answered.left)
        words = _("后续步骤尚未办理，所填内容未保存，请在同意后办理：%(acts)s。")
        messages.warning(seat.request, words % {"acts": acts})


def put_before(seat: Seat, refused: Refused, papers: Sequence[Paper] = ()) -> HttpResponse | None:
    """Return the page that asks for the reason and the paper of a late entry, or whether the steps
    after it may be left, with what was typed; None where something else was refused too."""
    leaves = is_left_aside(refused)
    late = leaves or all(map(is_of_late_entry, refused.reasons))
    if not refused.step.case or not late:
        return None
    claim = claim_of(seat)
    return seat.page(
        "shell/act/put_before.html",
        "",
        UNPROCESSABLE,
        act=words_in((refused.act_zh, refused.act_en), seat.language),
        reasons=[words_in(reason, seat.language) for reason in refused.reasons],
        carried=list(_carried(seat, papers)),
        fields=claim.form.asked((REASON, PAPER)) if claim.given or not leaves else [],
        leave=LEAVE if leaves else "",
        uid=uid_of(seat),
        back=BACK,
    )


def _carried(seat: Seat, papers: Sequence[Paper]) -> Iterator[tuple[str, str]]:
    """Yield what was posted, by name: all values, and a ticket for each file that came."""
    tickets = {(f"{name}-kept", one.ticket()) for name, one in papers}
    for name, values in posted(seat.request)["data"].lists():
        if name in NOT_CARRIED or name.startswith(PREFIX) or name == "uid":
            continue
        for value in values:
            tickets.discard((name, value))
            yield name, str(value)
    yield from sorted(tickets)
