"""Draw the sample of an inspection again from what was published: the plan, the note of the
checkpoint, the secret.

    python redraw.py plan.json checkpoint.txt SECRET   the secret itself, or the file that holds it
    python redraw.py secret                            make a secret and its digest, on a computer
    of one's own

Needs Python 3.9 or later and nothing else: no network, no database, no program of the office. It
prints the digest of
the plan, the seed, and the labels drawn in each stratum in their order; the visit pack shows the
label of each case.
It does not say whether the checkpoint was the first after the plan: ask for the proof of inclusion
of the plan.
The rules of the draw stand in docs/why/chapters/inspection.en.md.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
from pathlib import Path

DOMAIN = b"dengwen-draw/1\x00"


def sha256(data: bytes) -> bytes:
    """Return the digest as 32 bytes."""
    return hashlib.sha256(data).digest()


def root_of(note: str) -> bytes:
    """Return the root in the third line of a checkpoint."""
    lines = note.split("\n")
    root = base64.b64decode(lines[2], validate=True) if len(lines) > 3 else b""
    if len(root) != 32:
        raise SystemExit("the note is no checkpoint: its third line is no root of 32 bytes")
    return root


def sample(seed: bytes, name: str, population: list[str], size: int) -> list[str]:
    """Draw a stratum: the sorted population, exchanged place by place with numbers that are
    thrown away if too big."""
    units = sorted(population, key=lambda unit: unit.encode("utf-8"))
    head, counter = DOMAIN + seed + sha256(name.encode("utf-8")), 0
    for place in range(size):
        left = len(units) - place
        mask = (1 << (left - 1).bit_length()) - 1
        while True:
            number = int.from_bytes(sha256(head + counter.to_bytes(8, "big"))[:8], "big") & mask
            counter += 1
            if number < left:
                break
        units[place], units[place + number] = units[place + number], units[place]
    return units[:size]


def main(arguments: list[str]) -> None:
    """Read the three things and print the sample as JSON; or make a secret and print it with its
    digest."""
    if arguments == ["secret"]:
        fresh = secrets.token_bytes(32)
        print(f"secret (keep it): {fresh.hex()}\ndigest (deposit it): {sha256(fresh).hex()}")
        return
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    raw = Path(arguments[0]).read_bytes()
    root = root_of(Path(arguments[1]).read_text(encoding="utf-8"))
    plan = json.loads(raw)
    secret = secret_of(arguments[2])
    if sha256(secret).hex() != plan["secret_digest"]:
        raise SystemExit("the secret is not the one whose digest the plan names")
    seed = sha256(sha256(raw) + root + secret)
    drawn = {s["name"]: sample(seed, s["name"], s["population"], s["size"]) for s in plan["strata"]}
    shown = {"plan": sha256(raw).hex(), "root": root.hex(), "seed": seed.hex(), "sample": drawn}
    print(json.dumps(shown, ensure_ascii=False, indent=1))


def secret_of(given: str) -> bytes:
    """Return the secret, given itself or as the name of the file that holds it."""
    file = Path(given)
    return bytes.fromhex(file.read_text(encoding="ascii") if file.is_file() else given)


if __name__ == "__main__":
    main(sys.argv[1:])
