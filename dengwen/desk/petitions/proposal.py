"""What the clerk proposes while the letter is still before them: class, path, and where it goes
(journey 4, step 5).

An intake clerk (R3) writes texts and reads none after registration (access model 2), so this is
asked on the page of registration and done in its call: register, classify, forward or assign. All
of it may be left to the router.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.shell.act.code_words import competence_words, names_of, place_names, read_place
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.forms import RuledForm, ruled_form
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import headline
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Organ
from dengwen.organs.structure.jurisdiction import candidates
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import OPENED
from dengwen.ui.components import Choice
from dengwen.ui.form_fields import AskedField, OneOf, Word, form_of, pressed

CLASSIFY, ONWARD, ASKED = "classify", ("forward", "assign"), ("class", "path")
SENDING = ("to", "deadline")
"""What this page asks of an act that sends a matter on."""
SUGGESTED = 3
LOOK_BACK = timedelta(days=365)
PREFIX, CHOSEN = "on_", "onward"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What can be chosen and what was: the form of `classify` (None where this edition knows no
    sorting), and that of the acts that send the matter on (None: left to the router)."""

    seat: Seat
    sorting: RuledForm | None = None
    acts: tuple[ActRule, ...] = ()
    sent: RuledForm | None = None

    @property
    def sorted(self) -> Mapping[str, FieldValue]:
        """The fields of `classify`; nothing without a class."""
        values = self.sorting.values if self.sorting is not None else {}
        return values if "class" in values else {}

    @property
    def onward(self) -> ActRule | None:
        """The act that sends the matter on: only where it is sorted, and said where to."""
        if self.sent is None or not self.sorted or "to" not in self.sent.values:
            return None
        return chosen_act(self.seat, self.acts)

    @property
    def accuses(self) -> bool:
        """Whether the clerk takes it for an accusation: then the wall closes with the
        registration."""
        return self.sorted.get("class") == ACCUSATION

    @property
    def wrong(self) -> bool:
        """Whether something that was chosen cannot be taken."""
        return any(form is not None and form.errors for form in (self.sorting, self.sent))

    def forgive(self) -> None:
        """Keep what was chosen and say nothing of it: somebody only looked for like matters."""
        for form in (self.sorting, self.sent):
            if form is not None:
                form.forgive()

    def steps(self) -> tuple[Step, ...]:
        """Return the steps that follow the registration in its call; an accusation is left to
        those cleared for it."""
        made = []
        if self.sorted:
            made.append(Step(act=CLASSIFY, ref=OPENED, fields=dict(self.sorted)))
        if self.onward is not None and self.sent is not None and not self.accuses:
            fields, texts = dict(self.sent.values), dict(self.sent.texts)
            made.append(Step(act=self.onward.id, ref=OPENED, fields=fields, texts=texts))
        return tuple(made)

    def fields(self) -> list[AskedField]:
        """Return the fields of the proposal, none where this edition or this desk knows no
        sorting."""
        if self.sorting is None:
            return []
        shown = [_plain(field) for field in self.sorting.asked(ASKED)]
        if self.sent is None:
            return shown
        shown += [_destination(self.seat, self.sent), self.sorting.at(CHOSEN)]
        if "deadline" in self.sent.fields:
            deadline = self.sent.at("deadline")
            shown.append(deadline.but(required=False, hint=_("交办的填")))
        return shown


def acts_of(seat: Seat, file: CaseFile) -> tuple[ActRule, ...]:
    """Return the acts that send a matter on from this desk: a petition department forwards and
    assigns (R22 22)."""
    if seat.organ is None or not seat.organ.is_petition_office or CLASSIFY not in file.kind.acts:
        return ()
    return tuple(file.kind.acts[a] for a in ONWARD if a in file.kind.acts)


def chosen_act(seat: Seat, acts: Sequence[ActRule]) -> ActRule | None:
    """Return the act that was chosen to send the matter on."""
    chosen = pressed(seat.request, CHOSEN)
    return next((act for act in acts if act.id == chosen), None)


