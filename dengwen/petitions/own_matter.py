"""What a petitioner may see and do in the own matter, by number and code (access model 2, R1).

No account is needed. The answer to a wrong number and to a wrong code is the same, after the same
work. Lists of acts and duties (`shown_to_petitioner`) say what is shown. Outcomes are shown once
the opinion is served, for only then do the petitioner's days run (R22 35). A matter that is
protected shows a neutral state only: the paper with number and code may fall into wrong hands (R22
30(3)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.randomness import digits
from dengwen.access.keys.receipt_codes import code_digest, fits
from dengwen.access.read_log import Opening, Viewed, open_logged, open_now, who_viewed
from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, view_of
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
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.ledger import event_log
from dengwen.ledger.act_receipts import promised, proven
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import PAPERS
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.petitions.models import Member, Petition, Request
from dengwen.petitions.shown_to_petitioner import ACTS, DUTIES

UPWARD = ("reviews", "rechecks", "split_from", "anew_after", "new_facts_after")
"""Links from a case to the one it comes from: number and code of that one open it too."""
DEEPEST = 4
"""Petition, review, re-examination, new handling: no chain of cases is longer for this purpose."""

FOR_PETITIONER = frozenset({"信访人", "双方当事人"})
AFTER_SERVICE = frozenset({"sign"})
"""Acts whose papers are shown once they are served."""
HANDED_IN = frozenset({"register", "add_material"})
"""Acts whose files are the petitioner's own."""
COMING = frozenset(
    {
        "register",
        "receive",
        "receive_onward",
        "take_over",
        "take_up_anew",
        "lodge",
        "agree_return",
        "agree_return_within",
    }
)
"""Acts by which a matter comes to an organ."""
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
    """Something the petitioner can do now, or not and why; `until` is the last day of the period it
    falls into."""

    rule: ActRule
    against: tuple[Refusal, ...]
    until: date | None = None
    provisional: bool = False
    late: bool = False


@dataclass(frozen=True)
class Followed:
    """A matter as its petitioner sees it. `neutral` says that only the state in plain words may be
    shown."""

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
        wanted = set()
        for one in self.happened:
            target = one.record.data.get(one.rule.addresses) if one.rule.addresses else None
            if isinstance(target, int):
                wanted.add(target)
            if one.row.organ_id:
                wanted.add(one.row.organ_id)
        rows = Organ.objects.filter(pk__in=wanted).values_list("pk", "name_zh", "name_en")
        return {pk: (zh, en) for pk, zh, en in rows}


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
    nothing = code_digest(key_ring(), "", "")
    for _ in range(DEEPEST):
        own = _is_code_of(chain, code, nothing)
        found = found or own or is_member(chain, code)
        chain = _comes_from(chain)
    return case if found else None


def _is_code_of(case: int, code: str, nothing: str) -> bool:
    """Say whether a code is the one of a matter; `nothing` is compared where there is no matter."""
    kept = Petition.objects.filter(case_id=case).values_list("code_digest", flat=True).first()
    right = fits(key_ring(), "", code, kept or nothing)
    return right and bool(kept)


