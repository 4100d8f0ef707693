"""Salted disclosures and manifests: what is written can be read, and nothing else can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.merkle.disclosure import (
    JsonValue,
    digest,
    disclose,
    entry_of,
    event_hash,
    manifest_of,
    open_event,
    read_disclosure,
    read_manifest,
)
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.strict_base64 import from_base64, to_base64, to_base64url
from dengwen.merkle.tree import leaf_hash

SALT = bytes(range(32))

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=10,
)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def disclosure_of(text: str) -> str:
    """A disclosure with JSON of our choice, to try what the writer would never write."""
    return to_base64url(text.encode())


def test_the_published_sd_jwt_digests(shared: Path) -> None:
    cases = json.loads((shared / "data/vectors/own/sdjwt_disclosures.json").read_text())["cases"]
    assert len(cases) == 3
    for case in cases:
        assert to_base64url(digest(case["disclosure"])) == case["sha256_b64url"]
        with pytest.raises(RejectedError):
            read_disclosure(case["disclosure"])  # their salts are 16 bytes or less, ours must be 32


def test_the_example_of_the_format_end_to_end(shared: Path) -> None:
    example = json.loads((shared / "data/vectors/own/xfl_v1_example.json").read_text())
    assert len(example["events"]) == 4
    for event in example["events"]:
        opened = [read_disclosure(text) for text in event["disclosures"]]
        assert {field.name: field.value for field in opened} == event["fields"]
        # Written again with the same salts, every byte is the same.
        assert [disclose(field.name, field.value, field.salt) for field in opened] == event[
            "disclosures"
        ]
        manifest = manifest_of(map(digest, event["disclosures"]))
        assert manifest.decode() == event["manifest"]
        hashed = event_hash(manifest)
        assert to_base64(hashed) == event["event_hash"]
        assert entry_of(hashed).hex() == event["entry_hex"]
        assert to_base64(leaf_hash(entry_of(hashed))) == event["leaf_hash"]
        assert open_event(manifest, event["disclosures"]) == event["fields"]


@given(name=names, value=values, salt=st.binary(min_size=32, max_size=32))
def test_what_is_disclosed_is_read_back(name: str, value: JsonValue, salt: bytes) -> None:
    field = read_disclosure(disclose(name, value, salt))
    assert (field.name, field.value, field.salt) == (name, value, salt)


@given(st.dictionaries(names, values, min_size=1, max_size=6))
def test_any_part_of_an_event_opens_alone(fields: dict[str, JsonValue]) -> None:
    texts = [
        disclose(name, value, bytes([at]) * 32) for at, (name, value) in enumerate(fields.items())
    ]
    manifest = manifest_of(map(digest, texts))
    assert open_event(manifest, texts) == fields
    assert open_event(manifest, texts[:1]) == dict(list(fields.items())[:1])
    assert read_manifest(manifest) == {digest(text) for text in texts}


@given(value=values, data=st.data())
def test_a_disclosure_with_a_changed_byte_is_rejected(
    value: JsonValue, data: st.DataObject
) -> None:
    text = disclose("field", value, SALT)
    manifest = manifest_of([digest(text)])
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(max_codepoint=255).filter(lambda char: char != text[at]))
    with pytest.raises(RejectedError):
        open_event(manifest, [text[:at] + other + text[at + 1 :]])


def test_the_same_value_under_another_salt_has_another_digest() -> None:
    assert digest(disclose("type", "register", SALT)) != digest(
        disclose("type", "register", b"\0" * 32)
    )


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, -(2**53), b"bytes", {1: "x"}, [0.1], {"a": {"b": 2.0}}, object()],
)
def test_values_that_machines_spell_differently_cannot_be_written(value: JsonValue) -> None:
    with pytest.raises(ValueError, match="field 'amount'"):
        disclose("amount", value, SALT)


def test_the_writer_refuses_short_salts_empty_names_and_broken_text() -> None:
    with pytest.raises(ValueError, match="salt"):
        disclose("type", "x", b"short")
    with pytest.raises(ValueError, match="name"):
        disclose("", "x", SALT)
    with pytest.raises(ValueError, match="surrogate"):
        disclose("type", "\ud800", SALT)
    with pytest.raises(ValueError, match="least one"):
        manifest_of([])
    with pytest.raises(ValueError, match="twice"):
        manifest_of([SALT, SALT])


SALT_TEXT = to_base64url(SALT)


@pytest.mark.parametrize(
    "text",
    [
        disclosure_of(f'["{SALT_TEXT}","type",1.0]'),
        disclosure_of(f'["{SALT_TEXT}","type",1e3]'),
        disclosure_of(f'["{SALT_TEXT}","type",NaN]'),
        disclosure_of(f'["{SALT_TEXT}","type",9007199254740992]'),
        disclosure_of(f'["{SALT_TEXT}","type",{{"a":1,"a":2}}]'),
        disclosure_of(f'["{SALT_TEXT}","type","\\ud800"]'),
        disclosure_of(f'["{SALT_TEXT}","",1]'),
        disclosure_of(f'["{SALT_TEXT}",7,1]'),
        disclosure_of(f'["{SALT_TEXT}","type"]'),
        disclosure_of(f'["{SALT_TEXT}","type",1,2]'),
        disclosure_of(f'{{"a":"{SALT_TEXT}"}}'),
        disclosure_of(f'["{to_base64url(b"x" * 31)}","type",1]'),
        disclosure_of(f'["{SALT_TEXT}=","type",1]'),
        disclosure_of('["' + "[" * 50000),
        disclosure_of("[" * 50000),
        disclosure_of("not json"),
        to_base64url(b"\xff\xfe"),
        disclosure_of(f'["{SALT_TEXT}","type",1]') + "=",
        disclosure_of(f'["{SALT_TEXT}","type",1]')[:-1],
        disclosure_of(f'["{SALT_TEXT}","type",1]') + "\n",
        "登闻",
        "",
    ],
)
def test_the_reader_refuses(text: str) -> None:
    with pytest.raises(RejectedError):
        read_disclosure(text)


def test_unused_bits_of_base64url_are_no_second_spelling() -> None:
    text = next(one for one in (disclose("n" * k, 1, SALT) for k in range(1, 4)) if len(one) % 4)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = text[:-1] + alphabet[alphabet.index(text[-1]) + 1]
    with pytest.raises(RejectedError, match="canonical"):
        read_disclosure(twin)


FIRST, SECOND = sorted([digest("a"), digest("b")])


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"xf-event/v1\n",
        b"xf-event/v2\n" + to_base64(FIRST).encode() + b"\n",
        b"xf-event/v1\n" + to_base64(FIRST).encode(),
        b"xf-event/v1\n" + f"{to_base64(SECOND)}\n{to_base64(FIRST)}\n".encode(),
        b"xf-event/v1\n" + f"{to_base64(FIRST)}\n{to_base64(FIRST)}\n".encode(),
        b"xf-event/v1\n" + f"{to_base64(FIRST)}\n\n".encode(),
        b"xf-event/v1\n" + f"{to_base64(FIRST[:31])}\n".encode(),
        b"xf-event/v1\n" + f" {to_base64(FIRST)}\n".encode(),
        b"xf-event/v1\n" + f"{to_base64(FIRST)}\r\n".encode(),
        b"xf-event/v1\n\xff\n",
    ],
)
def test_a_manifest_that_is_not_exactly_one_is_rejected(manifest: bytes) -> None:
    with pytest.raises(RejectedError):
        read_manifest(manifest)


def test_a_foreign_or_repeated_disclosure_is_rejected() -> None:
    mine, other = disclose("type", "register", SALT), disclose("type", "refuse", SALT)
    with pytest.raises(RejectedError, match="does not belong"):
        open_event(manifest_of([digest(mine)]), [other])
    with pytest.raises(RejectedError, match="twice"):
        open_event(manifest_of([digest(mine), digest(other)]), [mine, other])


def test_base64_has_one_spelling() -> None:
    assert from_base64(to_base64(b"abcd")) == b"abcd"
    for twin in ("YWJjZB==", "YWJjZA", "YWJjZA=", "YWJj\nZA==", "YWJjZA===", "YWJj ZA=="):
        with pytest.raises(RejectedError):
            from_base64(twin)