def propose(seat: Seat, file: CaseFile) -> Proposal:
    """Return the forms of the proposal: as posted, or as they begin."""
    rule = file.kind.acts.get(CLASSIFY)
    if rule is None:
        return Proposal(seat)
    acts = acts_of(seat, file)
    asked = [declared for declared in rule.fields if declared.name in ASKED]
    sorting = ruled_form(seat, asked, more={CHOSEN: _how(seat, acts)} if acts else None)
    if sorting.is_bound and not sorting.typed("class"):
        sorting.forgive()  # a path without a class says nothing
    if not acts:
        return Proposal(seat, sorting)
    sending = [declared for declared in acts[-1].fields if declared.name in SENDING]
    sent = ruled_form(seat, sending, prefix=PREFIX)
    onward = chosen_act(seat, acts)
    if onward is None or not sorting.typed("class") or not sent.typed("to"):
        sent.forgive()  # left to the router
    else:
        sent.restrict(onward)
    return Proposal(seat, sorting, acts, sent)


def _how(seat: Seat, acts: Sequence[ActRule]) -> OneOf:
    """Return the question how it is sent on: forwarded or assigned."""
    words = [(act.id, headline(act, seat.language)) for act in acts]
    return OneOf(_("怎样送去"), choices=words, initial=acts[0].id)


def _destination(seat: Seat, sent: RuledForm) -> AskedField:
    """Return the question where the matter goes, with the suggestions first."""
    hint = _(
        "填了内容分类和问题属地再点“先找相似的、看去向”，按登记的职权列出三个建议；不选就留给转办员"
    )
    choices = _organs(seat, sent.typed("to"), sent.at("to").searched)
    return sent.at("to").but(label=_("去向"), hint=hint, required=False, choices=choices)


def _plain(one: AskedField) -> AskedField:
    """Return a field of `classify` as one that may be left out: sorting can wait, registration
    cannot."""
    return one.but(required=False, hint=_("可以留给转办员"))


def _organs(seat: Seat, typed: str, search: str) -> tuple[Choice, ...]:
    """Return three suggestions, each with its registered competence and last year's objections;
    then the others, or those of a name."""
    first = _suggested(seat, typed)
    known = {choice.value for choice in first}
    rest = (c for c in organ_choices(seat, None, [typed], search) if c.value not in known)
    return (Choice("", _("先不转"), not typed), *first, *rest)


def _suggested(seat: Seat, typed: str) -> list[Choice]:
    """Return the organs that the registered competence for category and place suggests."""
    form = form_of(seat.request, {"place": Word(), "category": Word()})
    place, _wrong = read_place(form.value("place"), seat.today)
    if not place and seat.organ is not None:
        place = seat.organ.division_code
    likely = candidates(form.value("category"), place, seat.today)[:SUGGESTED]
    objections = _objections(seat, [c.organ.pk for c in likely])
    places = place_names(seat, {c.competence.division_code for c in likely})
    categories = names_of(seat, "category")
    choices = []
    for candidate in likely:
        pk = candidate.organ.pk
        why = competence_words(candidate, categories, places)
        text = _suggestion(seat, candidate.organ, why, objections.get(pk, 0))
        choices.append(Choice(str(pk), text, str(pk) == typed))
    return choices


def _suggestion(seat: Seat, organ: Organ, why: str, objections: int) -> str:
    """Return an organ that is suggested, with the reason and how often it objected of late."""
    count = _("近一年提出异议 %(count)s 次") % {"count": objections}
    return f"{organ_name(organ, seat.language)}（{why}；{count}）"


def _objections(seat: Seat, organs: Sequence[int]) -> dict[int, int]:
    """Return how often organs objected to matters sent to them, in the last year and the cases
    this seat may see."""
    rows = Act.objects.filter(
        among(for_user(seat.viewer, seat.today)),
        act="object",
        organ_id__in=organs,
        occurred_at__gte=seat.now - LOOK_BACK,
    )
    return {
        row["organ_id"]: row["count"]
        for row in rows.values("organ_id").annotate(count=Count("id")).order_by()
    }
