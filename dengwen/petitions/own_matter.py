"""What a petitioner may see and do in the own matter, by number and code, without an account
(access model 2, R1).

The answer to a wrong number and to a wrong code is the same, after the same work. A list of acts,
duties and papers
says what is shown; what a pack adds later stays hidden until it is named here. Outcomes are shown
once the opinion is
served, for only then do the petitioner's days run (R22 35). A matter that is protected shows a
neutral state only:
the paper with number and code may fall into wrong hands (R22 30(3)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.randomness import digits
from dengwen.access.keys.receipt_codes import code_digest, fits
from dengwen.access.read_log import Opening, Viewed, open_logged, open_now, who_viewed
from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, records_of, view_of
from dengwen.cases.case_numbers import read_number
from dengwen.cases.files.held_files import Held, files_of
from dengwen.cases.models import Act, Case, CaseLink, Content, Document, File
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.papers.issue import open_body
from dengwen.cases.write.perform import By, Performed, perform, stored
from dengwen.cases.write.record import handed_out
from dengwen.law.duties.act_record import (
    BREACH,
    LAPSE,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    civil,
)
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule
from dengwen.ledger import event_log
from dengwen.ledger.act_receipts import promised, proven
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import PAPERS
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.petitions.models import Member, Petition, Request

UPWARD = ("reviews", "rechecks", "split_from", "anew_after", "new_facts_after")
"""Links from a case to the one it comes from: number and code of that one open it too."""
DEEPEST = 4
"""Petition, review, re-examination, new handling: no chain of cases is longer for this purpose."""

ACTS = frozenset(
    {
        "register",
        "split",
        "enter_request",
        "attach_repeat",
        "add_contact",
        "name_agent",
        "end_agent",
        "add_material",
        "import_reply",
        "forward",
        "assign",
        "forward_litigation",
        "guide_visitor",
        "guide_back",
        "receive",
        "receive_onward",
        "pass_on",
        "inform",
        "object",
        "agree_return",
        "agree_return_within",
        "refuse_return",
        "refer_dispute",
        "decide_dispute",
        "designate",
        "take_over",
        "accept",
        "notify_received",
        "notify_path",
        "inform_duty",
        "reply_suggestion",
        "refuse",
        "no_longer_accept",
        "new_facts",
        "hold_hearing",
        "mediate",
        "settle",
        "extend",
        "sign",
        "serve",
        "promise",
        "prove_execution",
        "request_review",
        "note_review",
        "take_up_anew",
        "close_lapsed",
        "finish",
        "withdraw",
        "lodge",
        "refuse_late",
        "request_recheck",
        "correct",
        BREACH,
        LAPSE,
    }
)
"""Acts a petitioner sees by name, day, organ and article. Drafts, checks, notes and help among
organs are internal."""

DUTIES = frozenset(
    {
        "sort",
        "sort_again",
        "direct_notice",
        "direct_again",
        "notify_transferred",
        "suggestion_reply",
        "perform_or_answer",
        "handle",
        "serve_opinion",
        "execute",
        "review_request",
        "review_decide",
        "recheck_request",
        "recheck_decide",
    }
)
"""Duties that are owed to the petitioner, or are the petitioner's own periods."""

FOR_PETITIONER = frozenset({"信访人", "双方当事人"})
AFTER_SERVICE = frozenset({"sign"})
"""Acts whose papers are shown once they are served."""
HANDED_IN = frozenset({"register", "add_material"})
"""Acts whose files are the petitioner's own."""
OWN_STEPS = ("request_review", "request_recheck", "withdraw")


