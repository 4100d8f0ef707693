"""A receipt speaks for itself, and a changed one says nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.merkle import ed25519
from dengwen.merkle.checkpoint import Checkpoint
from dengwen.merkle.disclosure import JsonValue, digest, disclose, entry_of, manifest_of
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.instant import format_instant, parse_instant, to_millisecond
from dengwen.merkle.note import COSIGNATURE, SignerKey, VerifierKey, sign_note
from dengwen.merkle.opened_values import Opening
from dengwen.merkle.promise import Promise
from dengwen.merkle.receipt import (
    INVALID,
    MISBEHAVIOUR,
    NOT_YET,
    OK,
    Receipt,
    compare_receipts,
    promise_receipt,
    proof_receipt,
    verify_receipt,
)
from dengwen.merkle.strict_base64 import to_base64
from dengwen.merkle.tree import Leaves, inclusion_proof, leaf_hash, root_of

ORIGIN = "xf.example.gov.cn/2026"
LOG = SignerKey.of(ORIGIN, sha256(b"log key for tests").digest())
PROMISE = SignerKey.of(f"{ORIGIN}/promise", sha256(b"promise key for tests").digest())
KEYS = [LOG.public, PROMISE.public]
AT = datetime(2026, 11, 24, 1, 30, 0, 125000, tzinfo=UTC)


def an_opening(
    seq: int = 1, prev: bytes = bytes(32), show: int | None = None, **more: JsonValue
) -> Opening:
    """An event of an invented case; `show` of its fields opened."""
    fields: dict[str, JsonValue] = {
        "type": "register",
        "case_no": "XF-0001",
        "case_seq": seq,
        "prev": to_base64(prev),
        "recorded_at": format_instant(AT),
        "claimant": "王示例",
        **more,
    }
    texts = [
        disclose(name, value, sha256(f"{seq}{name}{value}".encode()).digest())
        for name, value in fields.items()
    ]
    return Opening(manifest_of(map(digest, texts)), tuple(texts[:show]))


def promised(opening: Opening, **change: object) -> str:
    """A stage-one receipt."""
    promise = Promise(ORIGIN, opening.event_hash(), AT, AT + timedelta(hours=24))
    return promise_receipt(replace(promise, **change).sign(PROMISE), opening)  # type: ignore[arg-type]


def proved(opening: Opening, index: int = 3, size: int = 9, signer: SignerKey = LOG) -> str:
    """A stage-two receipt in a tree whose other leaves are strangers."""
    leaves = [leaf_hash(f"stranger {number}".encode()) for number in range(size)]
    leaves[index] = leaf_hash(entry_of(opening.event_hash()))
    note = sign_note(Checkpoint(ORIGIN, size, root_of(leaves)).body(), signer)
    return proof_receipt(
        index=index,
        hashes=inclusion_proof(index, size, Leaves(leaves)),
        checkpoint=note,
        opening=opening,
    )


@pytest.mark.doc("ledger.md#5")
def test_the_example_receipt_of_the_format_holds_with_two_witnesses(shared: Path) -> None:
    example = json.loads((shared / "data/vectors/own/xfl_v1_example.json").read_text())
    verdict = verify_receipt(example["receipt_event_3"], list(example["vkeys"].values()))
    assert (verdict.code, verdict.index, verdict.size) == (OK, 3, 8)
    assert verdict.witnesses == ("witness.jw.example/w1", "witness.rd.example/w2")
    assert verdict.fields["case_no"] == "XF-7Q2M-K8D4"
    assert verdict.hidden == 4
    for event in example["events"]:
        opening = Opening(event["manifest"].encode(), tuple(event["disclosures"]))
        first = verify_receipt(
            promise_receipt(event["promise"], opening), list(example["vkeys"].values())
        )
        assert first.code == NOT_YET
        assert first.merge_by == parse_instant(event["fields"]["recorded_at"]) + timedelta(hours=24)
    # The promise of the example is written again byte for byte.
    again = Promise.open(
        example["events"][0]["promise"], [VerifierKey.parse(example["vkeys"]["promise"])]
    )
    seed = sha256(b"xf test key promise").digest()
    assert (
        again.sign(SignerKey.of(f"{again.origin}/promise", seed)) == example["events"][0]["promise"]
    )


def test_a_promise_is_good_and_not_yet_a_proof() -> None:
    verdict = verify_receipt(promised(an_opening(show=4)), KEYS)
    assert (verdict.code, verdict.stage, verdict.origin) == (NOT_YET, "promise", ORIGIN)
    assert verdict.recorded_at == AT
    assert verdict.hidden == 2
    assert "claimant" not in verdict.fields
    assert any("尚未证明" in said.zh for said in verdict.not_proved)
    assert any("属实" in said.zh for said in verdict.not_proved)


def test_a_proof_without_witness_says_whom_it_does_not_convince() -> None:
    verdict = verify_receipt(proved(an_opening()), KEYS)
    assert (verdict.code, verdict.stage, verdict.hidden) == (OK, "proof", 0)
    assert any(
        "没有外部见证人" in said.zh and "earlier receipt" in said.en for said in verdict.not_proved
    )


def test_a_practice_receipt_says_that_it_has_no_force() -> None:
    origin = "practice.example/2026"
    signer = SignerKey.of(f"{origin}/promise", sha256(b"practice").digest())
    opening = an_opening()
    note = Promise(origin, opening.event_hash(), AT, AT).sign(signer)
    verdict = verify_receipt(promise_receipt(note, opening), [signer.public])
    assert any("演练" in said.zh for said in verdict.not_proved)


@given(data=st.data(), stage=st.sampled_from(["promise", "proof"]))
def test_a_receipt_with_any_byte_changed_is_invalid(data: st.DataObject, stage: str) -> None:
    text = promised(an_opening(show=3)) if stage == "promise" else proved(an_opening(show=3))
    raw = text.encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = bytes([data.draw(st.integers(0, 255).filter(lambda one: one != raw[at]))])
    kind = data.draw(st.sampled_from(["other", "gone", "more"]))
    bent = {
        "other": raw[:at] + byte + raw[at + 1 :],
        "gone": raw[:at] + raw[at + 1 :],
        "more": raw[:at] + byte + raw[at:],
    }[kind]
    verdict = verify_receipt(bent.decode("utf-8", "surrogateescape"), KEYS)
    assert verdict.code == INVALID
    assert not verdict.proved
    assert verdict.not_proved[0].zh.startswith("回执无效")


def test_a_receipt_cut_short_anywhere_is_invalid() -> None:
    for text in (promised(an_opening()), proved(an_opening())):
        for end in range(0, len(text), 7):
            assert verify_receipt(text[:end], KEYS).code == INVALID


def test_keys_are_not_interchangeable() -> None:
    opening = an_opening()
    imposter = SignerKey.of(f"{ORIGIN}/promise", sha256(b"log key for tests").digest())
    assert verify_receipt(proved(opening, signer=imposter), [imposter.public]).code == INVALID
    assert verify_receipt(proved(opening, signer=PROMISE), KEYS).code == INVALID
    assert verify_receipt(promised(opening), [LOG.public]).code == INVALID
    with pytest.raises(ValueError, match="does not promise"):
        Promise(ORIGIN, opening.event_hash(), AT, AT).sign(LOG)


def test_a_checkpoint_without_the_signature_of_its_own_log_proves_nothing() -> None:
    """A witness cosigns what the log signed; its line alone, even under the name of the log, is
    no head of the log."""
    opening = an_opening()
    leaves = [leaf_hash(entry_of(opening.event_hash()))]
    text = Checkpoint(ORIGIN, 1, root_of(leaves)).body()
    seed = sha256(b"witness key for tests").digest()
    for name in (ORIGIN, "witness.example"):
        key = VerifierKey.of(name, COSIGNATURE, ed25519.public_key_of(seed))
        line = cosigned(text, name, key, seed)
        for note, code in ((f"{text}\n{line}", INVALID), (sign_note(text, LOG) + line, OK)):
            paper = proof_receipt(index=0, hashes=(), checkpoint=note, opening=opening)
            assert verify_receipt(paper, [*KEYS, key]).code == code


def cosigned(text: str, name: str, key: VerifierKey, seed: bytes) -> str:
    """Return the line of a witness over a note text (C2SP tlog-cosignature)."""
    message = f"cosignature/v1\ntime 1764000000\n{text}".encode()
    raw = key.key_id + (1764000000).to_bytes(8, "big") + ed25519.load_private(seed).sign(message)
    return f"— {name} {to_base64(raw)}\n"


def test_a_promise_of_another_known_key_promises_nothing() -> None:
    opening = an_opening()
    text = (
        Promise(ORIGIN, opening.event_hash(), AT, AT + timedelta(hours=24))
        .sign(PROMISE)
        .split("\n\n")[0]
        + "\n"
    )
    other = SignerKey.of("other.example", sha256(b"another key for tests").digest())
    for signer in (LOG, other):
        with pytest.raises(RejectedError, match="not signed by the promise key"):
            Promise.open(sign_note(text, signer), [*KEYS, other.public])
    assert Promise.open(sign_note(text, PROMISE, other), [*KEYS, other.public]).origin == ORIGIN


def test_a_promise_about_another_event_or_another_time_is_invalid() -> None:
    assert verify_receipt(promised(an_opening(), event_hash=bytes(32)), KEYS).code == INVALID
    assert (
        verify_receipt(promised(an_opening(), recorded_at=AT - timedelta(days=3)), KEYS).code
        == INVALID
    )


def test_a_bad_key_of_the_caller_is_an_error_and_not_a_verdict() -> None:
    with pytest.raises(RejectedError):
        verify_receipt(promised(an_opening()), ["nonsense"])


def test_two_receipts_that_cannot_both_be_honest() -> None:
    first = an_opening(1)
    second = an_opening(2, first.event_hash())
    other_first = an_opening(1, claimant="李样本")
    unchained = an_opening(2, bytes(32))
    same_case = [(promised(first), promised(second)), (promised(second), proved(first))]
    assert [compare_receipts(*pair, KEYS).code for pair in same_case] == [OK, OK]
    two_events_one_place = compare_receipts(promised(first), promised(other_first), KEYS)
    broken_chain = compare_receipts(promised(first), promised(unchained), KEYS)
    two_roots = compare_receipts(
        proved(first, 3, 9), proved(an_opening(1, case_no="XF-0002"), 4, 9), KEYS
    )
    one_index = compare_receipts(
        proved(first, 3, 9), proved(an_opening(1, case_no="XF-0002"), 3, 8), KEYS
    )
    for verdict in (two_events_one_place, broken_chain, two_roots, one_index):
        assert verdict.code == MISBEHAVIOUR
        assert verdict.proved
    assert compare_receipts(promised(first), "nonsense", KEYS).code == INVALID


def test_an_opening_has_one_spelling() -> None:
    opening = an_opening()
    data = opening.encode()
    assert Opening.decode(data) == opening
    for bent in (
        data + b" ",
        data.replace(b": ", b":"),
        b"[]",
        b"{}",
        b"\xff",
        b"null",
        data.replace(b"manifest", b"Manifest"),
    ):
        with pytest.raises(RejectedError):
            Opening.decode(bent)
    assert Receipt.parse(promised(opening)).opening == opening


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_an_instant_is_written_and_read_back_to_the_millisecond(instant: datetime) -> None:
    cut = to_millisecond(instant)
    assert parse_instant(format_instant(cut)) == cut
    if cut != instant:
        with pytest.raises(ValueError, match="millisecond"):
            format_instant(instant)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T01:30:00Z",
        "2026-11-24T01:30:00.000+00:00",
        "2026-02-30T01:30:00.000Z",
        "2026-11-24 01:30:00.000Z",
        "2026-11-24T01:30:00.000z",
        "２026-11-24T01:30:00.000Z",
        "2026-11-24T24:00:00.000Z",
        "",
    ],
)
def test_other_spellings_of_an_instant_are_rejected(text: str) -> None:
    with pytest.raises(RejectedError):
        parse_instant(text)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_millisecond(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_a_promise_has_five_lines_and_ends_after_it_began() -> None:
    body = Promise(ORIGIN, bytes(32), AT, AT).body()
    assert Promise.parse(body).event_hash == bytes(32)
    late = Promise(ORIGIN, bytes(32), AT, AT - timedelta(hours=1)).body()
    for bent in (
        late,
        body + "more\n",
        body[:-1],
        body.replace("xf-promise/v1", "xf-promise/v2"),
        "",
    ):
        with pytest.raises(RejectedError):
            Promise.parse(bent)
