"""What a field offers to choose from: options of the pack, places, organs, people, acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import takewhile

from django.core.exceptions import ValidationError
from django.db.models import Case as ByCase
from django.db.models import Q, QuerySet, When

from dengwen.cases.models import Act, Case, Party
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.read.correction_words import FIELD, correctable
from dengwen.desk.shell.act.code_words import competence_words, names_of, place_choices, place_names
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import CORRECT, ActRecord
from dengwen.law.packs.rules import FieldRule
from dengwen.leadership.roster import leaders_of
from dengwen.organs.kinds import ABSENCES, KINDS, LEVELS, PURPOSES, RANKS
from dengwen.organs.models import Appointment, Official, Organ
from dengwen.organs.structure.jurisdiction import candidates
from dengwen.organs.structure.lines import organs_on, subtree
from dengwen.organs.structure.posts_held import appointments_on, organs_of
from dengwen.ui.components import Choice
from dengwen.ui.dates import numeric
from dengwen.ui.form_fields import Asked, Row, choose_words, read_number

FEW_ORGANS = 60
"""Up to so many organs are all offered; with more, the likely ones and a search by name."""
MOST_FOUND = 20
ACCUSED_OFFICIAL = "accused_official"
"""The field that names whom an accusation is about."""
LONGEST_NAME = 60
"""Characters of a name that are searched for."""

_LEVELS = ("全国", "省、自治区、直辖市", "市、州", "区、县", "乡、镇、街道", "村、社区")
_RANKS = ("主要负责人", "副职", "班子成员", "工作人员")
_PURPOSES = ("复查", "复核", "管辖争议")
_ABSENCES = ("外出", "休假", "空缺", "回避", "其他")


def _pairs(codes: Sequence[str], words: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return words beside their codes, which stand for the English."""
    return {code: (word, code) for code, word in zip(codes, words, strict=True)}


_LISTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "level": _pairs(LEVELS, _LEVELS),
    "leading": _pairs(RANKS, _RANKS),
    "purpose": _pairs(PURPOSES, _PURPOSES),
    "reason": _pairs(ABSENCES, _ABSENCES),
    "kind": {k.id: (k.zh, k.en) for k in KINDS.values()},
}
"""Words of the registry's closed lists, as people read them."""


def choices_of(
    seat: Seat, asked: FieldRule, file: CaseFile | None, typed: Sequence[str], search: str = ""
) -> tuple[Choice, ...]:
    """Return the values a field offers: options of the pack, organs, people, acts of the case."""
    if asked.options or asked.type == "word":
        return _worded(seat, _words_of(asked, file), typed)
    if asked.type == "division":
        return place_choices(seat, "".join(typed[:1]))
    if asked.type in ("organ", "organs"):
        return organ_choices(seat, file, typed, search)
    if asked.type == "official":
        return _people(seat, asked, typed)
    if asked.type == "act" and file is not None:
        return _acts(seat, file, typed)
    return ()


def _words_of(asked: FieldRule, file: CaseFile | None) -> Mapping[str, tuple[str, str]]:
    """Return the words a field offers: options of the pack, fields to be corrected, a closed list
    of the registry."""
    if asked.options:
        return asked.option_names
    if file is not None and _names_what_is_corrected(file, asked):
        return correctable(file.records, file.kind.id)
    return _LISTS.get(asked.name, {})


def _names_what_is_corrected(file: CaseFile, asked: FieldRule) -> bool:
    """Say whether a field asks which field of an earlier act a correction is about."""
    rule = file.kind.acts.get(CORRECT)
    return rule is not None and rule.field_rule(FIELD) is asked


def _worded(
    seat: Seat, pairs: Mapping[str, tuple[str, str]], typed: Sequence[str]
) -> tuple[Choice, ...]:
    """Return the codes of a closed list with their words in the language of the page."""
    words = {code: words_in(pair, seat.language) for code, pair in pairs.items()}
    return tuple(Choice(code, text, code in typed) for code, text in words.items())


def _ids(typed: Iterable[str]) -> list[int]:
    """Return the row ids among what was typed."""
    found = [read_number(text) for text in typed]
    return [number for number in found if number is not None]


