"""From the declared fields of an act to a form, and from what was typed to a step. Nothing typed is
ever lost.

Every field of a pack has its type from a closed list (`law.words.FIELD_TYPES`); this is the one
place that knows how
each is asked and read. Whether a value is allowed is the law core's answer, not the form's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.access.keys.keyring import key_ring
from dengwen.cases.case_numbers import read_number
from dengwen.cases.files.content_type import MOST_FILES, FileError
from dengwen.cases.files.held_files import Held, Paper, Tray, tray
from dengwen.cases.models import Act, Case, Party
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.references import UNBOUND
from dengwen.desk.shell.code_words import (
    competence_words,
    names_of,
    place_choices,
    place_hint,
    place_names,
    read_place,
)
from dengwen.desk.shell.seat import CHINA, Seat
from dengwen.law.bilingual import Language, headline
from dengwen.law.duties.act_record import ActRecord
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import TEXT_TYPES
from dengwen.law.time.terms import EARLIEST
from dengwen.leadership.roster import leaders_of
from dengwen.organs.kinds import ABSENCES, KINDS, LEVELS, PURPOSES, RANKS
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.jurisdiction import candidates
from dengwen.organs.structure.lines import organs_on, subtree
from dengwen.organs.structure.posts_held import appointments_on, organs_of
from dengwen.ui.components import Choice, FieldType, FormField, KeptFile
from dengwen.ui.dates import numeric

TYPED_DIGESTS = frozenset({"outside_no", "code_digest"})
"""Digest fields whose value is a number somebody types, never a file."""
NEVER_ASKED = frozenset({"code_digest", UNBOUND})
FEW_ORGANS = 60
"""Up to so many organs are all offered; with more, the likely ones and a search by name."""
MOST_FOUND = 20
ACCEPT = "application/pdf,image/jpeg,image/png,.docx"
OCCURRED, LATE_REASON, LATE_PAPER, LATE_SECOND = (
    "occurred_on",
    "late_reason",
    "late_paper",
    "late_second",
)
LATE = (LATE_REASON, LATE_PAPER, LATE_SECOND)

_LEVELS = ("全国", "省、自治区、直辖市", "市、州", "区、县", "乡、镇、街道", "村、社区")
_RANKS = ("主要负责人", "副职", "班子成员", "工作人员")
_PURPOSES = ("复查", "复核", "管辖争议")
_ABSENCES = ("外出", "休假", "空缺", "回避", "其他")


def _pairs(codes: Sequence[str], words: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {code: (word, code) for code, word in zip(codes, words, strict=True)}


_LISTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "level": _pairs(LEVELS, _LEVELS),
    "leading": _pairs(RANKS, _RANKS),
    "purpose": _pairs(PURPOSES, _PURPOSES),
    "reason": _pairs(ABSENCES, _ABSENCES),
    "kind": {k.id: (k.zh, k.en) for k in KINDS.values()},
}
"""Words of the registry's closed lists, as people read them."""


@dataclass(slots=True)
class Filled:
    """What a form carried: values for the step, what is wrong with which field, and the files of
    each field."""

    fields: dict[str, FieldValue] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    kept: dict[str, list[Held]] = field(default_factory=dict)
    full: bool = False
    occurred: datetime | None = None
    late_reason: str = ""
    paper: str = ""
    second: int | None = None

    def wrong(self, name: str, error: str) -> None:
        """Note an error at a field."""
        self.errors.setdefault(name, []).append(error)


def read_form(seat: Seat, rule: ActRule, *, prefix: str = "") -> Filled:
    """Read the values of an act's fields from what was posted; names carry `prefix` where a page
    asks several acts."""
    filled = Filled()
    for asked in rule.fields:
        if asked.name in NEVER_ASKED:
            continue
        if asked.type in ("digest", "digests") and asked.name not in TYPED_DIGESTS:
            _read_files(seat, asked, prefix + asked.name, filled)
        else:
            _read_value(seat, asked, prefix + asked.name, filled)
    if not prefix:  # when it happened is asked once a page
        _read_claim(seat, filled)
    if len(filled.papers) > MOST_FILES:
        name = filled.papers[-1][0]
        filled.wrong(name, _("一次最多 %(most)s 个文件。") % {"most": MOST_FILES})
    return filled


