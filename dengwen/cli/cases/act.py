"""`dengwen act`: one act of any procedure, its fields as the pack declares them.

dengwen act --open petition register --by clerk --set channel=letter --set office=petition_office
--text content=…
dengwen act YJ01-2026-483907215-0 forward --by router --set to=YJ02
dengwen act YJ01-2026-483907215-0 sign --by head --set shown=newest
dengwen act YJ01-2026-483907215-0 add_material --by clerk --set papers=@scan.pdf,@photo.jpg
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from dengwen.access.keys.randomness import token_bytes
from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of
from dengwen.cases.case_numbers import read_number
from dengwen.cases.files.content_type import MOST_BYTES, FileError, look
from dengwen.cases.files.held_files import Held, Paper, disk_error, hold, let_go
from dengwen.cases.models import Case
from dengwen.cases.read.correction_words import FIELD, TARGET, VALUES, corrected_field
from dengwen.cases.read.named_rows import NobodyCalledError, rows_named
from dengwen.cases.wall import visibility
from dengwen.cases.write.check import HOUSE_KINDS, Refused
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.proposal_doors import do_or_propose
from dengwen.cases.write.record import place_of_new
from dengwen.cli.shell.account import acting, official_named, organ_named, registrar, user_named
from dengwen.cli.shell.answer import instant_of, now_of, pairs_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.law.duties.act_record import CORRECT, civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import SHOWN, TEXT_TYPES
from dengwen.law.time.terms import EARLIEST
from dengwen.organs.models import Organ

LATE_PAPER = "late_paper"
NEWEST = "newest"
"""What is said for the digest of a draft by whoever puts a name under the newest one, whatever
it says."""
TRUE, FALSE = frozenset({"true", "yes", "1", "是"}), frozenset({"false", "no", "0", "否"})


def run_act(args: argparse.Namespace) -> int:
    """Do one act and print what it wrote, with the ledger's promise."""
    now = now_of(args)
    name = _act_named(args)
    occurred = _occurred(args, now)
    by = acting(args.by, args.organ, civil(now))
    case = None if args.open else find_case(args.case, args.by, now, name)
    given = pairs_of(args.set, "--set")
    target = _target(args, case, given, by)
    rule = rule_of(target.kind, name, occurred or now, target.place)
    fields, texts = _fields(rule, given), _texts(rule, pairs_of(args.text, "--text"))
    if case:
        fields |= _known_of(case, name, fields, now, civil(occurred or now))
    step = replace(_step(args, name, target, occurred), fields=fields, texts=texts)
    papers = _papers(rule, given, args.paper or "", now)
    _answer(_performed(step, papers, by, now, args), args)
    return OK


def _known_of(
    case: Case, act: str, fields: Mapping[str, FieldValue], now: datetime, day: date
) -> dict[str, FieldValue]:
    """Return the fields whose value only the case can give: the newest draft, and the rows that a
    correction names."""
    known = _rows_corrected(case, fields, now) if act == CORRECT else {}
    if fields.get(SHOWN) == NEWEST:
        known[SHOWN] = newest_digest(case.number, act, now, day, dict(fields))
    return known


def _performed(
    step: Step, papers: list[Paper], by: By, now: datetime, args: argparse.Namespace
) -> Performed:
    """Do the act with the papers it names, or put it before a second person where that is asked
    for and needed; papers that no act brought go again."""
    uid = args.uid or f"cli/act/{token_bytes(8).hex()}"
    try:
        if not args.propose:
            return perform(step, by=by, now=now, uid=uid, papers=papers)
        done, waits = do_or_propose(step, by=by, now=now, uid=uid, papers=papers)
        if waits:
            tell_waiting(done)
        return done
    finally:  # what an act brought stays
        for _field, one in papers:
            let_go(one)


def tell_waiting(done: Performed) -> None:
    """Say that an act waits, and how it is approved; on the other stream, beside the answer."""
    complain(
        f"{done.case} 第{done.acts[-1].seq}步等第二人同意，同意以前不生效 / waits for a second person: "
        f"dengwen second approve {done.case} {done.acts[-1].seq} --by <USER>"
    )


