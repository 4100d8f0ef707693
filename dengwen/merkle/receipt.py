"""Receipts, and what can be said about one without server, database or account.

Stage one is a signed promise with its opening; stage two a C2SP tlog-proof whose ``extra`` is the
opening.
The verdict says in plain words what the paper proves, and as plainly what it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from dengwen.merkle import proof as tlog_proof
from dengwen.merkle.checkpoint import Checkpoint
from dengwen.merkle.disclosure import JsonValue, entry_of
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.instant import parse_instant
from dengwen.merkle.note import VerifierKey, open_note, split_note
from dengwen.merkle.opened_values import Opening
from dengwen.merkle.promise import Promise
from dengwen.merkle.proof import Proof
from dengwen.merkle.strict_base64 import from_base64, to_base64
from dengwen.merkle.tree import leaf_hash, verify_inclusion

PROMISE_HEADER = "xf-receipt/v1"
OK, NOT_YET, INVALID, MISBEHAVIOUR = 0, 10, 20, 30
LONGEST_RECEIPT = 4 << 20


class Said(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt taken apart, nothing verified: either ``promise`` (a signed note) or ``proof``
    is there."""

    opening: Opening
    promise: str | None = None
    proof: Proof | None = None

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read either stage; raise ``RejectedError`` for anything else."""
        if len(text) > LONGEST_RECEIPT:
            raise RejectedError(f"receipt of {len(text)} characters, {LONGEST_RECEIPT} are allowed")
        if text.startswith(f"{tlog_proof.HEADER}\n"):
            proof = Proof.parse(text)
            if proof.extra is None:
                raise RejectedError(
                    "the proof carries no opening, so it says nothing about any event"
                )
            return cls(Opening.decode(proof.extra), proof=proof)
        head, blank, promise = text.partition("\n\n")
        lines = head.split("\n")
        if (
            not blank
            or len(lines) != 2
            or lines[0] != PROMISE_HEADER
            or not lines[1].startswith("extra ")
        ):
            raise RejectedError(f"neither a {PROMISE_HEADER} nor a {tlog_proof.HEADER} file")
        return cls(Opening.decode(from_base64(lines[1][len("extra ") :])), promise=promise)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt is worth. ``code`` is the exit code of ledger.md section 9: 0, 10, 20 or
    30."""

    code: int
    stage: Literal["promise", "proof"] | None = None
    origin: str = ""
    event_hash: bytes = b""
    recorded_at: datetime | None = None
    merge_by: datetime | None = None
    index: int | None = None
    size: int | None = None
    root: bytes = b""
    witnesses: tuple[str, ...] = ()
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    hidden: int = 0
    proved: tuple[Said, ...] = ()
    not_proved: tuple[Said, ...] = ()


def promise_receipt(promise: str, opening: Opening) -> str:
    """The stage-one file."""
    return f"{PROMISE_HEADER}\nextra {to_base64(opening.encode())}\n\n{promise}"


def proof_receipt(*, index: int, hashes: Sequence[bytes], checkpoint: str, opening: Opening) -> str:
    """The stage-two file (C2SP tlog-proof v1)."""
    return Proof(index, tuple(hashes), checkpoint, opening.encode()).text()


def verify_receipt(text: str, vkeys: Sequence[VerifierKey | str]) -> Verdict:
    """Judge a receipt by the public keys its holder trusts; needs nothing else.

    Never raises for a bad receipt: the verdict has code 20 and says what fails. Raises
    ``RejectedError`` only
    for a bad key in ``vkeys``, since that is the caller's own configuration.
    """
    keys = [VerifierKey.parse(key) if isinstance(key, str) else key for key in vkeys]
    try:
        receipt = Receipt.parse(text)
        fields = receipt.opening.fields()
    except RejectedError as error:
        return _invalid(
            Said(
                "文件不是完整的回执，或者打开的内容与摘要不符",
                "the file is damaged, or the opened content does not match its digests",
            ),
            error,
        )
    try:
        if receipt.proof is not None:
            return _judge_proof(receipt.opening, receipt.proof, fields, keys)
        assert receipt.promise is not None
        return _judge_promise(receipt.opening, receipt.promise, fields, keys)
    except RejectedError as error:
        return _invalid(
            Said("签名或存证证明不成立", "the signature or the proof does not hold"), error
        )