def _read_value(seat: Seat, asked: FieldRule, name: str, filled: Filled) -> None:
    post = seat.request.POST
    if asked.type in ("codes", "organs"):
        chosen = [v for v in post.getlist(name) if v]
        if asked.type == "organs":
            filled.fields.update(
                {asked.name: tuple(int(v) for v in chosen if v.isdecimal())} if chosen else {}
            )
        elif chosen:
            filled.fields[asked.name] = tuple(chosen)
        return
    given = (
        " ".join(post.getlist(name)) if asked.type == "words" else post.get(name, "")
    )  # words can be ticked
    text = given.replace("\r\n", "\n").replace("\x00", "")
    if asked.type in TEXT_TYPES:
        if text.strip():
            filled.texts[asked.name] = text.strip()
        return
    if asked.type == "flag":
        filled.fields.update({asked.name: True} if text == "true" else {})
        return
    if text.strip():
        value = _value(seat, asked, text.strip(), filled, name)
        if value is not None:
            filled.fields[asked.name] = value


def _value(seat: Seat, asked: FieldRule, text: str, filled: Filled, name: str) -> FieldValue | None:
    """Return one typed value, or note at its field what it should look like."""
    if asked.type == "act":
        return _act(seat, text, filled, name)
    if asked.type in ("organ", "official", "number"):
        return _integer(asked, text, filled, name)
    if asked.type == "date":
        found = read_day(text)
        if found is None:
            filled.wrong(name, _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
        return found
    if asked.type in ("case", "division"):
        return (_case if asked.type == "case" else place_typed)(seat, text, filled, name)
    if asked.type == "words":
        return tuple(
            w for w in text.replace("、", " ").replace("，", " ").replace(",", " ").split() if w
        )
    return key_ring().digest("index", "number", text) if asked.type == "digest" else text


def _integer(asked: FieldRule, text: str, filled: Filled, name: str) -> int | None:
    if text.isdecimal() and len(text) < 12:
        return int(text)
    filled.wrong(name, _("请填整数。") if asked.type == "number" else _("请从列表中选择。"))
    return None


def _act(seat: Seat, text: str, filled: Filled, name: str) -> int | None:
    """Return the row of an act of the case on the page, chosen by its place in the case: row ids
    count hidden cases."""
    number = (
        seat.request.resolver_match.kwargs.get("number", "") if seat.request.resolver_match else ""
    )
    if text.isdecimal() and len(text) < 10 and number:
        found = (
            Act.objects.filter(case=seat.case(number), seq=int(text))
            .values_list("pk", flat=True)
            .first()
        )
        if found is not None:
            return found
    filled.wrong(name, _("请从列表中选择。"))
    return None


def _case(seat: Seat, text: str, filled: Filled, name: str) -> str | None:
    try:
        number = read_number(text)
    except ValueError as error:
        zh, _sep, en = str(error).partition(" / ")
        filled.wrong(name, (zh if seat.language == "zh" else en) + (pgettext("forms", "。")))
        return None
    if find(seat.viewer, seat.today, number) is None:
        filled.wrong(name, _("没有这个编号的办理件，或者不在您可见的范围内。"))
        return None
    return number


def place_typed(seat: Seat, text: str, filled: Filled, name: str) -> str:
    """Return the code of a place as chosen or typed, or note at its field why it is none."""
    code, wrong = read_place(text, seat.today)
    if wrong:
        filled.wrong(name, wrong)
    return code


def read_day(text: str) -> date | None:
    """Return a day as typed, or None for what is none or lies before the Republic."""
    try:
        found = date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
    return found if found >= EARLIEST else None


def _read_files(seat: Seat, asked: FieldRule, name: str, filled: Filled) -> None:
    found = read_papers(seat, name, filled, several=asked.type == "digests")
    filled.papers += [(asked.name, one) for one in found]
    if found:
        filled.fields[asked.name] = (
            tuple(one.digest for one in found) if asked.type == "digests" else found[0].digest
        )


def read_papers(seat: Seat, name: str, filled: Filled, *, several: bool = True) -> list[Held]:
    """Take the files of one field: those the form carries already and those just chosen; the newest
    where one is asked.

    What is not taken is said at the field; what is taken need not be chosen again.
    """
    post, uploads = seat.request.POST, seat.request.FILES.getlist(name)
    chosen = [(upload.name or "", upload) for upload in (uploads if several else uploads[:1])]
    tickets = post.getlist(f"{name}-kept") if several or not chosen else ()
    found: Tray = tray(tickets, post.getlist(f"{name}-drop"), chosen, seat.now)
    for title, error in found.refused:
        filled.wrong(name, file_words(title, error, seat.language))
    filled.full = filled.full or found.full
    if found.papers:
        filled.kept[name] = found.papers
    return found.papers


def file_words(title: str, error: FileError, language: Language) -> str:
    """Return what is wrong with a file, and the mend, in the language of the page."""
    if language == "zh":
        return (f"“{title}”：" if title else "") + f"{error.zh}。{error.mend_zh}。"
    return (
        f"“{title}”: " if title else ""
    ) + f"{error.en}. {error.mend_en[:1].upper()}{error.mend_en[1:]}."


def kept_files(papers: Sequence[Held]) -> tuple[KeptFile, ...]:
    """Return the files a form carries along, as the page lists them."""
    return tuple(
        KeptFile(p.ticket(), p.name, p.title, p.extension, p.size, p.digest, p.active)
        for p in papers
    )


def _read_claim(seat: Seat, filled: Filled) -> None:
    """Read on which day the act happened where that is not today, with what a late entry rests
    on."""
    text = seat.request.POST.get(OCCURRED, "").strip()
    given = any(seat.request.POST.get(name) or seat.request.FILES.get(name) for name in LATE)
    if not text and seat.behalf is None and not given:
        return
    day = read_day(text) if text else seat.today
    if day is None:
        filled.wrong(OCCURRED, _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
    elif day != seat.today:
        filled.occurred = datetime.combine(day, time(12), CHINA)
    filled.late_reason = seat.request.POST.get(LATE_REASON, "").strip()
    second = seat.request.POST.get(LATE_SECOND, "")
    if second.isdecimal() and len(second) < 12:
        filled.second = int(second)
    for one in read_papers(seat, LATE_PAPER, filled, several=False):
        filled.papers.append((LATE_PAPER, one))
        filled.paper = one.digest


# --- from rules to fields -------------------------------------------------------------------------
def form_fields(
    seat: Seat,
    rule: ActRule,
    file: CaseFile | None,
    filled: Filled | None = None,
    *,
    prefix: str = "",
    given: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> tuple[FormField, ...]:
    """Return the fields of an act as the page asks them, with what was typed (or `given` at
    first) and its errors."""
    made = []
    for asked in rule.fields:
        if asked.name not in NEVER_ASKED and asked.name not in without:
            made.append(_field(seat, asked, file, filled, prefix, given or {}))
    return tuple(made)


def _field(
    seat: Seat,
    asked: FieldRule,
    file: CaseFile | None,
    filled: Filled | None,
    prefix: str,
    given: Mapping[str, str],
) -> FormField:
    name = prefix + asked.name
    post = seat.request.POST
    typed = (
        post.getlist(name)
        if filled is not None
        else [given[asked.name]]
        if asked.name in given
        else []
    )
    choices = choices_of(seat, asked, file, typed, post.get(f"q_{name}", ""))
    return FormField(
        name=name,
        type=_type(asked),
        label=_label(seat, asked),
        required=asked.required,
        hint=_hint(seat, asked),
        value=typed[0] if typed else "",
        errors=tuple(filled.errors.get(name, ())) if filled else (),
        choices=choices,
        rows=2 if asked.data_class == "D1" else 5,
        accept=ACCEPT,
        kept=kept_files(filled.kept.get(name, ())) if filled else (),
    )


def _label(seat: Seat, asked: FieldRule) -> str:
    """Return what is asked for: the paper itself where the act keeps only its digest."""
    label = headline(asked, seat.language)
    if asked.type in ("digest", "digests"):
        label = label.removesuffix("的摘要").removesuffix("（摘要）")
        label = (
            label.removeprefix("Digest of the ")
            .removeprefix("Digests of the ")
            .removesuffix(" (digest)")
        )
    return label[:1].upper() + label[1:]


def _type(asked: FieldRule) -> FieldType:
    if asked.type == "words" or asked.name in TYPED_DIGESTS:
        return "word"
    if asked.type == "text" and asked.data_class == "D1":
        return "person"  # a name or a title: one line
    return asked.type  # type: ignore[return-value]  # the same closed list, `words` left out above


def _hint(seat: Seat, asked: FieldRule) -> str:
    if asked.type == "division":
        return place_hint(seat)
    if asked.type == "case":
        return _("登记编号，例如 YJ01-2026-483907215-0")
    if asked.type in ("digest", "digests") and asked.name not in TYPED_DIGESTS:
        return _("PDF、JPEG、PNG 或者 DOCX，每个不超过 20 MB；摘要写入存证，文件加密保存")
    if asked.type == "words":
        return _("几个代码用空格隔开")
    if asked.from_today:
        return _("不早于今天")
    return _("不晚于今天") if asked.until_today else ""


def choices_of(
    seat: Seat, asked: FieldRule, file: CaseFile | None, typed: Sequence[str], search: str = ""
) -> tuple[Choice, ...]:
    """Return the values a field offers: options of the pack, organs, people, acts of the case."""
    index = 0 if seat.language == "zh" else 1
    if asked.options:
        return tuple(Choice(o, asked.option_names[o][index], o in typed) for o in asked.options)
    if asked.type == "word":
        words = _LISTS.get(asked.name, {})
        return tuple(Choice(value, pair[index], value in typed) for value, pair in words.items())
    if asked.type in ("division", "organ", "organs"):
        where = asked.type == "division"
        return (
            place_choices(seat, "".join(typed[:1]))
            if where
            else organ_choices(seat, file, typed, search)
        )
    if asked.type == "official":
        return {"to_leader": _served, "leader": _leaders}.get(asked.name, _officials)(seat, typed)
    if asked.type == "act" and file is not None:
        return tuple(
            Choice(str(row.seq), _act_line(file, row, record, seat), str(row.seq) in typed)
            for row, record in zip(file.rows, file.records, strict=True)
        )
    return ()


def _act_line(file: CaseFile, row: Act, record: ActRecord, seat: Seat) -> str:
    rule = file.kind.acts.get(row.act)
    return (
        f"{numeric(record.day, seat.language)} {headline(rule, seat.language) if rule else row.act}"
    )


def _officials(seat: Seat, typed: Sequence[str]) -> tuple[Choice, ...]:
    if seat.organ is None:
        return ()
    rows = appointments_on(seat.organ, seat.today).select_related("official", "post")
    found = {a.official_id: f"{a.official.name}，{a.post.title_zh}" for a in rows}
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in found.items())


def _served(_seat: Seat, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the leader a letter already names: whoever heads the organ it goes to, never
    somebody of this office."""
    known = Official.objects.filter(pk__in=[int(v) for v in typed if v.isdecimal() and len(v) < 12])
    return tuple(Choice(str(pk), name, chosen=True) for pk, name in known.values_list("pk", "name"))


def _leaders(seat: Seat, typed: Sequence[str]) -> tuple[Choice, ...]:
    """Return the leaders of this organ and of the one it belongs to: their work is prepared
    here, they sign it."""
    if seat.organ is None:
        return ()
    found = {
        one.official.pk: f"{one.official.name}，{one.title}"
        for one in leaders_of(seat.organ, seat.today)
    }
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in found.items())


def organ_choices(
    seat: Seat, file: CaseFile | None, typed: Sequence[str], search: str = ""
) -> tuple[Choice, ...]:
    """Return the organs to choose from: those with registered competence first, then others;
    never the accused side."""
    barred = accused_side(file.case, seat.today) if file and file.case.pk else frozenset()
    offered: dict[int, str] = {}
    if file is not None:
        facts = file.view.facts
        place = facts.get("place") or file.case.place
        likely = candidates(facts.get("category", ""), place, seat.today, exclude=barred)
        places, categories = (
            place_names(seat, {c.competence.division_code for c in likely}),
            names_of(seat, "category"),
        )
        for c in likely:
            why = competence_words(c, categories, places)
            offered[c.organ.pk] = f"{_name(c.organ, seat)}（{why}）"
    everyone = organs_on(seat.today).exclude(pk__in=barred)
    if search.strip():
        more = everyone.filter(name_zh__icontains=search.strip()).order_by("code")[:MOST_FOUND]
    elif everyone.count() <= FEW_ORGANS:
        more = everyone.order_by("code")
    else:
        more = everyone.filter(pk__in=[int(v) for v in typed if v.isdecimal() and len(v) < 12])
    for organ in more:
        offered.setdefault(organ.pk, _name(organ, seat))
    return tuple(Choice(str(pk), text, str(pk) in typed) for pk, text in offered.items())


def _name(organ: Organ, seat: Seat) -> str:
    return organ.name_en if seat.language == "en" and organ.name_en else organ.name_zh


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


def claim_fields(seat: Seat, filled: Filled | None) -> tuple[FormField, ...]:
    """Return the fields for an act that happened on an earlier day and is entered now."""
    post = seat.request.POST if filled is not None else {}
    errors = filled.errors if filled else {}
    return (
        FormField(
            OCCURRED,
            "date",
            _("实际发生的日期"),
            hint=_("今天发生的不用填"),
            value=post.get(OCCURRED, ""),
            errors=tuple(errors.get(OCCURRED, ())),
        ),
        FormField(
            LATE_REASON,
            "text",
            _("补录的理由"),
            hint=_("期限已过才补录的，以及补录延期、听证时间的，必须写明"),
            value=post.get(LATE_REASON, ""),
            rows=2,
            errors=tuple(errors.get(LATE_REASON, ())),
        ),
        FormField(
            LATE_PAPER,
            "digest",
            _("所依据的纸质材料"),
            accept=ACCEPT,
            errors=tuple(errors.get(LATE_PAPER, ())),
            kept=kept_files(filled.kept.get(LATE_PAPER, ())) if filled else (),
        ),
        FormField(
            LATE_SECOND,
            "official",
            _("共同签字人"),
            hint=_("补录须由另一人共同签字，本人不能为自己作证"),
            value=post.get(LATE_SECOND, ""),
            errors=tuple(errors.get(LATE_SECOND, ())),
            choices=_seconds(seat, post.get(LATE_SECOND, "")),
        ),
    )


def _seconds(seat: Seat, typed: str) -> tuple[Choice, ...]:
    """Return who may sign a late entry as well: the people of this organ but whoever sits here."""
    own = str(seat.viewer.official)
    return tuple(one for one in _officials(seat, (typed,)) if one.value != own)