@dataclass(frozen=True, slots=True)
class Happened:
    """One act as the petitioner sees it: its rule, and the duty a breach or lapse is about."""

    row: Act
    record: ActRecord
    rule: ActRule
    book: Rulebook
    leaf: int | None
    digest: str
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request in the petitioner's words, with its outcome and answer once the opinion is
    served."""

    row: Request
    text: str
    outcome: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class OwnStep:
    """Something the petitioner can do now, or not and why; `until` is the last day of the period
    it falls into."""

    rule: ActRule
    against: tuple[Refusal, ...]
    until: date | None = None
    provisional: bool = False
    late: bool = False


@dataclass(frozen=True)
class Followed:
    """A matter as its petitioner sees it. `neutral` says that only the state in plain words may
    be shown."""

    case: Case
    view: CaseView
    book: Rulebook
    neutral: bool
    served: bool
    since: date
    happened: tuple[Happened, ...] = ()
    asked: tuple[Asked, ...] = ()
    papers: tuple[Document, ...] = ()
    files: tuple[File, ...] = ()
    steps: tuple[OwnStep, ...] = ()
    viewed: tuple[Viewed, ...] = ()
    also: tuple[Followed, ...] = ()
    member: bool = False

    def open_duties(self) -> list[DutyView]:
        """Return the open duties that concern the petitioner, earliest day first."""
        return [] if self.neutral else [d for d in self.view.open_duties() if d.rule.id in DUTIES]

    def organs(self) -> dict[int, tuple[str, str]]:
        """Return the names (Chinese, English) of the organs that act or are addressed in what is
        shown."""
        wanted = {one.row.organ_id for one in self.happened if one.row.organ_id}
        for one in self.happened:
            target = one.record.data.get(one.rule.addresses) if one.rule.addresses else None
            wanted |= {target} if isinstance(target, int) else set()
        return {
            pk: (zh, en)
            for pk, zh, en in Organ.objects.filter(pk__in=wanted).values_list(
                "pk", "name_zh", "name_en"
            )
        }


# --- finding --------------------------------------------------------------------------------------
def find(number: str, code: str) -> Case | None:
    """Return the case if the code belongs to it or to the matter it comes from; else None, after
    the same work.

    The number may be written as people write; a number that cannot be one is the same None.
    """
    try:
        wanted = read_number(number)
    except ValueError:
        wanted = ""
    case = Case.objects.filter(number=wanted).select_related("holder").first()
    found, chain = False, case.pk if case else 0
    ring = key_ring()
    nothing = code_digest(ring, "", "")
    for _ in range(DEEPEST):
        stored = (
            Petition.objects.filter(case_id=chain).values_list("code_digest", flat=True).first()
        )
        right = fits(ring, "", code, stored or nothing)
        found = found or (right and bool(stored)) or is_member(chain, code)
        above = (
            CaseLink.objects.filter(case_id=chain, kind__in=UPWARD)
            .values_list("other_id", flat=True)
            .first()
        )
        chain = above or 0
    return case if found else None


def is_member(case: int, code: str) -> bool:
    """Say whether the code is that of one member of a group: it shows how the matter stands, and
    acts for nobody."""
    digest = code_digest(key_ring(), "", code)
    return Member.objects.filter(case_id=case, code_digest=digest).exists()


def for_member(followed: Followed) -> Followed:
    """Return what one member sees of the group's matter: its course and dates; replies go to the
    representatives."""
    return replace(
        followed, asked=(), papers=(), files=(), steps=(), viewed=(), also=(), member=True
    )


# --- reading --------------------------------------------------------------------------------------
def view_of_case(case: Case) -> CaseView:
    """Return a case as its acts say it stands; for the petitioner's own receipt."""
    return view_of(case.kind, records_of(case))


def follow(case: Case, now: datetime, *, depth: int = 0) -> Followed:
    """Return what the petitioner may see of a case that `find` returned. The own words are
    opened and logged."""
    rows = tuple(Act.objects.filter(case=case).order_by("seq"))
    records = tuple(record_of(row, case.kind) for row in rows)
    view = view_of(case.kind, records)
    book = rulebooks.in_force(civil(now), case.place, now).book
    served = "serve" in view.days or view.state in {"settled", "answered"}
    if case.protected or view.facts.get("class") == "accusation":
        also = _also(case, now, depth)
        return Followed(
            case, view, book, neutral=True, served=False, since=records[-1].day, also=also
        )
    return Followed(
        case,
        view,
        book,
        neutral=False,
        served=served,
        since=_since(view, records),
        happened=_happened(case, rows, records),
        asked=_asked(case, now, served=served),
        papers=_papers(case, served=served),
        files=_own_files(case, rows),
        steps=_steps(case, view, book, civil(now)),
        viewed=who_viewed(case.number, "R1"),
        also=_also(case, now, depth),
    )