def _judge_promise(
    opening: Opening, note: str, fields: dict[str, JsonValue], keys: Sequence[VerifierKey]
) -> Verdict:
    promise = Promise.open(note, keys)
    if len(split_note(note)[1]) != 1:
        raise RejectedError("a promise has one signature line")
    if promise.event_hash != opening.event_hash():
        raise RejectedError("the promise is about another event")
    _same_instant(fields, promise.recorded_at)
    merge_by = f"{promise.merge_by:%Y-%m-%d %H:%M:%S} UTC"
    return Verdict(
        NOT_YET,
        "promise",
        promise.origin,
        promise.event_hash,
        promise.recorded_at,
        promise.merge_by,
        fields=fields,
        hidden=opening.hidden(),
        proved=(
            _signed(promise.origin),
            Said(
                f"该机关承诺在 {merge_by} 之前把此事记入存证；逾期未记入，本回执就是凭据",
                f"the office promised to put this into its ledger by {merge_by}; "
                "if it did not, this paper is evidence",
            ),
        ),
        not_proved=(
            Said(
                "尚未证明已经记入存证：请之后换取第二阶段回执",
                "not yet that it is in the ledger: ask later for the second-stage receipt",
            ),
            *_limits(promise.origin, opening.hidden()),
        ),
    )


def _judge_proof(
    opening: Opening, proof: Proof, fields: dict[str, JsonValue], keys: Sequence[VerifierKey]
) -> Verdict:
    note = open_note(proof.checkpoint, keys)
    head = Checkpoint.parse(note.text)
    if not note.signed_by(head.origin):
        raise RejectedError(f"the checkpoint is not signed by the log key of {head.origin!r}")
    if head.extensions:
        raise RejectedError("the checkpoint has extension lines, which this log never writes")
    hashed = opening.event_hash()
    leaf = leaf_hash(entry_of(hashed))
    verify_inclusion(
        index=proof.index, size=head.size, leaf=leaf, proof=proof.hashes, root=head.root
    )
    witnesses = tuple(held.key.name for held in note.witnesses())
    return Verdict(
        OK,
        "proof",
        head.origin,
        hashed,
        _recorded_at(fields),
        index=proof.index,
        size=head.size,
        root=head.root,
        witnesses=witnesses,
        fields=fields,
        hidden=opening.hidden(),
        proved=(_included(head, proof.index), *_seen_by(witnesses)),
        not_proved=(*_unwitnessed(witnesses), *_limits(head.origin, opening.hidden())),
    )


def compare_receipts(first: str, second: str, vkeys: Sequence[VerifierKey | str]) -> Verdict:
    """Look for a contradiction between two receipts of one log.

    Code 30 when both hold and yet cannot both be honest: two roots for one size, two events for one
    place of a case, or a later event of a case that does not follow on the earlier one. Code 20 if
    either receipt is invalid, 0 otherwise; 0 does not show that the two checkpoints are consistent,
    which needs a consistency proof.
    """
    one, two = verify_receipt(first, vkeys), verify_receipt(second, vkeys)
    for verdict in (one, two):
        if verdict.code == INVALID:
            return verdict
    if one.origin != two.origin:
        return _contradicts(None)
    if one.size is not None and one.size == two.size and one.root != two.root:
        return _contradicts(
            Said("同一存证在同一长度上签署了两个不同的根", "the log signed two roots for one size")
        )
    if one.index is not None and one.index == two.index and one.event_hash != two.event_hash:
        return _contradicts(
            Said("存证的同一位置上有两件不同的事", "the log has two events at one index")
        )
    return _contradicts(_broken_chain(one, two))