def _comes_from(case: int) -> int:
    """Return the row id of the case that one comes from, 0 where it comes from none."""
    links = CaseLink.objects.filter(case_id=case, kind__in=UPWARD)
    return links.values_list("other_id", flat=True).first() or 0


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
def follow(case: Case, now: datetime, *, depth: int = 0) -> Followed:
    """Return what the petitioner may see of a case that `find` returned. The own words are opened
    and logged."""
    rows = tuple(Act.objects.filter(case=case).order_by("seq"))
    records = tuple(record_of(row, case.kind) for row in rows)
    view = view_of(case.kind, records)
    book = rulebooks.in_force(civil(now), case.place, now).book
    if case.protected or view.facts.get("class") == "accusation":
        last = records[-1].day
        also = _also(case, now, depth)
        return Followed(case, view, book, neutral=True, served=False, since=last, also=also)
    served = _is_served(view)
    return Followed(
        case=case,
        view=view,
        book=book,
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


def _is_served(view: CaseView) -> bool:
    """Say whether the outcome reached the petitioner: served, agreed or answered."""
    return "serve" in view.days or view.state in {"settled", "answered"}


def _also(case: Case, now: datetime, depth: int) -> tuple[Followed, ...]:
    """Return the cases that came from this one, as their petitioner sees them."""
    if depth + 1 >= DEEPEST:
        return ()
    links = CaseLink.objects.filter(other=case, kind__in=UPWARD).select_related("case__holder")
    return tuple(follow(link.case, now, depth=depth + 1) for link in links.order_by("id"))


def _since(view: CaseView, records: Sequence[ActRecord]) -> date:
    """Return the day since which the present holder has it: the last act by which it came to that
    organ."""
    days = [r.day for r in records if r.act in COMING and r.organ == view.holder]
    return days[-1] if days else records[0].day


def _happened(
    case: Case, rows: Sequence[Act], records: Sequence[ActRecord]
) -> tuple[Happened, ...]:
    """Return the acts that are shown, each with its rule and its place in the ledger."""
    leaves = _leaves(rows)
    found = []
    for row, record in zip(rows, records, strict=True):
        if not _is_shown(row):
            continue
        book = rulebooks.by_row(row.rules_id)
        leaf, digest = leaves.get(row.uid, (None, ""))
        rule = book.kind(case.kind).acts[row.act]
        found.append(Happened(row, record, rule, book, leaf, digest, row.duty))
    return tuple(found)


def _is_shown(row: Act) -> bool:
    """Say whether an act is shown; a breach or lapse only of a duty that is."""
    if row.act in (BREACH, LAPSE) and row.duty not in DUTIES:
        return False
    return row.act in ACTS


def _leaves(rows: Sequence[Act]) -> dict[str, tuple[int | None, str]]:
    """Return by uid where the events of acts stand in the ledger, and how their digests begin."""
    events = Event.objects.filter(uid__in=[row.uid for row in rows])
    found: dict[str, tuple[int | None, str]] = {}
    for uid, leaf, digest in events.values_list("uid", "leaf__idx", "hash"):
        found[uid] = (leaf, bytes(digest).hex()[:8])
    return found


def _asked(case: Case, now: datetime, *, served: bool) -> tuple[Asked, ...]:
    """Return the requests with the petitioner's words, opened and logged, and with answers once
    served."""
    requests = list(Request.objects.filter(case=case).order_by("number"))
    if not requests:
        return ()
    acts = [request.entered_act for request in requests]
    if served:
        acts += [request.outcome_act for request in requests if request.outcome_act]
    opening = _opening(case, now, "D3", ("asks", "answer") if served else ("asks",))
    texts = open_now(opening, lambda: _texts_of(acts))
    return tuple(_one_asked(request, texts, served=served) for request in requests)


def _texts_of(acts: Sequence[int]) -> dict[int, dict[str, str]]:
    """Open the texts of these acts. For callers that write the read log."""
    rows = Content.objects.filter(act_id__in=acts, data_class__in=("D3", "D6"))
    return {row.act_id: open_package(row) for row in rows.select_related("act")}


def _one_asked(request: Request, texts: Mapping[int, dict[str, str]], *, served: bool) -> Asked:
    """Return one request; outcome and answer only once the opinion is served."""
    asks = texts.get(request.entered_act, {}).get("asks", "")
    if not served:
        return Asked(request, asks)
    answer = texts.get(request.outcome_act or 0, {}).get("answer", "")
    return Asked(request, asks, request.outcome, answer)


def _opening(case: Case, now: datetime, data_class: str, fields: tuple[str, ...]) -> Opening:
    """Return the row of the read log for an opening by the petitioner."""
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
    """Return the papers that may be shown by now."""
    rows = Document.objects.filter(case=case).select_related("act").order_by("id")
    return tuple(row for row in rows if _for_petitioner(row, case, served=served))


def _for_petitioner(row: Document, case: Case, *, served: bool) -> bool:
    """Say whether a paper is the petitioner's own or addressed to them, and may be shown by now."""
    act = row.act.act
    if act in AFTER_SERVICE and not served:
        return False
    rule = rulebooks.by_row(row.act.rules_id).kind(case.kind).documents.get(row.rule)
    if rule is None:
        return False
    return act in OWN_STEPS or rule.to in FOR_PETITIONER


def _own_files(case: Case, rows: Sequence[Act]) -> tuple[File, ...]:
    """Return the files that the petitioner handed in: with the matter, or later."""
    calls = {row.call for row in rows if row.act in HANDED_IN}
    return tuple(row for row in files_of(case) if row.call in calls and row.field == PAPERS)


def open_paper(case: Case, number: str, now: datetime) -> tuple[Document, str] | None:
    """Return a paper addressed to the petitioner with its body, logged; None where there is none of
    that number."""
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
    """Return the receipt of the registration: stage one always, stage two as soon as a checkpoint
    covers it."""
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
    """Return what the petitioner can do now, or not and why."""
    kind = book.kind(case.kind)
    over = view.state in {state.id for state in kind.states.values() if state.final}
    found = []
    for name in OWN_STEPS:
        rule = kind.acts.get(name)
        if rule is not None and not (name == "withdraw" and over):
            found.append(_own_step(kind, rule, view, day))
    return tuple(found)


def _own_step(kind: KindRule, rule: ActRule, view: CaseView, day: date) -> OwnStep:
    """Return one step of the petitioner with what stands against it and the last day of its
    period."""
    actor = Actor(None, None, by_petitioner().capacities)
    against = tuple(refusals(kind, rule, view, actor, day))
    late = False
    if against and rule.unless:
        late = not refusals(kind, rule, view, actor, day, rule.unless)
    within = [duty for duty in view.duties if rule.within and duty.rule.id == rule.within]
    if not within:
        return OwnStep(rule, against, late=late)
    period = within[-1]
    return OwnStep(rule, against, period.due or period.raw, period.provisional, late)


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
    `cases.Refused` where the matter is over.
    """
    followed = follow(case, now)
    named = followed.view.facts.get("anonymous") != "true"
    clear = named and (bool(address) or followed.view.facts.get("address_clear") == "true")
    given = {"address": address, "phone": phone}
    texts = {name: text for name, text in given.items() if text}
    step = Step(act="add_contact", case=case.number, fields={"address_clear": clear}, texts=texts)
    return perform(step, by=By(None, case.holder_id, frozenset({"clerk"})), now=now, uid=uid)


def add_material(
    case: Case, *, papers: Sequence[Held], note: str, now: datetime, uid: str
) -> Performed:
    """Hand in further material; the days of the matter stay as they are. `cases.Refused` where the
    matter is over."""
    fields: dict[str, FieldValue] = {PAPERS: tuple(one.digest for one in papers)} if papers else {}
    texts = {"note": note} if note else {}
    step = Step(act="add_material", case=case.number, fields=fields, texts=texts)
    files = [(PAPERS, one) for one in papers]
    return perform(step, by=by_petitioner(), now=now, uid=uid, papers=files)


def withdraw(case: Case, *, reason: str, now: datetime, uid: str) -> Performed:
    """Withdraw the matter at the petitioner's own wish; `cases.Refused` where it is over."""
    texts = {"reason": reason} if reason else {}
    step = Step(act="withdraw", case=case.number, texts=texts)
    return perform(step, by=by_petitioner(), now=now, uid=uid)
