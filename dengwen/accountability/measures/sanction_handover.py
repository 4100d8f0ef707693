"""What is handed over for a sanction, and what comes before one is given.

A sealed hand-over (S 12 para. 2) opens a file of its own at the organ it goes to, which whoever
handed it over does not see and need not wait for. Before a sanction under the PSL the person is
told the facts and heard (PSL 43).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.measures.parties import concern
from dengwen.accountability.measures.queries import KIND, read_file
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases.models import Case
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.models import Organ

SUPERVISORY = frozenset({"supervisory", "discipline"})
"""Kinds of organs that give sanctions under the PSL; discipline inspection and supervision share
one office (合署办公)."""


def arrival(
    to: int,
    facts: Facts,
    *,
    nature: str,
    official: int | None,
    organ: int | None,
    situations: Iterable[str],
    words: str,
    at: datetime | None,
) -> tuple[Step, ...]:
    """Return the step that opens a file at the supervisory organ something is handed over to (S 12
    para. 2, 16).

    None for another body, which is written to on paper, and none for an organ that hands over to
    itself. `at` is when the hand-over was made; person or organ, whichever the hand-over is about,
    stands behind the wall of the file.
    """
    if to == facts.organ or not Organ.objects.filter(pk=to, kind__in=SUPERVISORY).exists():
        return ()
    fields: dict[str, FieldValue] = {
        "from_office": facts.organ or 0,
        "nature": nature,
        "situations": tuple(situations),
    }
    if official is not None:
        fields["subject_official"] = official
    elif organ is not None:
        fields["subject_organ"] = organ
    return (
        Step(
            act="receive_hand_over",
            kind=KIND,
            organ=to,
            fields=fields,
            texts={"facts": words},
            occurred_at=at,
        ),
    )


def handed_by_inquiry(made: Inquiry, step: Step, facts: Facts) -> tuple[Step, ...]:
    """Let what an inquiry hands over arrive: about the person named, the only one concerned, or the
    unit.

    Refuses where several people are concerned and none of them is named (S 12 para. 2).
    """
    given, to = step.fields.get("official"), step.fields["to"]
    if (given is not None or len(made.officials) > 1) and given not in made.officials:
        raise refuse(
            "whom",
            "official",
            (
                "没有写明移送的是被核查人员中的谁",
                "which of the people concerned the hand-over is about is not said",
            ),
            ("选一名被核查人员", "choose one of them"),
            under="transfer",
        )
    named = next((o for o in made.officials if given in (o, None)), None)
    return arrival(
        to if isinstance(to, int) else 0,
        facts,
        nature=str(step.fields["nature"]),
        official=named,
        organ=None if named else made.unit,
        situations=made.situations,
        words=step.texts["grounds"],
        at=step.occurred_at,
    )


def hand_over_received(step: Step, facts: Facts) -> Sequence[Step]:
    """Put whom the hand-over is about behind the wall of the file until a decision is served."""
    official, organ = step.fields.get("subject_official"), step.fields.get("subject_organ")
    concern(
        facts,
        (official,) if isinstance(official, int) else (),
        (organ,) if isinstance(organ, int) else (),
    )
    return ()


def crime_handed_over(step: Step, facts: Facts) -> Sequence[Step]:
    """Let what a file of accountability hands over arrive at the supervisory organ; the file itself
    goes on (S 12)."""
    file = read_file(Case.objects.get(pk=facts.case_id), before=facts.act_id)
    to = step.fields["to"]
    return arrival(
        to if isinstance(to, int) else 0,
        facts,
        nature=str(step.fields["matter"]),
        official=file.official,
        organ=file.organ,
        situations=file.situations,
        words=step.texts["suspected"],
        at=step.occurred_at,
    )