def _also(case: Case, now: datetime, depth: int) -> tuple[Followed, ...]:
    if depth + 1 >= DEEPEST:
        return ()
    links = (
        CaseLink.objects.filter(other=case, kind__in=UPWARD)
        .select_related("case__holder")
        .order_by("id")
    )
    return tuple(follow(link.case, now, depth=depth + 1) for link in links)


def _since(view: CaseView, records: Sequence[ActRecord]) -> date:
    """Return the day since which the present holder has it: the last act by which it came to
    that organ."""
    taking = {
        "register",
        "receive",
        "receive_onward",
        "take_over",
        "take_up_anew",
        "lodge",
        "agree_return",
        "agree_return_within",
    }
    days = [r.day for r in records if r.act in taking and r.organ == view.holder]
    return days[-1] if days else records[0].day


def _happened(
    case: Case, rows: Sequence[Act], records: Sequence[ActRecord]
) -> tuple[Happened, ...]:
    leaves = {
        uid: (idx, bytes(digest).hex()[:8])
        for uid, idx, digest in Event.objects.filter(uid__in=[r.uid for r in rows]).values_list(
            "uid", "leaf__idx", "hash"
        )
    }
    found = []
    for row, record in zip(rows, records, strict=True):
        if row.act not in ACTS or (row.act in (BREACH, LAPSE) and row.duty not in DUTIES):
            continue
        book = rulebooks.by_row(row.rules_id)
        idx, digest = leaves.get(row.uid, (None, ""))
        found.append(
            Happened(row, record, book.kind(case.kind).acts[row.act], book, idx, digest, row.duty)
        )
    return tuple(found)


def _asked(case: Case, now: datetime, *, served: bool) -> tuple[Asked, ...]:
    requests = list(Request.objects.filter(case=case).order_by("number"))
    if not requests:
        return ()
    acts = [r.entered_act for r in requests] + [
        r.outcome_act for r in requests if served and r.outcome_act
    ]
    opening = _opening(case, now, "D3", ("asks", "answer") if served else ("asks",))

    def read() -> dict[int, dict[str, str]]:
        rows = Content.objects.filter(act_id__in=acts, data_class__in=("D3", "D6")).select_related(
            "act"
        )
        return {row.act_id: open_package(row) for row in rows}

    texts = open_now(opening, read)
    return tuple(
        Asked(
            r,
            texts.get(r.entered_act, {}).get("asks", ""),
            r.outcome if served else "",
            texts.get(r.outcome_act or 0, {}).get("answer", "") if served else "",
        )
        for r in requests
    )


def _opening(case: Case, now: datetime, data_class: str, fields: tuple[str, ...]) -> Opening:
    return Opening(
        at=now,
        user=None,
        role="R1",
        organ=None,
        case_number=case.number,
        data_class=data_class,
        fields=fields,
        purpose="own",
        request_id=f"portal-{digits(16)}",
    )


def _papers(case: Case, *, served: bool) -> tuple[Document, ...]:
    rows = Document.objects.filter(case=case).select_related("act").order_by("id")
    return tuple(row for row in rows if _for_petitioner(row, case, served=served))


def _for_petitioner(row: Document, case: Case, *, served: bool) -> bool:
    kind = rulebooks.by_row(row.act.rules_id).kind(case.kind)
    rule = kind.documents.get(row.rule)
    own = row.act.act in OWN_STEPS  # what the petitioner wrote
    return (
        rule is not None
        and (own or rule.to in FOR_PETITIONER)
        and (served or row.act.act not in AFTER_SERVICE)
    )


def _own_files(case: Case, rows: Sequence[Act]) -> tuple[File, ...]:
    """Return the files that the petitioner handed in: with the matter, or later."""
    calls = {row.call for row in rows if row.act in HANDED_IN}
    return tuple(row for row in files_of(case) if row.call in calls and row.field == PAPERS)


def open_paper(case: Case, number: str, now: datetime) -> tuple[Document, str] | None:
    """Return a paper addressed to the petitioner with its body, logged; None where there is none
    of that number."""
    followed = follow(case, now)
    row = next((d for d in followed.papers if d.number == number), None)
    if row is None:
        return None
    with transaction.atomic(durable=True):
        body = open_logged(
            _opening(case, now, "D3", (f"document {row.rule}",)), lambda: open_body(row)
        )
    return row, body


