"""The plan of an inspection as everybody may read it, and the draw from it.

The *plan* is the published file whose digest stands in the ledger before the checkpoint that
decides the draw. It names
no case: a number that is missing from a population would tell that its matter is an accusation, and
numbers are handed
out to petitioners. So every case stands in it under a label,

    label = the first 32 hexadecimal digits of SHA-256("dengwen-unit/1" ‖ 0x00 ‖ salt ‖ number)

with a salt of 32 random bytes that only those who may see the inspection read; and it is labels
that are drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from dengwen.ledger.models import Checkpoint, Leaf
from dengwen.merkle.sample import draw_strata, seed_of
from dengwen.organs.models import Organ
from dengwen.oversight.inspections.queries import Filing, Inspection, Stratum, Told, read_checklist

FORMAT = "dengwen-inspection-plan/2"
POPULATION = (
    "被督查单位在方案当日持有、在所写日期内登记、已经分类的信访事项；此前转走的、没有分类的和检举控告不在其内 / "
    "matters the organ inspected held on the day of the plan, registered in the days chosen "
    "and already classed; "
    "what it passed on before or never classed is outside, and so are accusations"
)
"""What a population is, as the plan says it: so that nobody takes it for everything an organ
ever had in hand."""
_UNIT = b"dengwen-unit/1\x00"
_LABEL = 32


def label_of(salt: str, number: str) -> str:
    """Return the label under which a case stands in a published plan; `salt` is that of the
    plan, hexadecimal."""
    return sha256(_UNIT + bytes.fromhex(salt) + number.encode()).hexdigest()[:_LABEL]


def plan_bytes(
    number: str,
    codes: Mapping[str, str],
    strata: Sequence[Stratum],
    *,
    secret_digest: str,
    open_by: date,
    scope: str,
    checklist: str,
    salt: str,
) -> bytes:
    """Return the plan as published: canonical JSON, the same bytes for the same plan whoever writes
    it.

    `codes` are the codes of the organs: `inspecting`, `inspected`, `depositor`.
    """
    plan = {
        "format": FORMAT,
        "inspection": number,
        **codes,
        "scope": scope,
        "checklist": [
            {"item": i.number, "clause": i.clause, "question": i.question}
            for i in read_checklist(checklist)
        ],
        "secret_digest": secret_digest,
        "open_by": open_by.isoformat(),
        "population_is": POPULATION,
        "strata": [
            {"name": s.name, "size": s.size, "population": sorted(_by_label(salt, s.population))}
            for s in sorted(strata, key=lambda s: s.name.encode())
        ],
    }
    return (
        json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    ).encode()


def codes_of(
    inspecting: int | None, inspected: int | None, depositor: int | None
) -> dict[str, str]:
    """Return the codes of the three organs, as the plan names them."""
    wanted = {"inspecting": inspecting, "inspected": inspected, "depositor": depositor}
    known = dict(
        Organ.objects.filter(pk__in=[pk for pk in wanted.values() if pk]).values_list("pk", "code")
    )
    return {name: known.get(pk or 0, "") for name, pk in wanted.items()}


def plan_of(filing: Filing) -> bytes:
    """Return the published plan of a filing, one that lapsed as well."""
    data, texts = filing.plan.data, filing.plan.texts
    return plan_bytes(
        filing.case.number,
        codes_of(filing.plan.organ, filing.to, filing.depositor),
        filing.strata,
        secret_digest=filing.deposit,
        open_by=date.fromisoformat(data["open_by"]),
        scope=texts.get("scope", ""),
        checklist=texts.get("checklist", ""),
        salt=texts.get("salt", ""),
    )


def checkpoint_after(plan: Told | None) -> Checkpoint | None:
    """Return the first checkpoint that covers a filed plan, None while there is none."""
    leaf = Leaf.objects.filter(event__uid=plan.uid).first() if plan else None
    return Checkpoint.objects.filter(size__gt=leaf.idx).order_by("size").first() if leaf else None


def covered(uids: Iterable[str]) -> frozenset[str]:
    """Return which of these acts a checkpoint covers."""
    newest = Checkpoint.objects.order_by("-size").first()
    leaves = Leaf.objects.filter(event__uid__in=list(uids), idx__lt=newest.size if newest else 0)
    return frozenset(leaves.values_list("event__uid", flat=True))


@dataclass(frozen=True, slots=True)
class Draw:
    """What a draw gives: the checkpoint used, the seed, and the numbers of each stratum in their
    order."""

    checkpoint: Checkpoint
    seed: bytes
    sample: Mapping[str, tuple[str, ...]]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers drawn, stratum by stratum."""
        return tuple(n for name in sorted(self.sample, key=str.encode) for n in self.sample[name])


def draw_now(made: Inspection) -> Draw | None:
    """Draw the sample of an inspection from plan, checkpoint and secret; None while one of them
    is missing."""
    filing = made.filing
    checkpoint = checkpoint_after(made.plan)
    if filing is None or checkpoint is None or not made.secret:
        return None
    seed = seed_of(
        sha256(plan_of(filing)).digest(), bytes(checkpoint.root), bytes.fromhex(made.secret)
    )
    salt = filing.plan.texts.get("salt", "")
    numbers = {stratum.name: _by_label(salt, stratum.population) for stratum in filing.strata}
    drawn = draw_strata(seed, {s.name: (list(numbers[s.name]), s.size) for s in filing.strata})
    sample = {name: tuple(map(numbers[name].__getitem__, drawn[name])) for name in drawn}
    return Draw(checkpoint, seed, sample)


def _by_label(salt: str, population: Iterable[str]) -> dict[str, str]:
    """Return the numbers of a stratum by the labels that stand for them in the published plan."""
    return {label_of(salt, number): number for number in population}


def labels_of(made: Inspection) -> dict[str, str]:
    """Return the label of every drawn case by its number: what stands in the published plan."""
    salt = made.plan.texts.get("salt", "") if made.plan else ""
    return {number: label_of(salt, number) for number in made.drawn}
