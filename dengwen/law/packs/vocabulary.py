"""The closed vocabulary of rule packs: a pack may choose among these words, it never computes.

Whatever a pack says beyond this list is refused at loading, with the file, the entry and the mend.
To add a
word, add it here together with the code that understands it.
"""

from __future__ import annotations

UNITS = ("calendar", "working", "month", "year")
"""Units of a term: 日 (calendar days), 工作日 (working days), 月, 年."""

TERM_KEYS = {"days": "calendar", "working_days": "working", "months": "month", "years": "year"}
"""How a pack writes a term, `term = {days = 15}`, and the unit it means."""

PERIODS = ("week", "month", "quarter", "half_year", "year")
"""Calendar periods of a recurring duty: the period that contains a day ends on its last day and
never rolls."""

FIELD_TYPES = (
    "text",
    "person",
    "code",
    "codes",
    "word",
    "words",
    "organ",
    "organs",
    "official",
    "division",
    "date",
    "number",
    "flag",
    "case",
    "act",
    "digest",
    "digests",
)
"""Types of the declared fields of an act. `text` and `person` go to Content; all others are ids,
codes or digests.

`word` is one short word of the system itself (a field name, a code, a date as text), never free
text."""

TEXT_TYPES = frozenset({"text", "person"})
"""Field types whose values never enter an act row (design: act rows hold ids, codes, dates and
digests only)."""

NOT_CORRECTED = TEXT_TYPES | {"digest", "digests", "act"}
"""Field types whose values nobody corrects by typing another value."""

FORM_SECTIONS = ("how", "who", "visit", "where", "what", "care", "more", "why")
"""Parts of the form of a registration, in the order of its record: how it came, who asks, how many
came in person, where it is about, what is said, what needs care, what is asked only sometimes, and
why there is no content (asked where there is none)."""

DOORS = {
    "desk": frozenset(FIELD_TYPES) - {"act"},
    "portal": frozenset({"text", "person", "code", "codes", "word", "date", "number", "flag"}),
    "import": frozenset({"text", "person", "code", "codes", "word", "words"})
    | {"division", "date", "number", "flag"},
}
"""Where a registration is taken in: at the desk of an office, over the network, from a file of
messages; and the types of fields each can ask. A list of organs, officials or cases is for those
who work there alone."""

ASKED_OF_ALL = frozenset({"D1", "D2", "D3"})
"""Data classes of what a petitioner or a file may say, and of what a registration record prints."""

STANDS = (
    "open",
    "held_below",
    "ordered_anew",
    "elsewhere",
    "below",
    "lower",
    "politics_law",
    "law_organ",
    "municipal_petition_office",
)
"""How what a field names must stand: a case that is not closed; one whose holder stands below who
acts (R22 19(3)); a review that
ordered new handling; an
organ other than the one that holds the case; one below it in its own system (R22 23(1)); one that
is neither above it
nor at its own level and seat (R22 20(1)); a politics-and-law organ of the same level (R22
22(2)); one of whatever level; the petition department of the city itself (S 19)."""

DATA_CLASSES = tuple(f"D{n}" for n in range(11))
"""Data classes D0–D10 of the access model."""

BY = {
    "petitioner": (frozenset({"petitioner", "clerk"}), "any"),
    "clerk": (frozenset({"clerk", "router"}), "any"),
    "clerk_of_holder": (frozenset({"clerk", "router", "handler"}), "holder"),
    "router": (frozenset({"router", "clerk"}), "holder"),
    "addressee": (frozenset({"clerk", "router", "handler"}), "addressee"),
    "sender": (frozenset({"router", "clerk"}), "sender"),
    "handler": (frozenset({"handler"}), "holder"),
    "checker": (frozenset({"handler", "head"}), "holder"),
    "head": (frozenset({"head"}), "holder"),
    "leader": (frozenset({"head"}), "any"),
    "assistant": (frozenset({"handler", "clerk"}), "named"),
    "superior": (frozenset({"router", "head", "clerk"}), "named"),
    "registrar": (frozenset({"registrar"}), "any"),
    "own_head": (frozenset({"registrar", "head"}), "any"),
    "personnel": (frozenset({"personnel"}), "any"),
    "personnel_holder": (frozenset({"personnel"}), "holder"),
    "personnel_named": (frozenset({"personnel"}), "named"),
    "second": (frozenset({"clerk", "router", "handler", "head", "registrar"}), "any"),
    "second_person": (
        frozenset(
            {"clerk", "router", "handler", "head", "registrar", "personnel", "reviewer", "auditor"}
        ),
        "any",
    ),
    "system": (frozenset({"system"}), "any"),
}
"""Who may do an act: the capacities that qualify, and how the actor's organ must stand to the case.

`any` no relation asked; `holder` the organ that holds the case; `addressee` the organ it was last
sent to;
`sender` the organ that sent it; `named` an organ named in a field of an earlier act of the case.
"""