def receipt_files(case: Case) -> tuple[str, str | None]:
    """Return the receipt of the registration: stage one always, stage two as soon as a
    checkpoint covers it."""
    first = Act.objects.filter(case=case).order_by("seq").values_list("uid", flat=True).first()
    event = event_log.find(first or "")
    if event is None:
        raise LookupError(f"{case.number} has no event in the ledger: run `dengwen ledger check`")
    names = handed_out("register")
    return promised(event, names=names), proven(event, names=names)


# --- doing ----------------------------------------------------------------------------------------
def done_before(uid: str) -> bool:
    """Say whether a form with this idempotency key was carried out already."""
    return stored(uid) is not None


def _steps(case: Case, view: CaseView, book: Rulebook, day: date) -> tuple[OwnStep, ...]:
    kind, actor = book.kind(case.kind), Actor(None, None, by_petitioner().capacities)
    found = []
    for name in OWN_STEPS:
        rule = kind.acts.get(name)
        if rule is None or (
            name == "withdraw" and view.state in {s.id for s in kind.states.values() if s.final}
        ):
            continue
        against = tuple(refusals(kind, rule, view, actor, day))
        within = [d for d in view.duties if rule.within and d.rule.id == rule.within]
        late = (
            bool(against)
            and bool(rule.unless)
            and not refusals(kind, rule, view, actor, day, rule.unless)
        )
        until = (within[-1].due or within[-1].raw) if within else None
        found.append(OwnStep(rule, against, until, bool(within) and within[-1].provisional, late))
    return tuple(found)


def ask(
    case: Case, act: str, *, request: str, reasons: str, good_reason: bool, now: datetime, uid: str
) -> Performed:
    """Ask for review (R22 35) or re-examination (R22 36) by the petitioner; the linked case opens
    in the same call.

    Raises `cases.Refused` with the clause, `PetitionError` where no next higher organ is on record.
    """
    if act not in ("request_review", "request_recheck"):
        raise ValueError(f"{act} is not a remedy of the petitioner")
    fields: dict[str, FieldValue] = {"good_reason": True} if good_reason else {}
    step = Step(
        act=act, case=case.number, fields=fields, texts={"request": request, "reasons": reasons}
    )
    return perform(step, by=by_petitioner(), now=now, uid=uid)


def add_contact(case: Case, *, address: str, phone: str, now: datetime, uid: str) -> Performed:
    """Enter an address or telephone number that came later (R22 19(1)); the holder's office enters
    it automatically.

    An address alone makes nobody known: for an anonymous matter the address stays unclear.
    `cases.Refused` where the
    matter is over.
    """
    followed = follow(case, now)
    named = followed.view.facts.get("anonymous") != "true"
    clear = named and (bool(address) or followed.view.facts.get("address_clear") == "true")
    texts = {name: text for name, text in (("address", address), ("phone", phone)) if text}
    step = Step(act="add_contact", case=case.number, fields={"address_clear": clear}, texts=texts)
    return perform(step, by=By(None, case.holder_id, frozenset({"clerk"})), now=now, uid=uid)


def add_material(
    case: Case, *, papers: Sequence[Held], note: str, now: datetime, uid: str
) -> Performed:
    """Hand in further material; the days of the matter stay as they are. `cases.Refused` where
    the matter is over."""
    fields: dict[str, FieldValue] = {PAPERS: tuple(one.digest for one in papers)} if papers else {}
    step = Step(
        act="add_material", case=case.number, fields=fields, texts={"note": note} if note else {}
    )
    return perform(
        step, by=by_petitioner(), now=now, uid=uid, papers=[(PAPERS, one) for one in papers]
    )


def withdraw(case: Case, *, reason: str, now: datetime, uid: str) -> Performed:
    """Withdraw the matter at the petitioner's own wish; `cases.Refused` where it is over."""
    texts = {"reason": reason} if reason else {}
    return perform(
        Step(act="withdraw", case=case.number, texts=texts), by=by_petitioner(), now=now, uid=uid
    )