# --- acts of the case -----------------------------------------------------------------------------
def _acts(seat: Seat, file: CaseFile, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the acts of the case by their place in it: row ids would count hidden cases."""
    choices = []
    for row, record in zip(file.rows, file.records, strict=True):
        place = str(row.seq)
        choices.append(Choice(place, _act_line(file, row, record, seat), place in typed))
    return tuple(choices)


def _act_line(file: CaseFile, row: Act, record: ActRecord, seat: Seat) -> str:
    """Return the day of an act and what was done."""
    rule = file.kind.acts.get(row.act)
    what = headline(rule, seat.language) if rule else row.act
    return f"{numeric(record.day, seat.language)} {what}"


# --- people ---------------------------------------------------------------------------------------
def _people(seat: Seat, asked: FieldRule, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the people a field can name: a leader written to, a leader who signs, or somebody of
    this organ."""
    if asked.name == "to_leader":
        return _leaders_written_to(typed)
    if asked.name == "leader":
        return _leaders(seat, typed)
    if asked.name == ACCUSED_OFFICIAL:
        return _everybody(seat, typed)
    return people_here(seat, typed)


def _everybody(seat: Seat, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return everybody who holds a post today, each with organ and post: anybody can be accused."""
    rows = Appointment.objects.on(seat.today).select_related("official", "post__organ")
    found: dict[int, str] = {}
    for row in rows.order_by("post__organ__code", "post__code", "official__code"):
        words = (
            f"{row.official.name}，{organ_name(row.post.organ, seat.language)}{row.post.title_zh}"
        )
        found.setdefault(row.official_id, words)
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in found.items())


def people_here(seat: Seat, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the people of this organ, each with the post."""
    if seat.organ is None:
        return ()
    rows = appointments_on(seat.organ, seat.today).select_related("official", "post")
    found = {a.official_id: f"{a.official.name}，{a.post.title_zh}" for a in rows}
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in found.items())


def _leaders_written_to(typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the leader a letter already names: whoever heads the organ it goes to, never
    somebody of this office."""
    known = Official.objects.filter(pk__in=_ids(typed))
    return tuple(Choice(str(pk), name, chosen=True) for pk, name in known.values_list("pk", "name"))


def _leaders(seat: Seat, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the leaders of this organ and of the one it belongs to: their work is prepared
    here, they sign it."""
    if seat.organ is None:
        return ()
    leaders = leaders_of(seat.organ, seat.today)
    found = {one.official.pk: f"{one.official.name}，{one.title}" for one in leaders}
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in found.items())


# --- organs ---------------------------------------------------------------------------------------
def organ_choices(
    seat: Seat,
    file: CaseFile | None,
    typed: Sequence[str],
    search: str = "",
    without: frozenset[int] = frozenset(),
) -> tuple[Choice, ...]:
    """Return the organs to choose from: those with registered competence first, then others;
    never the accused side, nor those `without` which a page asks."""
    accused = accused_side(file.case, seat.today) if file and file.case.pk else frozenset()
    barred = accused | without
    offered = _competent(seat, file, barred) if file is not None else {}
    for organ in _other_organs(seat, typed, search, barred):
        offered.setdefault(organ.pk, organ_name(organ, seat.language))
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in offered.items())


class OrganAsked(Row):
    """Asks for an organ by its row id, from those this seat can choose; `first` stands before
    them."""

    def __init__(
        self,
        label: str,
        seat: Seat,
        file: CaseFile | None = None,
        *,
        first: Sequence[tuple[str, str]] = (),
        without: frozenset[int] = frozenset(),
        needed: bool = False,
        missing: str = "",
        hint: str = "",
        initial: object = None,
    ) -> None:
        super().__init__(label, needed=needed, missing=missing, hint=hint, initial=initial)
        self.seat, self.file, self.first = seat, file, first
        self.without = without

    def offered(self, typed: Sequence[str], search: str) -> tuple[Choice, ...]:
        """Return the organs to choose from; never the accused side of the file."""
        begin = tuple(Choice(value, words, value in typed) for value, words in self.first)
        found = organ_choices(self.seat, self.file, typed, search, self.without)
        return (*begin, *found)

    def value_of(self, text: str) -> object:
        """Return the row id of an organ that exists."""
        found = int(str(super().value_of(text)))
        if not Organ.objects.filter(pk=found).exists():
            raise ValidationError(choose_words())
        return found


