"""Look-alikes (疑似同一事项): other petitions about the same matter are suggested.

A person links them, nothing is merged. A text is cut into overlapping pieces of three characters;
each piece becomes a keyed 32-bit digest. A petition keeps the smallest digests (a bottom-k sketch,
from which containment is estimated) and enters the index with the smallest digest of each of `BINS`
bins (one-permutation MinHash), so a look-up reads a few index ranges, and no text is opened. There
is no row for an accusation, and nothing here knows persons: matters, places and days only (design
1.9).
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import KeyRing, key_ring
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import among
from dengwen.cases.write.call_context import call_of
from dengwen.cases.write.record import ACCUSED
from dengwen.law.duties.step import Facts, Step
from dengwen.petitions.models import Member, Petitioner, Sketch, SketchKey

PIECE = 3
KEPT = 256
"""Digests a sketch keeps: more say more about long texts; 256 hold nearly all of a usual message
(about 290)."""
BINS = 16
CANDIDATES = 60
"""How many sketches of a look-up are compared: those that share most bins with the text."""
THRESHOLD = 0.15
"""Least similarity of a suggestion; `tests/petitions/test_lookalikes.py` tunes and checks it on
real messages."""
SAME_FACTS = 0.30
"""Least similarity for "same person and same facts": the names must agree as well, so it asks for a
true likeness."""
MOST_OWN = 200
"""How many matters of one person are compared: more than anybody has, a bound for what shares a
name by chance."""
BONUS = 0.05
"""What the same place, or a day that both name, adds; it orders suggestions and never makes one by
itself."""
SHORTEST_PHRASE = 5
MOST_PHRASES = 3
_INSERT_KEYS = "INSERT INTO petitions_sketchkey (sketch_id, key) VALUES"
_PRIME = (1 << 61) - 1
_DIGEST_BITS = 32
_DAY = re.compile(r"(?:(\d{4})\s*[年\-/.])?\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?(?!\d)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A petition that may be about the same matter: its case, how alike (0–1), and why, in both
    languages.

    `phrases` are words of the *asked* text that the other one shares; the other text is never
    opened.
    """

    case_id: int
    number: str
    score: float
    same_place: bool
    same_days: bool
    phrases: tuple[str, ...]

    @property
    def why(self) -> tuple[str, str]:
        """The reasons as a pair zh, en."""
        zh, en = [], []
        if self.phrases:
            zh.append("相同语句：" + "、".join(f"“{p}”" for p in self.phrases))
            en.append("shared words: " + ", ".join(f"“{p}”" for p in self.phrases))
        if self.same_place:
            zh.append("同一属地")
            en.append("same place")
        if self.same_days:
            zh.append("提到同一日期")
            en.append("a date both name")
        return "；".join(zh) or "内容相近", "; ".join(en) or "similar content"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as its keyed digests: the number of distinct pieces, the kept ones in order, and the
    days it names."""

    count: int
    kept: tuple[int, ...]
    days: tuple[int, ...]


_Row = tuple[int, str, str, int, bytes | memoryview, bytes | memoryview]
"""What is read of a sketch: case, number, place, count of pieces, digests, days."""


def suggest(
    text: str,
    *,
    day: date,
    place: str = "",
    viewer_filter: QuerySet[Case] | None = None,
    limit: int = 5,
    exclude: int = 0,
) -> list[Suggestion]:
    """Return the petitions received by `day` that look like `text`, the most alike first, at most
    `limit`.

    `viewer_filter` is what the reader may see (`wall.for_user`); every door passes it, and only the
    system itself and measurements leave it out. Protected cases are never found. `exclude` is the
    case the text belongs to.
    """
    found = pieces_of(text, key_ring())
    if not found.count:
        return []
    return _most_alike(text, found, _candidates(found, day, viewer_filter, exclude), place)[:limit]


def _most_alike(text: str, found: Pieces, rows: Iterable[_Row], place: str) -> list[Suggestion]:
    """Return the sketches that are alike enough, the most alike first."""
    suggestions = []
    for case_id, number, where, count, body, days in rows:
        other = Pieces(count, unpack(body), unpack(days))
        alike = containment(found, other)
        if alike < THRESHOLD:
            continue
        same_place = bool(place) and place == where
        same_days = not set(found.days).isdisjoint(other.days)
        suggestions.append(
            Suggestion(
                case_id,
                number,
                round(_score(alike, same_place=same_place, same_days=same_days), 3),
                same_place,
                same_days,
                _phrases(text, set(other.kept), key_ring()),
            )
        )
    return sorted(suggestions, key=lambda s: (-s.score, -s.case_id))


def _score(alike: float, *, same_place: bool, same_days: bool) -> float:
    """Return the order of a suggestion: its likeness, with what the same place and day add."""
    bonuses = [same for same in (same_place, same_days) if same]
    return min(1.0, alike + BONUS * len(bonuses))


def _candidates(
    found: Pieces, day: date, visible: QuerySet[Case] | None, exclude: int
) -> list[_Row]:
    """Return the sketches that share most bins with a text: one pass over the index, then those
    rows by id."""
    hits = SketchKey.objects.filter(
        key__in=keys_of(found.kept), sketch__case__protected=False, sketch__received_on__lte=day
    )
    if visible is not None:
        hits = hits.filter(among(visible, "sketch__case_id"))
    ranked = hits.exclude(sketch__case_id=exclude).values("sketch_id").annotate(shared=Count("pk"))
    best = [row["sketch_id"] for row in ranked.order_by("-shared", "-sketch_id")[:CANDIDATES]]
    return _rows(Sketch.objects.filter(pk__in=best))


def _rows(sketches: QuerySet[Sketch]) -> list[_Row]:
    """Return what is compared of these sketches."""
    return list(
        sketches.values_list("case_id", "case__number", "case__place", "pieces", "body", "days")
    )


def same_person_same_matter(
    name: str,
    phone: str,
    text: str,
    *,
    day: date,
    viewer_filter: QuerySet[Case] | None = None,
    limit: int = 5,
    exclude: int = 0,
) -> list[Suggestion]:
    """Return running or past petitions of the same person about the same facts, for a person to
    judge (重复件).

    Both must agree: the look-up indexes of name and telephone (the telephone only where both gave
    one), and the text. Of a joint petition one common member suffices. Who has asked how often is
    never counted; no identity is opened. The few matters of one person are all compared, newest
    first, without the index: that a sentence and a long letter share a digest of a bin is likely,
    not certain.
    """
    ring = key_ring()
    cases = _cases_of(name, phone, ring)
    if cases is None:
        return []
    if viewer_filter is not None:
        cases = cases.filter(among(viewer_filter, "pk"))
    own = Sketch.objects.filter(
        case__in=cases.values("pk"), case__protected=False, received_on__lte=day
    )
    newest = own.exclude(case_id=exclude).order_by("-pk")[:MOST_OWN]
    alike = _most_alike(text, pieces_of(text, ring), _rows(newest), "")
    return [found for found in alike if found.score >= SAME_FACTS][:limit]


def _cases_of(name: str, phone: str, ring: KeyRing) -> QuerySet[Case] | None:
    """Return the cases in which somebody may stand by the indexes of name and telephone; None
    without a name.

    With an agent or a guardian the principal counts; an heir who goes on is the person the matter
    is of.
    """
    wanted = blind_index(ring, "name", name)
    if not wanted:
        return None
    known = Q(name_index=wanted)
    given = blind_index(ring, "phone", phone)
    if given:
        known &= Q(phone_index__in=(given, ""))
    people = Petitioner.objects.filter(known, role__in=("petitioner", "heir"))
    members = Member.objects.filter(known)
    return Case.objects.filter(
        Q(pk__in=people.values("case_id")) | Q(pk__in=members.values("case_id"))
    )


# --- the index ------------------------------------------------------------------------------------
def enter(step: Step, facts: Facts, received_on: date) -> None:
    """Enter a matter just registered into the index, in its transaction; an accusation is left out.

    Two statements and about a third of a millisecond for a usual message.
    """
    if any(party.role in ACCUSED for party in step.parties):
        return
    found = pieces_of(
        f"{step.texts.get('subject', '')}\n{step.texts.get('content', '')}", key_ring()
    )
    if not found.count:
        return
    sketch = Sketch(
        case_id=facts.case_id,
        received_on=received_on,
        pieces=found.count,
        body=pack(found.kept),
        days=pack(found.days),
    )
    unit = call_of(facts).unit
    unit.add_numbered(sketch)
    # By hand, since every registration pays for it: one statement, and none of the objects of a
    # bulk insert.
    row = int(sketch.pk)
    unit.add_lines(_INSERT_KEYS, [(row, key) for key in keys_of(found.kept)])


def leave(case_id: int) -> None:
    """Take a matter out of the index: it proved to be an accusation."""
    # The number first: joined into the DELETE, a database without fresh statistics reads the whole
    # index each time.
    for sketch in Sketch.objects.filter(case_id=case_id).values_list("pk", flat=True):
        SketchKey.objects.filter(sketch_id=sketch).delete()
        Sketch.objects.filter(pk=sketch).delete()


# --- texts to digests -----------------------------------------------------------------------------
def plain(text: str) -> str:
    """Return the letters and digits of a text in one form: what spaces, punctuation and full-width
    forms hide."""
    folded = unicodedata.normalize("NFKC", text.replace("_x000D_", "")).casefold()
    return "".join(filter(str.isalnum, folded))


def pieces_of(text: str, ring: KeyRing) -> Pieces:
    """Return a text as keyed digests. The empty text has no pieces; a shorter one than three
    characters has one."""
    first, second, third, fourth = _secrets(ring)
    codes = list(map(ord, plain(text)))
    if not codes:
        return Pieces(0, (), ())
    codes += [0] * (PIECE - len(codes))
    distinct = set(zip(codes, codes[1:], codes[2:], strict=False))
    shift = 61 - _DIGEST_BITS
    digests = sorted(
        {(a * first + b * second + c * third + fourth) % _PRIME >> shift for a, b, c in distinct}
    )
    return Pieces(len(distinct), tuple(digests[:KEPT]), _days(text, ring))


@lru_cache(maxsize=4)
def _secret_numbers(seed: str) -> tuple[int, int, int, int]:
    """Return the coefficients that follow from a secret seed."""
    numbers = [int(seed[n : n + 15], 16) % _PRIME for n in range(0, 60, 15)]
    return numbers[0] | 1, numbers[1] | 1, numbers[2] | 1, numbers[3]


def _secrets(ring: KeyRing) -> tuple[int, int, int, int]:
    """Return the secret coefficients of the digest (a universal hash): without the key file it says
    little."""
    return _secret_numbers(ring.digest("index", "lookalikes"))


def _days(text: str, ring: KeyRing) -> tuple[int, ...]:
    """Return keyed digests of the days a text names: month and day, with the year where it says
    one."""
    first, second, third, fourth = _secrets(ring)
    found = set()
    for year, month, day in _DAY.findall(text):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            value = (
                int(year or 0) * first + int(month) * second + int(day) * third + fourth
            ) % _PRIME
            found.add(value >> (61 - _DIGEST_BITS))
    return tuple(sorted(found)[:KEPT])


def keys_of(kept: Iterable[int]) -> list[int]:
    """Return the index keys of a sketch: the smallest digest of each bin (digests come in ascending
    order)."""
    smallest: dict[int, int] = {}
    for digest in kept:
        smallest.setdefault(digest % BINS, digest)
    return list(smallest.values())


def containment(one: Pieces, other: Pieces) -> float:
    """Estimate how much of the shorter text's pieces the longer one has, 0 to 1, from two bottom-k
    sketches.

    Below the smaller of the two last kept digests both sketches are complete, so what lies there is
    a fair sample.
    """
    if not one.kept or not other.kept:
        return 0.0
    ends = [p.kept[-1] for p in (one, other) if len(p.kept) < p.count]
    mine, theirs = set(one.kept), set(other.kept)
    if ends:
        end = min(ends)
        mine, theirs = {d for d in mine if d <= end}, {d for d in theirs if d <= end}
    smaller = min(len(mine), len(theirs))
    return len(mine & theirs) / smaller if smaller else 0.0


def _phrases(text: str, theirs: set[int], ring: KeyRing) -> tuple[str, ...]:
    """Return the longest runs of the asked text whose pieces the other sketch has as well."""
    letters = plain(text)
    shared = [digest in theirs for digest in _digests_in_order(letters, ring)]
    runs = {letters[first : last + PIECE] for first, last in _stretches(shared)}
    long = [run for run in runs if len(run) >= SHORTEST_PHRASE]
    longest = sorted(long, key=lambda run: (-len(run), run))
    return tuple(run[:40] for run in longest[:MOST_PHRASES])


def _stretches(shared: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the first and last place of each stretch of neighbouring places that are shared."""
    found = []
    start: int | None = None
    for place, here in enumerate([*shared, False]):
        if here and start is None:
            start = place
        elif not here and start is not None:
            found.append((start, place - 1))
            start = None
    return found


def _digests_in_order(letters: str, ring: KeyRing) -> list[int]:
    """Return the digest of each piece of a plain text, in the order of the text."""
    first, second, third, fourth = _secrets(ring)
    shift = 61 - _DIGEST_BITS
    codes = [ord(char) for char in letters]
    pieces = zip(codes, codes[1:], codes[2:], strict=False)
    return [(a * first + b * second + c * third + fourth) % _PRIME >> shift for a, b, c in pieces]


def pack(digests: Sequence[int]) -> bytes:
    """Return digests as bytes, four each, the smallest byte first."""
    return struct.pack(f"<{len(digests)}I", *digests)


def unpack(body: bytes | memoryview) -> tuple[int, ...]:
    """Return the digests kept in bytes."""
    return struct.unpack(f"<{len(body) // 4}I", body)
