"""What the clerk proposes while the letter is still before them: class, path, and where it goes
(journey 4, step 5).

An intake clerk (R3) writes texts and reads none after registration (access model 2), so this is
asked on the page of registration and done in its call: register, classify, forward or assign. All
of it may be left to the router.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.shell.act.code_words import competence_words, names_of, place_names, read_place
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.filled import Filled
from dengwen.desk.shell.act.forms import RuledForm, act_form, ruled_form
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import headline
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.structure.jurisdiction import candidates
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import OPENED
from dengwen.ui.components import Choice, FormField
from dengwen.ui.form_fields import AskedField

CLASSIFY, ONWARD, ASKED = "classify", ("forward", "assign"), ("class", "path")
SUGGESTED = 3
LOOK_BACK = timedelta(days=365)
PREFIX, CHOSEN = "on_", "onward"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was chosen: the fields of `classify`, and the act that sends the matter on (None:
    left to the router)."""

    sorted: Mapping[str, FieldValue] = field(default_factory=dict)
    onward: ActRule | None = None
    sent: RuledForm | None = None

    @property
    def accuses(self) -> bool:
        """Whether the clerk takes it for an accusation: then the wall closes with the
        registration."""
        return self.sorted.get("class") == ACCUSATION

    def steps(self) -> tuple[Step, ...]:
        """Return the steps that follow the registration in its call; an accusation is left to
        those cleared for it."""
        made = []
        if self.sorted:
            made.append(Step(act=CLASSIFY, ref=OPENED, fields=dict(self.sorted)))
        sent = self.sent
        if self.onward is not None and sent is not None and not self.accuses:
            made.append(Step(act=self.onward.id, ref=OPENED, fields=sent.values, texts=sent.texts))
        return tuple(made)


def acts_of(seat: Seat, file: CaseFile) -> tuple[ActRule, ...]:
    """Return the acts that send a matter on from this desk: a petition department forwards and
    assigns (R22 22)."""
    if seat.organ is None or not seat.organ.is_petition_office or CLASSIFY not in file.kind.acts:
        return ()
    return tuple(file.kind.acts[a] for a in ONWARD if a in file.kind.acts)


def read_proposal(seat: Seat, file: CaseFile, filled: Filled) -> Proposal:
    """Read what was chosen; what is wrong with it is noted at its field."""
    post, rule = seat.request.POST, file.kind.acts.get(CLASSIFY)
    if rule is None or not post.get("class"):
        return Proposal()
    chosen: dict[str, FieldValue] = {name: post[name] for name in ASKED if post.get(name)}
    onward = next((a for a in acts_of(seat, file) if a.id == post.get(CHOSEN)), None)
    if onward is None or not post.get(f"{PREFIX}to"):
        return Proposal(chosen)
    sent = act_form(seat, onward, file, prefix=PREFIX)
    for name, errors in sent.errors.items():
        filled.errors.setdefault(PREFIX + name, []).extend(errors)
    return Proposal(chosen, onward, sent)


def proposal_fields(
    seat: Seat, file: CaseFile, filled: Filled | None
) -> list[FormField | AskedField]:
    """Return the fields of the proposal, none where this edition or this desk knows no sorting."""
    rule = file.kind.acts.get(CLASSIFY)
    if rule is None:
        return []
    rules = [asked for asked in rule.fields if asked.name in ASKED]
    form = ruled_form(seat, rules, posted=filled is not None)
    sorting: list[FormField | AskedField] = [_plain(field) for field in form.fields_of_act()]
    acts = acts_of(seat, file)
    if not acts:
        return sorting
    return [*sorting, _destination(seat), _how(seat, acts), *_deadline(seat, acts[-1], filled)]


def _destination(seat: Seat) -> FormField:
    """Return the question where the matter goes, with the suggestions first."""
    name = f"{PREFIX}to"
    to = seat.request.POST.get(name, "")
    hint = _(
        "填了内容分类和问题属地再点“先找相似的、看去向”，按登记的职权列出三个建议；不选就留给转办员"
    )
    return FormField(name, "organ", _("去向"), value=to, hint=hint, choices=_organs(seat, to))


def _how(seat: Seat, acts: Sequence[ActRule]) -> FormField:
    """Return the question how it is sent on: forwarded or assigned."""
    typed = seat.request.POST.get(CHOSEN, "") or acts[0].id
    choices = tuple(Choice(a.id, headline(a, seat.language), a.id == typed) for a in acts)
    return FormField(CHOSEN, "code", _("怎样送去"), value=typed, choices=choices)


def _deadline(seat: Seat, assign: ActRule, filled: Filled | None) -> list[AskedField]:
    """Return the day until which an assigned matter must be reported on, as the act asks it."""
    rules = [asked for asked in assign.fields if asked.name == "deadline"]
    form = ruled_form(seat, rules, prefix=PREFIX, posted=filled is not None)
    errors = filled.errors if filled is not None else {}
    return [
        field.but(
            required=False,
            hint=_("交办的填"),
            errors=tuple(errors.get(field.html_name, ())),
        )
        for field in form.fields_of_act()
    ]


def _plain(one: AskedField) -> AskedField:
    """Return a field of `classify` as one that may be left out: sorting can wait, registration
    cannot."""
    return one.but(required=False, hint=_("可以留给转办员"))


def _organs(seat: Seat, typed: str) -> tuple[Choice, ...]:
    """Return three suggestions, each with its registered competence and last year's objections;
    then the others."""
    first = _suggested(seat, typed)
    known = {choice.value for choice in first}
    rest = (c for c in organ_choices(seat, None, [typed]) if c.value not in known)
    return (Choice("", _("先不转"), not typed), *first, *rest)


def _suggested(seat: Seat, typed: str) -> list[Choice]:
    """Return the organs that the registered competence for category and place suggests."""
    post = seat.request.POST
    place, _wrong = read_place(post.get("place", "").strip(), seat.today)
    if not place and seat.organ is not None:
        place = seat.organ.division_code
    likely = candidates(post.get("category", ""), place, seat.today)[:SUGGESTED]
    objections = _objections(seat, [c.organ.pk for c in likely])
    places = place_names(seat, {c.competence.division_code for c in likely})
    categories = names_of(seat, "category")
    choices = []
    for candidate in likely:
        organ = candidate.organ
        count = _("近一年提出异议 %(count)s 次") % {"count": objections.get(organ.pk, 0)}
        why = competence_words(candidate, categories, places)
        text = f"{organ_name(organ, seat.language)}（{why}；{count}）"
        choices.append(Choice(str(organ.pk), text, str(organ.pk) == typed))
    return choices


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
