"""The number everyone sees and the serial auditors count by.

Number: office code, year, nine random digits, check digit. It says nothing about how many cases
there are, so it can stand in addresses and on paper (access model, 4.4 point 4). Serial: gapless
per office and year, taken in the same transaction (`write.record`) and bound in the ledger.
"""

from __future__ import annotations

import re

from dengwen.access.keys.randomness import digits

RANDOM_DIGITS = 9
_SHAPE = re.compile(r"([A-Z0-9]{2,20})-([0-9]{4})-([0-9]{9})-([0-9])")


def check_digit(text: str) -> str:
    """Return the ISO 7064 MOD 11,10 check digit over the digits and letters of `text` (letters
    by their place)."""
    remainder = 10
    for char in text:
        value = int(char) if char.isdigit() else ord(char) - ord("A") + 1
        remainder = (remainder + value) % 10 or 10
        remainder = remainder * 2 % 11
    return str((11 - remainder) % 10)


def make_number(office: str, year: int, random_digits: str) -> str:
    """Put a case number together: YJ01-2026-483907215-0."""
    return f"{office}-{year}-{random_digits}-{check_digit(f'{office}{year}{random_digits}')}"


def read_number(text: str) -> str:
    """Return a number as typed by a person (spaces, small letters, full-width forms) in its one
    form.

    Raises ValueError in both languages when its shape or its check digit is wrong.
    """
    wide = {ord("－"): "-", ord("—"): "-", ord("–"): "-", ord("　"): " "} | {
        0xFF10 + n: str(n) for n in range(10)
    }
    number = text.translate(wide).strip().upper().replace(" ", "")
    found = _SHAPE.fullmatch(number)
    if not found:
        raise ValueError(
            f"“{text[:40]}”不是登记编号，编号形如 YJ01-2026-483907215-0 / not a number; "
            "it reads like YJ01-2026-483907215-0"
        )
    if check_digit("".join(found.groups()[:3])) != found[4]:
        raise ValueError(
            f"编号“{number}”的校验位不对，请核对有无抄错 / the check digit of {number} is wrong: please "
            "compare it with your receipt"
        )
    return number


def free_number(office: str, year: int) -> str:
    """Return a number drawn at random. Nine digits and few cases: one in use is rare, and its
    table refuses it."""
    return make_number(office, year, digits(RANDOM_DIGITS))