def _contradicts(said: Said | None) -> Verdict:
    if said is None:
        return Verdict(
            OK,
            proved=(Said("两份回执没有直接矛盾", "the two receipts do not contradict each other"),),
        )
    return Verdict(MISBEHAVIOUR, proved=(said,))


def _broken_chain(one: Verdict, two: Verdict) -> Said | None:
    case = one.fields.get("case_no")
    early, late = sorted((one, two), key=_place)
    if case is None or case != two.fields.get("case_no") or _place(early) == 0:
        return None
    step = _place(late) - _place(early)
    if step == 0 and early.event_hash != late.event_hash:
        return Said(
            "同一办理件的同一序号上有两件不同的事", "one case has two events with the same number"
        )
    if step == 1 and "prev" in late.fields and late.fields["prev"] != to_base64(early.event_hash):
        return Said(
            "后一件事没有接在前一件事之后：中间的历史被换过",
            "the later event does not follow on the earlier one: the history between them "
            "was exchanged",
        )
    return None


def _place(verdict: Verdict) -> int:
    place = verdict.fields.get("case_seq")
    return place if isinstance(place, int) else 0


def _same_instant(fields: Mapping[str, JsonValue], promised: datetime) -> None:
    opened = _recorded_at(fields)
    if opened is not None and opened != promised:
        raise RejectedError("the promise and the event name different times of recording")


def _recorded_at(fields: Mapping[str, JsonValue]) -> datetime | None:
    text = fields.get("recorded_at")
    return parse_instant(text) if isinstance(text, str) else None


def _signed(origin: str) -> Said:
    return Said(
        f"存证 {origin} 的承诺密钥签署了这一事件，打开的各项内容一字未改",
        f"the promise key of ledger {origin} signed this event; "
        "the opened fields are unaltered to the letter",
    )


def _included(head: Checkpoint, index: int) -> Said:
    return Said(
        f"这一事件是存证 {head.origin} 的第 {index} 号叶（共 {head.size} 叶），打开的各项内容一字未改；"
        "不改动已签署的检查点就不能删改它",
        f"this event is leaf {index} of {head.size} in ledger {head.origin}; "
        "the opened fields are unaltered to the "
        "letter, and it cannot be changed or removed without contradicting the signed checkpoint",
    )


def _seen_by(witnesses: tuple[str, ...]) -> tuple[Said, ...]:
    names = "、".join(witnesses), ", ".join(witnesses)
    if not witnesses:
        return ()
    return (
        Said(
            f"外部见证人 {names[0]} 见过同一个检查点",
            f"outside witnesses saw the same checkpoint: {names[1]}",
        ),
    )


def _unwitnessed(witnesses: tuple[str, ...]) -> tuple[Said, ...]:
    if witnesses:
        return ()
    return (
        Said(
            "没有外部见证人：掌握数据库和密钥的人可以另造一部历史，这份证明只能说服保存有更早回执的人",
            "no outside witness signed: whoever holds the database and the key could make "
            "another history, so this "
            "convinces only someone who kept an earlier receipt",
        ),
    )


def _limits(origin: str, hidden: int) -> tuple[Said, ...]:
    said = [
        Said(
            "不证明所写内容属实，只证明当时是这样记录的",
            "not that what is written is true, only that it was recorded so",
        )
    ]
    if hidden:
        said.append(
            Said(
                f"另有 {hidden} 项内容已被固定但未在此出示",
                f"{hidden} more fields are fixed but not shown here",
            )
        )
    if origin.startswith("practice."):
        said.append(
            Said(
                "这是演练存证，没有任何效力", "this is a practice ledger and has no force whatever"
            )
        )
    return tuple(said)


def _invalid(said: Said, error: RejectedError) -> Verdict:
    return Verdict(
        INVALID,
        not_proved=(
            Said(f"回执无效：{said.zh}（{error}）", f"invalid receipt: {said.en} ({error})"),
        ),
    )