def _competent(seat: Seat, file: CaseFile, barred: frozenset[int]) -> dict[int, str]:
    """Return the organs with registered competence for a matter, each with the reason, by row
    id."""
    facts = file.view.facts
    place = facts.get("place") or file.case.place
    likely = candidates(facts.get("category", ""), place, seat.today, exclude=barred)
    places = place_names(seat, {c.competence.division_code for c in likely})
    categories = names_of(seat, "category")
    found = {}
    for candidate in likely:
        name = organ_name(candidate.organ, seat.language)
        found[candidate.organ.pk] = f"{name}（{competence_words(candidate, categories, places)}）"
    return found


def _other_organs(
    seat: Seat, typed: Sequence[str], search: str, barred: frozenset[int]
) -> QuerySet[Organ]:
    """Return the organs that a search finds; without one all where they are few, else those
    chosen already."""
    everyone = organs_on(seat.today).exclude(pk__in=barred)
    name = _searched(search)
    if name:
        return _named(everyone, name, seat.organ.division_code if seat.organ else "", typed)
    if everyone.count() <= FEW_ORGANS:
        return everyone.order_by("code")
    return everyone.filter(pk__in=_ids(typed))


def _named(
    everyone: QuerySet[Organ], name: str, here: str, typed: Sequence[str]
) -> QuerySet[Organ]:
    """Return the organs of a name, Chinese or English, the best matches first, after those chosen
    already."""
    found = _matching(everyone, name, here)[:MOST_FOUND]
    chosen = everyone.filter(pk__in=_ids(typed)).order_by("code").values_list("pk", flat=True)
    wanted = list(dict.fromkeys((*chosen, *found)))
    places = ByCase(*(When(pk=pk, then=place) for place, pk in enumerate(wanted)))
    return everyone.filter(pk__in=wanted).order_by(places if wanted else "code")


def _matching(everyone: QuerySet[Organ], name: str, here: str) -> list[int]:
    """Return the row ids of the organs of a name: those called so, then those whose name begins
    so, then those with it as a whole word; of alike ones those nearest to `here` first."""
    named = Q(name_zh__icontains=name) | Q(name_en__icontains=name)
    rows = everyone.filter(named).values_list("pk", "name_zh", "name_en", "division_code", "code")
    wanted = name.casefold()

    def order(row: tuple[int, str, str, str, str]) -> tuple[int, int, str]:
        names = (row[1].casefold(), row[2].casefold())
        nearest = -_shared(here, row[3])
        return min(_distance(one, wanted) for one in names), nearest, row[4]

    return [row[0] for row in sorted(rows, key=order)]


def _shared(one: str, other: str) -> int:
    """Return how many characters two codes of places share from their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _pair in same)


def _distance(name: str, wanted: str) -> int:
    """Say how far a name is from what is searched for, from 0: it is it."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted} " in f" {name} " else 3


def more_found(seat: Seat, asked: Asked, name: str) -> bool:
    """Say whether a search finds more organs than its field offers; those that are never offered
    are not counted."""
    name = _searched(name)
    file = getattr(asked, "file", None)
    barred = accused_side(file.case, seat.today) if file and file.case.pk else frozenset()
    barred |= getattr(asked, "without", frozenset())
    if not name:
        return False
    return len(_matching(organs_on(seat.today).exclude(pk__in=barred), name, "")) > MOST_FOUND


def _searched(name: str) -> str:
    """Return a name as it is searched for."""
    return name.replace("\x00", "").strip()[:LONGEST_NAME]


def many_organs(seat: Seat) -> bool:
    """Say whether the page needs a search for organs."""
    return organs_on(seat.today).count() > FEW_ORGANS


def accused_side(case: Case, day: date) -> frozenset[int]:
    """Return the organs that must not be chosen: the accused units with all below them, and
    accused people's organs."""
    barred: set[int] = set()
    for party in Party.objects.filter(
        case_id=case.pk or 0, role__in=("accused_unit", "accused_person")
    ):
        if party.organ_id is not None:
            barred |= subtree(Organ.objects.get(pk=party.organ_id), day)
        elif party.official_id is not None:
            barred |= organs_of(Official.objects.get(pk=party.official_id), day)
    return frozenset(barred)
