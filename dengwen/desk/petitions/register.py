"""Registration: the clerk types what was handed in, submits once, and gets number, code and receipt
(journeys 2, 4).

Nothing is registered by accident: Enter in a field reads the form back and registers nothing, only
the button that says
so does; where nothing was handed in the page asks once, and the reason stands in the act.

Registration is unconditional (R22 22, 23): nothing on this page refuses a matter for what it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.files.content_type import FileError
from dengwen.cases.files.held_files import files_of, let_go
from dengwen.cases.models import Case, Duty
from dengwen.cases.read.case_view import CaseFile, blank_file, cited, read_file
from dengwen.cases.wall.visibility import find, for_user
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.proposal import (
    CLASSIFY,
    ONWARD,
    PREFIX,
    Proposal,
    proposal_fields,
    read_proposal,
)
from dengwen.desk.shell.act_page import as_part, as_reason, full_reason, status_of
from dengwen.desk.shell.code_words import place_hint
from dengwen.desk.shell.forms import (
    ACCEPT,
    Filled,
    choices_of,
    kept_files,
    place_typed,
    read_day,
    read_papers,
)
from dengwen.desk.shell.seat import TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.ledger.durability import disk_full
from dengwen.ledger.event_log import MERGE_DELAY
from dengwen.merkle.strict_base64 import to_base64
from dengwen.organs.models import Organ
from dengwen.organs.names_in_text import named_in
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import (
    PAPERS,
    REQUESTS_SAY_IT,
    Intake,
    Registered,
    is_empty,
    register,
)
from dengwen.petitions.intake.lookalikes import Suggestion, same_person_same_matter, suggest
from dengwen.ui.components import Fact, FormField, Link, Receipt, Refusal, file_size
from dengwen.ui.dates import with_weekday

QR_HASH = 12
FILE_DIGEST, FILE_DIGEST_SHORT, FEW_FILES = 16, 12, 4
GO, REGISTER = "go", "register"
"""The button that registers, and nothing else does."""
NO_CONTENT = "no_content"
LEAST_TEXT = 12
"""Characters below which a text is too short to be compared."""
OF_2022 = ("purpose", "situation", "suggests", "id_number")
"""What the rules on handling online of 2022 add to a registration; all may be left out."""
PLAIN = ("petitioner", "address", "phone", "subject", "content", "history", *OF_2022)
CODED = ("channel", "category", "outside_source", "visit_kind")


@dataclass(frozen=True, slots=True)
class Alike:
    """One look-alike as the page shows it: the case, where it stands, and why it was suggested."""

    link: Link
    number: str
    holder: str
    state: str
    why: str
    attach: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def registration(seat: Seat) -> HttpResponse:
    """Ask for what was handed in, show look-alikes on request, or register it."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return redirect("desk:home")
    file = blank_file("petition", seat.organ.division_code, seat.now)
    if seat.request.method != "POST":
        return _form(seat, file, None)
    filled, intake = read_intake(seat)
    if "alike" in seat.request.POST and not filled.errors:
        return _form(seat, file, filled, alike=alike(seat, intake), looked=True)
    proposal = read_proposal(seat, file, filled)
    unsent = seat.request.POST.get(GO) != REGISTER
    empty = is_empty(intake) and intake.no_content in ("", REQUESTS_SAY_IT)
    if filled.errors or unsent or empty:
        return _form(
            seat, file, filled, unsent=unsent and not filled.errors, empty=empty and not unsent
        )
    if intake.proposed_class and not proposal.accuses:
        proposal = Proposal()  # sealed: whoever is cleared for it sorts it
    return _register(seat, file, filled, intake, proposal)


def _register(
    seat: Seat, file: CaseFile, filled: Filled, intake: Intake, proposal: Proposal
) -> HttpResponse:
    rule = file.kind.acts["register"]
    try:
        done = register(intake, by=seat.by, now=seat.now, uid=uid_of(seat), onward=proposal.steps())
    except Refused as refused:
        return _form(seat, file, filled, _refused(seat, file, filled, refused))
    except (PetitionError, FileError) as error:
        return _form(seat, file, filled, [as_part(seat, file, rule, as_reason(error, rule))])
    except DatabaseError as error:
        if not disk_full(error):
            raise
        filled.full = True
        return _form(seat, file, filled, [as_part(seat, file, rule, full_reason())])
    if done.performed.repeated:
        for (
            one
        ) in intake.papers:  # the form came twice: what came with the first is kept, the copies go
            let_go(one)
    return _sheet(seat, intake, done)