def _act_named(args: argparse.Namespace) -> str:
    """Return the act asked for: with --open it stands where else the case does."""
    name: str = args.case if args.open else args.act
    if not name or (args.open and args.act):
        raise CommandError(
            what=(
                "写法 / usage: dengwen act <编号 NUMBER> <行为 ACT> … 或 / or dengwen act --open <KIND> "
                "<ACT> …"
            ),
            where="act",
        )
    return name


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an act is done: in a case or as the opening of one, of which kind, at which place, for
    which organ."""

    case: Case | None
    kind: str
    place: str
    organ: int | None


def _target(
    args: argparse.Namespace, case: Case | None, given: Mapping[str, str], by: By
) -> _Target:
    """Return where the act is done; a new case lies at the place of the organ acted for."""
    organ = organ_named(args.behalf, "--for").pk if args.behalf else by.organ
    office = Organ.objects.get(pk=organ) if organ else None
    if case is None:
        return _Target(None, args.open, place_of_new(given, office), organ)
    return _Target(case, case.kind, case.place, organ)


def _step(args: argparse.Namespace, act: str, target: _Target, occurred: datetime | None) -> Step:
    """Return the step that the words of the command line describe, its fields and texts left
    out."""
    return Step(
        act=act,
        case=target.case.number if target.case else "",
        kind="" if target.case else target.kind,
        organ=target.organ,
        occurred_at=occurred,
        late_reason=args.late_reason,
        paper=_digest(args.paper) if args.paper else "",
    )


def _papers(rule: ActRule, given: Mapping[str, str], late: str, now: datetime) -> list[Paper]:
    """Take the files that the act names by their digests, to be handed in with it; CommandError
    names what is wrong."""
    named = [(LATE_PAPER, late)] if late else []
    for name, text in given.items():
        declared = rule.field_rule(name)
        if declared is not None and declared.type in ("digest", "digests"):
            named += [(name, part) for part in _list(text)]
    papers: list[Paper] = []
    for name, text in named:
        path = Path(text.removeprefix("@"))
        if text.startswith("@") or path.is_file():
            papers.append((name, _taken(path, now)))
    return papers


def _taken(path: Path, now: datetime) -> Held:
    """Take in one file; CommandError where it cannot be."""
    try:
        with path.open("rb") as file:
            looked = look(file.read(MOST_BYTES + 1))
    except FileError as error:
        raise _not_taken(path, error) from error
    try:
        return hold(looked, now, path.name)
    except OSError as error:
        raise _not_taken(path, disk_error()) from error


def _not_taken(path: Path, error: FileError) -> CommandError:
    """Return the refusal of a file."""
    return CommandError(
        what=f"{error.zh} / {error.en}",
        where=str(path),
        mend=f"{error.mend_zh} / {error.mend_en}",
        code=WRONG,
    )


def _occurred(args: argparse.Namespace, now: datetime) -> datetime | None:
    """Return the claimed instant, None for now. A bare day is its morning, or now where that has
    not come yet."""
    if not args.on:
        return None
    occurred = instant_of(args.on, "--on")
    if civil(occurred) < EARLIEST:
        raise CommandError(
            what=f"{civil(occurred)} 早于 {EARLIEST} / lies before {EARLIEST}",
            where="--on",
            mend="2026-03-02",
            code=WRONG,
        )
    return None if civil(occurred) == civil(now) and occurred > now else occurred


def find_case(number: str, username: str, now: datetime, act: str) -> Case:
    """Return a case the account may see (of the house itself: administer); hidden and missing
    read the same."""
    day, typed = civil(now), read_number(number)
    administers = "registrar" in registrar(username, day).capacities
    house = Case.objects.filter(number=typed, kind__in=HOUSE_KINDS).first() if administers else None
    found = house or visibility.find(visibility.viewer_of(user_named(username), day), day, typed)
    if found is None:
        raise Refused.no_case(Step(act=act, case=typed), typed)
    return found


def rule_of(kind: str, act: str, occurred: datetime, place: str) -> ActRule:
    """Return the rule of an act on a day; CommandError lists what there is."""
    book = rulebooks.in_force(civil(occurred), place, occurred).book
    title = book.title or f"{civil(occurred)} 施行的规则"
    if kind not in book.kinds:
        raise CommandError(
            what=f"{title} 没有程序“{kind}” / does not know the procedure {kind!r}",
            where="--open",
            mend="、".join(sorted(book.kinds)),
        )
    known = book.kind(kind).acts
    if act not in known:
        raise CommandError(
            what=f"{book.title} 的“{book.kind(kind).zh}”没有行为“{act}” / has no act {act!r}",
            where=kind,
            mend="、".join(known),
        )
    return known[act]


# --- fields ---------------------------------------------------------------------------------------
def _fields(rule: ActRule, given: Mapping[str, str]) -> dict[str, FieldValue]:
    """Return the fields given, each as the pack declares it."""
    return {name: _value(rule, name, text) for name, text in given.items()}


def _value(rule: ActRule, name: str, text: str) -> FieldValue:
    """Return one field as its type; CommandError with an example where it cannot be read."""
    declared = rule.field_rule(name)
    if declared is None or declared.type in TEXT_TYPES:
        names = "、".join(f.name for f in rule.fields if f.type not in TEXT_TYPES)
        raise CommandError(
            what=f"“{rule.zh}”没有字段“{name}” / {rule.en} has no field {name!r}",
            where="--set",
            mend=f"字段 / fields: {names}；文字用 --text / texts go with --text",
        )
    try:
        return READERS[declared.type](text)
    except ValueError as error:
        raise CommandError(
            what=(
                f"“{declared.zh}”的值“{text}”读不出（{declared.type}）/ {name}: {text!r} is no "
                f"{declared.type}"
            ),
            where="--set",
            mend=_example(declared),
        ) from error


def _rows_corrected(
    case: Case, fields: Mapping[str, FieldValue], now: datetime
) -> dict[str, FieldValue]:
    """Return the values of a correction that name organs or people as the rows that are kept;
    CommandError for a name that nobody bears."""
    name = str(fields.get(FIELD, ""))
    declared = corrected_field(records_of(case), case.kind, fields.get(TARGET), name)
    found: dict[str, FieldValue] = {}
    for value in VALUES:
        typed = fields.get(value)
        if declared is None or not isinstance(typed, str):
            continue
        try:
            found[value] = rows_named(declared, typed, civil(now))
        except NobodyCalledError as error:
            raise CommandError(
                what=f"登记里没有“{error.word}”，或者不止一个 / the registry knows nobody called "
                f"“{error.word}”, or several",
                where=f"--set {value}=",
                mend="写代码或者在册的全名，例如 / a code or a full name of the registry, such as YJ02",
                code=WRONG,
            ) from error
    return found


def _flag(text: str) -> bool:
    """Return a yes or no; ValueError for anything else."""
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise ValueError(text)


def _list(text: str) -> tuple[str, ...]:
    """Return the parts between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _digest(text: str) -> str:
    """Return a digest as given, or that of a file."""
    path = Path(text.removeprefix("@"))
    if text.startswith("@") or path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return text


