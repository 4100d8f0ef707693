"""Sealed values open at their place and nowhere else."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dengwen.access.errors import SealError
from dengwen.access.keys import keyring, sealed_values
from dengwen.access.keys.sealed_values import COMPARTMENT_OF, Place, seal, unseal
from dengwen.access.models import CaseKey

from .conftest import NOW

PLACE = Place("cases_content", "7f0c", "name", "D2")


def test_wycheproof_vectors_of_aes_gcm(shared):
    """Every published vector with a 96-bit nonce behaves as its authors say."""
    groups = json.loads(
        (shared / "data/vectors/crypto/wycheproof_aes_gcm_test.json").read_text("utf-8")
    )["testGroups"]
    tried = {"valid": 0, "invalid": 0}
    for group in groups:
        if group["ivSize"] != 96 or group["tagSize"] != 128:
            continue
        for vector in group["tests"]:
            part = {
                name: bytes.fromhex(vector[name])
                for name in ("key", "iv", "aad", "msg", "ct", "tag")
            }
            sealed = part["ct"] + part["tag"]
            if vector["result"] == "valid":
                assert (
                    sealed_values.encrypt(part["key"], part["iv"], part["msg"], part["aad"])
                    == sealed
                )
                assert (
                    sealed_values.decrypt(part["key"], part["iv"], sealed, part["aad"])
                    == part["msg"]
                )
            else:
                with pytest.raises(InvalidTag):
                    sealed_values.decrypt(part["key"], part["iv"], sealed, part["aad"])
            tried[vector["result"]] += 1
    assert tried["valid"] > 80
    assert tried["invalid"] > 20


@pytest.mark.parametrize("size", [0, 8, 16])
def test_nonces_of_other_sizes_are_refused(size):
    with pytest.raises(ValueError, match="nonce"):
        sealed_values.encrypt(bytes(32), bytes(size), b"x", b"")


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain=st.binary(max_size=300), data_class=st.sampled_from(sorted(COMPARTMENT_OF)))
def test_whatever_is_sealed_opens_at_its_place(ring, plain, data_class):
    place = replace(PLACE, data_class=data_class)
    sealed = seal(ring, 1, place, plain, NOW)
    assert unseal(ring, 1, place, sealed) == plain
    assert len(sealed) == 1 + 4 + 12 + len(plain) + 16


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moved",
    [
        {"table": "cases_party"},
        {"row": "7f0d"},
        {"column": "phone"},
        {"version": 2},
        {"data_class": "D3"},
        {"data_class": "D4"},
    ],
)
def test_a_moved_value_does_not_open(ring, moved):
    sealed = seal(ring, 1, PLACE, "王示例".encode(), NOW)
    for data_class in COMPARTMENT_OF:
        seal(
            ring, 1, replace(PLACE, data_class=data_class), b"", NOW
        )  # so that every compartment has its key
    with pytest.raises(SealError) as error:
        unseal(ring, 1, replace(PLACE, **moved), sealed)
    assert error.value.code == "broken"


@pytest.mark.django_db
def test_another_case_or_another_installation_cannot_open_it(ring, tmp_path):
    sealed = seal(ring, 1, PLACE, b"secret", NOW)
    seal(ring, 2, PLACE, b"other", NOW)
    with pytest.raises(SealError):
        unseal(ring, 2, PLACE, sealed)
    with pytest.raises(SealError) as error:
        unseal(keyring.create(tmp_path / "other"), 1, PLACE, sealed)
    assert error.value.code == "wrong_key"


@pytest.mark.django_db
def test_a_wrapped_key_moved_to_another_case_is_worth_nothing(ring):
    sealed = seal(ring, 1, PLACE, b"secret", NOW)
    seal(ring, 2, PLACE, b"other", NOW)
    CaseKey.objects.filter(case_id=2).update(wrapped=CaseKey.objects.get(case_id=1).wrapped)
    with pytest.raises(SealError) as error:
        unseal(ring, 2, PLACE, sealed)
    assert error.value.code == "wrong_key"


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_byte_is_noticed(ring, data):
    sealed = bytearray(seal(ring, 1, PLACE, "诉求内容".encode(), NOW))
    index = data.draw(st.integers(0, len(sealed) - 1))
    sealed[index] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealError):
        unseal(ring, 1, PLACE, bytes(sealed))


@pytest.mark.django_db
def test_the_same_text_never_looks_the_same(ring):
    assert seal(ring, 1, PLACE, b"same", NOW) != seal(ring, 1, PLACE, b"same", NOW)


@pytest.mark.django_db
def test_neither_text_nor_key_lies_in_the_database(ring):
    seal(ring, 1, PLACE, b"plain words", NOW)
    row = CaseKey.objects.get()
    assert row.compartment == "ident"
    assert all(key not in bytes(row.wrapped) for key in ring.keks.values())
    assert "kek" not in repr(ring)
    assert all(key.hex() not in repr(ring) for key in ring.keks.values())


@pytest.mark.django_db
def test_a_destroyed_key_takes_the_content_with_it(ring):
    sealed = seal(ring, 1, PLACE, b"gone", NOW)
    kept = seal(ring, 1, replace(PLACE, data_class="D3"), b"kept", NOW)
    assert sealed_values.destroy(1, "ident", act=9, now=NOW) == 1
    with pytest.raises(SealError) as error:
        unseal(ring, 1, PLACE, sealed)
    assert error.value.code == "erased"
    assert unseal(ring, 1, replace(PLACE, data_class="D3"), kept) == b"kept"
    with pytest.raises(SealError):
        seal(ring, 1, PLACE, b"again", NOW)
    row = CaseKey.objects.get(compartment="ident")
    assert (bytes(row.wrapped), row.destroy_act) == (b"", 9)


@pytest.mark.django_db
def test_a_new_key_for_new_texts_leaves_old_ones_readable(ring):
    old = seal(ring, 1, PLACE, b"old", NOW)
    assert sealed_values.renew(ring, 1, "ident", NOW).version == 2
    new = seal(ring, 1, PLACE, b"new", NOW)
    assert (unseal(ring, 1, PLACE, old), unseal(ring, 1, PLACE, new)) == (b"old", b"new")
    assert old[1:5] != new[1:5]


@pytest.mark.django_db
def test_turning_the_outer_key_wraps_anew_and_changes_no_text(ring, folder):
    sealed = seal(ring, 1, PLACE, b"text", NOW)
    before = bytes(CaseKey.objects.get().wrapped)
    turned = keyring.add_generation(folder, "ident")
    assert sealed_values.rewrap(turned) == 1
    assert sealed_values.rewrap(turned) == 0
    assert bytes(CaseKey.objects.get().wrapped) != before
    assert unseal(turned, 1, PLACE, sealed) == b"text"
    with pytest.raises(SealError) as error:
        unseal(ring, 1, PLACE, sealed)  # a process that has not read the new key yet
    assert error.value.code == "no_key"


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [("a|b", "r", "c"), ("t", "r|", "c"), ("t", "r", "|c"), ("", "r", "c"), ("t", "", "c")],
)
def test_a_place_must_be_unambiguous(table, row, column):
    with pytest.raises(ValueError, match="ambiguous"):
        Place(table, row, column, "D2").aad("tenant")


@pytest.mark.parametrize("data_class", ["D0", "D1", "D6", "D8", "D10"])
def test_classes_that_are_not_sealed_are_refused(data_class):
    with pytest.raises(ValueError, match="not sealed"):
        _ = replace(PLACE, data_class=data_class).compartment


def test_key_files_are_the_owners_to_read_and_are_never_overwritten(ring, folder):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o400}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list(folder.iterdir())) == 8
    with pytest.raises(SealError) as error:
        keyring.create(folder)
    assert error.value.code == "keys_exist"
    assert keyring.load(folder) == ring


def test_a_key_file_open_to_others_or_damaged_is_refused(ring, folder):
    path = folder / "kek-accuse-1"
    path.chmod(0o440)
    with pytest.raises(SealError) as error:
        keyring.load(folder)
    assert error.value.code == "open_to_others"
    path.chmod(0o600)
    path.write_text("abc\n")
    path.chmod(0o400)
    with pytest.raises(SealError) as error:
        keyring.load(folder)
    assert error.value.code == "malformed"
    path.unlink()
    with pytest.raises(SealError) as error:
        keyring.load(folder)
    assert error.value.code == "no_key"
    assert all(error.value.as_dict().values())