def _refused(seat: Seat, file: CaseFile, filled: Filled, refused: Refused) -> list[Refusal]:
    """Note each reason at its field, and return those that belong to none."""
    rule, whole = file.kind.acts[refused.step.act], []
    prefix = PREFIX if refused.step.act in ONWARD else ""
    for reason in refused.reasons:
        if reason.field:
            filled.wrong(f"{prefix}{reason.field}", words_in(reason, seat.language))
        else:
            whole.append(as_part(seat, file, rule, reason))
    return whole


def read_intake(seat: Seat) -> tuple[Filled, Intake]:
    """Read what the clerk typed; what cannot be read is noted at its field."""
    post, filled = seat.request.POST, Filled()
    texts = {
        name: post.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip() for name in PLAIN
    }
    received = read_day(post.get("received_on", "")) if post.get("received_on") else seat.today
    if received is None:
        filled.wrong("received_on", _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
    if not post.get("channel"):
        filled.wrong("channel", _("请选择怎样提交。"))
    accusation = post.get("accusation") == "true" or post.get("class") == ACCUSATION
    named = named_in(post.get("accused", ""), seat.today) if accusation else None
    return filled, Intake(
        petitioner=texts["petitioner"],
        address=texts["address"],
        phone=texts["phone"],
        subject=texts["subject"],
        content=texts["content"],
        history=texts["history"],
        purpose=texts["purpose"],
        situation=texts["situation"],
        suggests=texts["suggests"],
        id_number=texts["id_number"],
        channel=post.get("channel", ""),
        category=post.get("category", ""),
        outside_source=post.get("outside_source", ""),
        visit_kind=post.get("visit_kind", ""),
        place=place_typed(seat, post.get("place", "").strip(), filled, "place"),
        outside_no=post.get("outside_no", "").strip(),
        requests=[line.strip() for line in post.get("requests", "").splitlines() if line.strip()],
        received_on=received,
        persons=_number(post.get("persons", ""), "persons", filled),
        representatives=_number(post.get("representatives", ""), "representatives", filled),
        urgent=post.get("urgent") == "true",
        no_content=post.get(NO_CONTENT, ""),
        extra={"read_back": True} if post.get("read_back") == "true" else {},
        proposed_class="accusation" if accusation else "",
        accused_officials=sorted(named.officials) if named else (),
        accused_organs=sorted(named.organs) if named else (),
        papers=read_papers(seat, PAPERS, filled),
    )


def _number(text: str, name: str, filled: Filled) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if plain.isdecimal() and len(plain) < 7:
        return int(plain)
    filled.wrong(name, _("请填整数。"))
    return None


# --- the form -------------------------------------------------------------------------------------
def _form(
    seat: Seat,
    file: CaseFile,
    filled: Filled | None,
    refused: list[Refusal] | None = None,
    alike: list[Alike] | None = None,
    *,
    looked: bool = False,
    unsent: bool = False,
    empty: bool = False,
) -> HttpResponse:
    rule = file.kind.acts["register"]
    groups = _groups(seat, rule, filled) | {"sort": proposal_fields(seat, file, filled)}
    asked = rule.field_rule(NO_CONTENT)
    if asked is not None and (empty or (filled and _typed(seat, filled, NO_CONTENT))):
        groups["why"] = [_why(seat, asked, filled)]
    wrong = bool(refused or empty or (filled and filled.errors))
    return seat.page(
        "petitions/register.html",
        "register",
        status_of(filled) if wrong and filled else 200,
        groups=groups,
        fields=[f for fields in groups.values() for f in fields],
        refused=refused or (),
        alike=alike or [],
        looked=looked,
        unsent=unsent,
        empty=empty,
        uid=uid_of(seat),
        article=cited(rule.basis, file.installed, seat.language),
        more_open=bool(
            filled and filled.errors.keys() & {"persons", "representatives", "outside_no"}
        ),
    )


def _why(seat: Seat, asked: FieldRule, filled: Filled | None) -> FormField:
    """Return the question why there is no content, without the reason that the system records by
    itself."""
    typed = _typed(seat, filled, NO_CONTENT)
    choices = tuple(c for c in choices_of(seat, asked, None, [typed]) if c.value != REQUESTS_SAY_IT)
    return FormField(
        NO_CONTENT, "code", headline(asked, seat.language), value=typed, choices=choices
    )


def _groups(seat: Seat, rule: ActRule, filled: Filled | None) -> dict[str, list[FormField]]:
    """Return the fields in the order of the page: how it came, who, what, and what is asked only
    sometimes."""

    def asked(
        name: str, *, hint: str = "", rows: int = 4, start: str = "", required: bool = False
    ) -> FormField:
        return _one(seat, rule, filled, name, hint=hint, rows=rows, start=start, required=required)

    accusation = FormField(
        "accusation",
        "flag",
        _("含检举控告内容：封存，只有指定的人能看到"),
        hint=_("文中点到的在册单位和人员一律看不到这一件，直到纪检监察机关核实。"),
        value=_typed(seat, filled, "accusation"),
    )
    accused = FormField(
        "accused",
        "person",
        _("被检举的单位、人员（文中没写全名的）"),
        value=_typed(seat, filled, "accused"),
        hint=_("写在册的名称或者姓名，用空格隔开"),
    )
    requests = FormField(
        "requests",
        "text",
        _("诉求，一行一项"),
        rows=3,
        value=_typed(seat, filled, "requests"),
        hint=_("每一项单独答复、单独落实"),
    )
    scans = FormField(
        PAPERS,
        "digests",
        _("来信扫描件、材料"),
        accept=ACCEPT,
        hint=_(
            "PDF、JPEG、PNG 或者 DOCX，每个不超过 20 MB，最多 20 个；摘要印在回执上，文件加密保存"
        ),
        errors=tuple(filled.errors.get(PAPERS, ())) if filled else (),
        kept=kept_files(filled.kept.get(PAPERS, ())) if filled else (),
    )
    return {
        "how": [
            asked("channel", start="letter", required=True),
            asked("received_on", start=seat.today.isoformat()),
        ],
        "who": [
            asked("petitioner", hint=_("不填为匿名")),
            asked("address", hint=_("不清楚的，不能书面告知")),
            asked("phone"),
        ],
        "what": [
            asked("subject", hint=_("不填取正文第一行")),
            asked("content", rows=10),
            requests,
            scans,
        ],
        "where": [asked("category"), asked("place", hint=place_hint(seat))],
        "care": [asked("read_back"), asked("urgent"), accusation, accused],
        "more": [
            asked("persons"),
            asked("visit_kind"),
            asked("representatives"),
            asked("outside_source"),
            asked("outside_no", hint=_("其他系统给同一事项的编号，只存摘要")),
            asked("history"),
            *(asked(name, rows=2) for name in OF_2022 if rule.field_rule(name)),
        ],
    }


def _typed(seat: Seat, filled: Filled | None, name: str, start: str = "") -> str:
    return seat.request.POST.get(name, "") if filled is not None else start


def _one(
    seat: Seat,
    rule: ActRule,
    filled: Filled | None,
    name: str,
    *,
    hint: str,
    rows: int,
    start: str,
    required: bool,
) -> FormField:
    declared = rule.field_rule(name)
    if declared is None:  # an edition that does not ask for it
        return FormField(name, "person", name, value=_typed(seat, filled, name, start))
    value = _typed(seat, filled, name, start)
    kind = "word" if declared.type == "digest" else declared.type
    if name == "subject":
        kind = "person"
    return FormField(
        name,
        kind,  # type: ignore[arg-type]
        headline(declared, seat.language),
        required=required,
        hint=hint,
        value=value,
        errors=tuple(filled.errors.get(name, ())) if filled else (),
        choices=choices_of(seat, declared, None, [value]),
        rows=rows,
    )


# --- look-alikes ----------------------------------------------------------------------------------
def alike(seat: Seat, intake: Intake, exclude: int = 0, attach_to: str = "") -> list[Alike]:
    """Return matters that look like this one among the cases this seat may see; same person and
    facts come first."""
    text = f"{intake.subject}\n{intake.content}".strip()
    if len(text) < LEAST_TEXT or intake.proposed_class == "accusation":
        return []
    visible = for_user(seat.viewer, seat.today)
    same = same_person_same_matter(
        intake.petitioner,
        intake.phone,
        text,
        day=seat.today,
        viewer_filter=visible,
        exclude=exclude,
    )
    other = suggest(
        text, day=seat.today, place=intake.place, viewer_filter=visible, exclude=exclude
    )
    known = {s.case_id for s in same}
    ordered = [(s, True) for s in same] + [(s, False) for s in other if s.case_id not in known]
    cases = {
        c.pk: c
        for c in visible.filter(pk__in=[s.case_id for s, _same in ordered]).select_related("holder")
    }
    return [
        _alike(seat, cases[s.case_id], s, attach_to, same=is_same)
        for s, is_same in ordered
        if s.case_id in cases
    ]


def _alike(seat: Seat, case: Case, found: Suggestion, attach_to: str, *, same: bool) -> Alike:
    why = found.why[0 if seat.language == "zh" else 1]
    state = blank_file(case.kind, case.place, seat.now).kind.states.get(case.state)
    attach = f"{case_href(attach_to, 'attach_repeat')}?running={case.number}" if attach_to else ""
    return Alike(
        link=Link(case.title or case.number, case_href(case.number)),
        number=case.number,
        holder=organ_name(case.holder, seat.language),
        state="" if state is None else (words_in(state, seat.language)),
        why=_("姓名、电话相同；%(why)s") % {"why": why} if same else why,
        attach=attach,
    )


# --- the receipt ----------------------------------------------------------------------------------
def _sheet(seat: Seat, intake: Intake, done: Registered) -> HttpResponse:
    visible = find(seat.viewer, seat.today, done.number)
    return seat.page(
        "petitions/receipt.html",
        "register",
        sheet=receipt_of(seat, intake, done),
        number=done.number,
        code=done.code,
        repeated=done.performed.repeated,
        sort=reverse("desk:act", args=[done.number, "classify"])
        if visible and visible.state == "registered"
        else "",
        after=_after(seat, done),
        alike=alike(seat, intake, visible.pk, done.number) if visible else [],
        visible=visible is not None,
    )


def _after(seat: Seat, done: Registered) -> list[str]:
    """Say what was done with the registration, in words: sorted, sent on to whom."""
    case = Case.objects.get(number=done.number)
    file = read_file(case, seat.now)
    words = [
        headline(file.kind.acts[w.act], seat.language)
        for w in done.performed.acts
        if w.act in (CLASSIFY, *ONWARD)
    ]
    to = Organ.objects.filter(pk=file.view.addressee or 0).first()
    return [*words[:-1], f"{words[-1]}：{organ_name(to, seat.language)}"] if to and words else words


def receipt_of(seat: Seat, intake: Intake, done: Registered) -> Receipt | None:
    """Return the sheet the petitioner takes home; None where no dated duty was opened.

    The dates are those of the duties that this registration opened: part of the answer to it, not a
    look-up.
    """
    opened = Duty.objects.filter(opened_by_id=done.performed.acts[0].act_id, right=False)
    duties = [d for d in opened.order_by("sort_day", "pk") if d.due or d.raw]
    if not duties or seat.organ is None:
        return None
    zh, first = seat.language == "zh", duties[0]
    written = done.performed.acts[0]
    file = blank_file("petition", seat.organ.division_code, seat.now)
    return Receipt(
        organ=organ_name(seat.organ, seat.language),
        number=done.number,
        code=done.code,
        registered_at=seat.now,
        first_due=first.due or first.raw or seat.today,
        first_label=_("第一个期限"),
        received=_received(seat, file, intake, done.number, written.hash),
        ahead=tuple(_ahead(seat, file, d, zh) for d in duties),
        promise=written.promise,
        merge_by=seat.now + MERGE_DELAY,
        qr=f"xf:{done.number}:{to_base64(written.hash)[:QR_HASH]}",
        check=_(
            "把回执文件交给任何一台装有核验程序的电脑核对，不需要联网，也不需要本系统。查进展：编号加查询码。"
        ),
        provisional=first.due is None,
    )


def _received(
    seat: Seat, file: CaseFile, intake: Intake, number: str, digest: bytes
) -> tuple[Fact, ...]:
    channel = file.kind.acts["register"].field_rule("channel")
    names = channel.option_names if channel else {}
    word = names.get(intake.channel, (intake.channel, intake.channel))[
        0 if seat.language == "zh" else 1
    ]
    count = str(len(intake.requests))
    day = intake.received_on or seat.today
    return (
        Fact(_("怎样提交"), word),
        Fact(_("收到日期"), with_weekday(day, seat.language)),
        Fact(_("诉求"), _("%(count)s 项") % {"count": count}),
        *_files(number),
        Fact(_("登记摘要"), digest.hex().upper(), mono=True),
    )


def _files(number: str) -> tuple[Fact, ...]:
    """Say on the receipt how many files came with the matter, each with type, size and digest,
    never with a name."""
    rows = files_of(Case.objects.get(number=number))
    if not rows:
        return ()
    few = len(rows) <= FEW_FILES  # many share lines: one sheet must hold them
    length = FILE_DIGEST if few else FILE_DIGEST_SHORT
    lines = [
        f"{n}. {row.extension.upper()} {file_size(row.size)} {row.digest[:length].upper()}"
        for n, row in enumerate(rows, 1)
    ]
    count = _("%(count)s 个文件，完整摘要在存证证明里") % {"count": len(rows)}
    return (
        Fact(_("材料"), count),
        Fact(_("逐个摘要"), ("\n" if few else "  ").join(lines), mono=True),
    )


def _ahead(seat: Seat, file: CaseFile, duty: Duty, zh: bool) -> Fact:
    rule = file.kind.duties[duty.rule]
    day = duty.due or duty.raw or seat.today
    until = with_weekday(day, seat.language)
    article = cited(rule.basis, file.installed, seat.language)
    holder = organ_name(Organ.objects.filter(pk=duty.holder_id or 0).first(), seat.language)
    text = (
        f"最迟这天，{holder}{rule.zh}（{article}）。"
        if zh
        else f"By this day {holder} must {rule.en} ({article})."
    )
    return Fact(until, text)