HOLDERS = (
    "actor",
    "holder",
    "sender",
    "addressee",
    "named",
    "petitioner",
)
"""Who owes a duty: the organ that did the opening act; the organ holding the case after it; the
organ that sent
the case, or that it was sent to; an organ named in a field of the opening act; the petitioner (a
right)."""

OF = ("holder", "leader", "portfolio")
"""Whose a recurring duty is: the organ of the register; each leader, by post; whoever has a
field of work in charge."""

APPLIES = (
    "group",
    "kind",
    "level",
    "petition_office",
    "joint_conference",
    "rank",
    "field",
    "S",
    "R05",
    "R22",
)
"""For whom a recurring duty holds: group, kind and level of the organ, whether it is a petition
department or a joint
conference, rank of the post, field of work, and how an instrument binds the organ (direct,
applies, by_reference)."""

OPENING_STATE = "new"
"""The state before the first act of a case; every kind starts here."""

ANY_STATE = "*"
"""In `after`: every state of the kind that is not final."""

EVERY_STATE = "**"
"""In `after`: every state of the kind, final ones too (a correction or a breach can concern a
closed case)."""

ON_DAY, IN_CASE = "@day", "@case"
"""In `once`: the day of an act, and the case in which it is done."""

SHOWN = "shown"
"""The field in which an act that approves a draft says which one was looked at: a digest."""

KEEP_STATE = "="
"""In `to`: the act leaves the state as it is."""

ANEW = "anew"
"""The fact that a matter is handled anew because a review ordered it."""

WALL_EFFECTS = ("petitions.not_to_the_accused",)
SAME_PETITIONER_EFFECTS = ("petitions.same_petitioner",)
"""Effects that keep a matter of one person out of that of another."""
"""Effects that refuse to send a case to whom it accuses."""

POWER_EFFECTS = ("oversight.government_body_acts",)
"""Effects that refuse an act of whoever was not authorised for it."""

ASKED_EFFECTS = ("cases.recusal_decided",)
"""Effects that refuse a decision nobody asked for."""

CAPACITIES = frozenset(
    {
        "petitioner",
        "clerk",
        "router",
        "handler",
        "head",
        "registrar",
        "personnel",
        "system",
        "reviewer",
        "auditor",
    }
)
"""What an actor can be for the law; the access layer maps its roles R1–R20 to these."""

PARTY_ROLES = (
    "petitioner",
    "representative",
    "agent",
    "guardian",
    "heir",
    "accused_person",
    "accused_unit",
    "concerned_person",
    "concerned_unit",
    "told_person",
    "told_unit",
    "holder",
    "addressee",
    "assisting_organ",
    "leader_in_charge",
    "investigator",
    "handler",
    "recused",
    "executing_organ",
    "supervising_organ",
)
"""How someone can stand to a case (相关人).

`concerned_…` is whose responsibility is looked into, before being told: behind the wall. `told_…`
is who was told of
it: may read it from then on, and answer (`cases.wall`)."""

LINKS = (
    "split_from",
    "reviews",
    "rechecks",
    "repeats",
    "same_matter",
    "anew_after",
    "new_facts_after",
    "concerns",
    "caused_by",
    "about",
)
"""How two cases can stand to each other (`CaseLink`): linked, never merged or re-opened.

`about` ties the work of a leader (a letter read, a talk, a case in charge) to the matter it is
about; whoever must not
learn of the matter does not learn of that work either (`cases.wall`)."""

ONLY_REFUSED = "only_refused"
UNPLAYED = (ONLY_REFUSED,)
"""Why no scenario does an act: it stands in the pack so that whoever tries it is refused with its
remedy, and nobody can do it, the system included."""