READERS: Mapping[str, Callable[[str], FieldValue]] = {
    "code": str,
    "codes": _list,
    "word": str,
    "words": _list,
    "organ": lambda text: organ_named(text, "--set").pk,
    "organs": lambda text: tuple(organ_named(code, "--set").pk for code in _list(text)),
    "official": lambda text: official_named(text, "--set").pk,
    "division": str,
    "date": date.fromisoformat,
    "number": int,
    "flag": _flag,
    "case": read_number,
    "act": int,
    "digest": _digest,
    "digests": lambda text: tuple(_digest(part) for part in _list(text)),
}


def _example(declared: FieldRule) -> str:
    """Return how a value of this field is written."""
    examples = {
        "date": "2026-03-02",
        "number": "30",
        "flag": "true / false",
        "organ": "YJ02",
        "case": "YJ01-2026-483907215-0",
    }
    return "、".join(declared.options) or examples.get(declared.type, "")


def _texts(rule: ActRule, given: Mapping[str, str]) -> dict[str, str]:
    """Return the texts given; CommandError for one the act has not."""
    names = [f.name for f in rule.fields if f.type in TEXT_TYPES]
    for name in given:
        if name not in names:
            raise CommandError(
                what=f"“{rule.zh}”没有文字“{name}” / {rule.en} has no text {name!r}",
                where="--text",
                mend=f"文字 / texts: {'、'.join(names)}",
            )
    return {name: _text(text) for name, text in given.items()}


def _text(text: str) -> str:
    """Return a text as given, or that of a file (`@name`)."""
    return Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text


def _answer(done: Performed, args: argparse.Namespace) -> None:
    """Print what was written."""
    rows = [
        {
            "case": w.case,
            "act": w.act,
            "seq": w.seq,
            "id": w.act_id,
            "hash": w.hash.hex(),
            "promise": w.promise,
        }
        for w in done.acts
    ]
    if args.json:
        tell_json({"case": done.case, "repeated": done.repeated, "acts": rows})
        return
    for row in rows:
        tell(f"{row['case']}  第{row['seq']}步 {row['act']}  存证 / event {str(row['hash'])[:16]}…")
