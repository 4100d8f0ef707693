"""Random lawful histories of petitions, judged by a small model of the law of its own.

    python -m tools.law_fuzz [--seed N] [--seconds 180 | --histories N]

The model below is written from the text of the two regulations, not from the packs: which step may
follow which, whose duty it begins and ends, how many days there are. Days are counted here from the
yearly notices alone (`tools.recount`). Each history becomes a scenario: every lawful step must be
taken, every unlawful one refused in the right word, every duty stand where the model has it. What
differs is printed as a scenario and makes the run fail.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from config.effects import EFFECTS
from dengwen.law.packs.library import Library
from dengwen.law.scenarios import scenario
from tools.law_story import (
    PACKS,
    Owed,
    Story,
    after_days,
    after_months,
    after_working_days,
)

OFFICE, BUREAU, COURT, DISCIPLINE = "县信访局", "县住建局", "县委政法委", "县纪委监委"

# --- the model ------------------------------------------------------------------------------------
SORTING = ("sort", "sort_again", "route_reported")
NOTICES = ("direct_notice", "notify_transferred", "direct_again")


def new_story(dice: Random) -> Story:
    """Begin a story on some day of one of the two regulations."""
    edition = dice.choice(["2022", "2022", "2022", "2005"])
    first, last = (
        (date(2022, 5, 2), date(2025, 9, 30))
        if edition == "2022"
        else (date(2015, 2, 1), date(2021, 3, 31))
    )
    day = first + timedelta(days=dice.randrange((last - first).days))
    return Story(dice, edition, day)


def history(dice: Random) -> Story:
    """Return a random lawful history, with unlawful steps that must be refused in between."""
    story = new_story(dice)
    if dice.random() < 0.2:
        review_or_recheck(story)
        return story
    register(story)
    story.wait(20)
    if story.anonymous:
        classify(story)
    elif story.holder == OFFICE:
        at_the_office(story)
    else:
        at_the_organ(story)
    return story


def register(story: Story) -> None:
    """Art. 22, 23 (2022); 21, 22 (2005): fifteen days from receipt, for the office to sort, for an
    organ to tell the petitioner if name and address are known."""
    dice = story.dice
    story.holder = dice.choice([OFFICE, BUREAU])
    story.channel = dice.choice(["letter", "visit", "network"])
    story.anonymous = story.holder == BUREAU and dice.random() < 0.1
    story.received = story.day - timedelta(days=dice.randint(0, 3))
    story.mine_since = story.received
    office = "petition_office" if story.holder == OFFICE else "organ"
    more: dict[str, object] = {"anonymous": True} if story.anonymous else {}
    story.do(
        "register",
        story.holder,
        office=office,
        channel=story.channel,
        received_on=story.received,
        **more,
    )
    due = after_days(story.received, 15)
    if story.holder == OFFICE:
        story.owe("sort", due)
    elif not story.anonymous:
        story.owe("direct_notice", due)


def classify(story: Story) -> None:
    """Art. 28(2): suggestion, accusation or claim, and the path of a claim (2022 only)."""
    if story.edition == "2005" or story.kind_of:
        return
    story.kind_of = story.dice.choice(["claim", "claim", "claim", "suggestion", "accusation"])
    more = {"class": story.kind_of}
    if story.kind_of == "claim":
        paths = ["31(6)", "31(6)", "31(6)", "31(5)", "31(4)", "31(1)"]
        story.path = story.dice.choice(paths)
        more["path"] = story.path
    story.do("classify", story.holder, **more)


def at_the_office(story: Story) -> None:
    """Art. 22: forward, assign, report; accusations and litigation go their own way."""
    dice = story.dice
    if dice.random() < 0.06:
        story.do("withdraw", "信访人")
        story.end("void", "*")
        return
    if dice.random() < 0.7 or story.kind_of:
        classify(story)
    if story.kind_of == "accusation":
        story.refused("forward", OFFICE, "facts", to=BUREAU)
        story.do("forward_accusation", OFFICE, to=DISCIPLINE)
        story.end("closed", *SORTING)
        return
    if story.path == "31(1)":
        if story.channel == "visit":
            story.do("guide_visitor", OFFICE, organ=COURT)
        else:
            story.do("forward_litigation", OFFICE, to=COURT)
        story.end("closed", *SORTING)
        return
    send_on(story)
    story.wait(10)
    story.holder = BUREAU
    story.do("receive", BUREAU)
    story.received = story.day
    story.owe("notify_transferred", after_days(story.day, 15))
    if story.edition == "2022":
        story.owe("object", after_working_days(story.day, 5), right=True)
    story.wait(12)
    at_the_organ(story)


def send_on(story: Story) -> None:
    """Art. 22(1): forwarded, or assigned with a day for the report. Only the days in the own hands
    count of the fifteen, should it come back."""
    story.used += (story.day - story.mine_since).days
    left = left_open(story)
    if story.dice.random() < 0.5:
        story.do("forward", OFFICE, to=BUREAU, **left)
        story.end("closed", *SORTING)
        return
    deadline = story.day + timedelta(days=story.dice.randint(20, 60))
    story.do("assign", OFFICE, to=BUREAU, deadline=deadline, **left)
    story.end("closed", *SORTING)
    story.owe("assigned_report", deadline)
    story.assigned = True


def left_open(story: Story) -> dict[str, bool]:
    """Art. 22(2), 30(3): what nobody classified is sent on only by whoever looked through it and
    leaves the class to the competent organ (2022)."""
    if story.edition == "2005" or story.kind_of:
        return {}
    story.refused("forward", OFFICE, "must-be", to=BUREAU)
    return {"class_left": True}


def at_the_organ(story: Story) -> None:
    """Art. 23, 29–31: object in five working days, tell, reply, lead into the path, or accept."""
    if object_to(story):
        return
    classify(story)
    if story.edition == "2022" and story.kind_of == "suggestion":
        answer_suggestion(story)
    elif story.edition == "2022" and story.kind_of == "accusation":
        answer_accusation(story)
    elif story.edition == "2022" and story.path != "31(6)":
        lead_into_path(story)
    else:
        handle(story)


def object_to(story: Story) -> bool:
    """Art. 23(3): an objection in five working days; back only with consent of the sender. Return
    whether the story has ended with it."""
    right = story.find("object")
    if right is None or right.due is None:
        return False
    if story.day > right.due:
        if story.dice.random() < 0.5:
            story.refused("object", BUREAU, "too-late", reasons="甲")
        return False
    if story.dice.random() < 0.6:
        return False
    story.do("object", BUREAU)
    story.end("closed", "object")
    story.owe("answer_objection")
    story.wait(8)
    if story.dice.random() < 0.5:
        story.do("refuse_return", OFFICE)
        story.end("closed", "answer_objection")
        story.wait(5)
        return False
    story.do("agree_return", OFFICE)
    story.end("closed", "answer_objection")
    story.end("void", "notify_transferred", "assigned_report")
    story.owe("sort_again", after_days(story.day, 15 - story.used))
    story.mine_since = story.day
    story.holder = OFFICE
    story.wait(10)
    at_the_office(story)
    return True


def answer_suggestion(story: Story) -> None:
    """Art. 29: no number of days, no review."""
    story.refused("accept", story.holder, "facts")
    if story.dice.random() < 0.5:
        story.do("notify_received", story.holder)
        story.end("closed", *NOTICES)
        story.end("void", "object")
        story.owe("suggestion_reply")
        story.wait(60)
    story.do("reply_suggestion", story.holder, adopted="partly")
    story.end("closed", "suggestion_reply", *NOTICES)
    story.end("void", "object")


def answer_accusation(story: Story) -> None:
    """Art. 30: by the rules of whoever handles it, or on to whoever has the authority."""
    if story.dice.random() < 0.5:
        story.do("notify_received", story.holder)
        story.end("closed", *NOTICES)
        story.end("void", "object")
        story.owe("accusation_feedback")
        story.wait(40)
    if story.dice.random() < 0.5:
        story.do("feed_back", story.holder)
    else:
        story.do("forward_accusation", story.holder, to=DISCIPLINE)
    story.end("closed", "accusation_feedback", *NOTICES)
    story.end("void", "object")


def lead_into_path(story: Story) -> None:
    """Art. 31(1)–(5): never the sixty days; a duty of office is done in two months from receipt
    (Administrative Litigation Law 47)."""
    story.refused("accept", story.holder, "facts")
    story.do("notify_path", story.holder)
    story.end("closed", *NOTICES)
    story.end("void", "object")
    if story.path == "31(5)":
        story.owe("perform_or_answer", after_months(story.received, 2))
        story.wait(70)
        if story.dice.random() < 0.8:
            story.do("inform_duty", story.holder, performed=True)
            story.end("closed", "perform_or_answer")


def handle(story: Story) -> None:
    """Art. 31(6), 34 (2022), 33 (2005): sixty days from acceptance, thirty more at most in all."""
    story.refused("draft", story.holder, "state")
    story.do("accept", story.holder)
    story.end("closed", *NOTICES)
    story.end("void", "object")
    story.accepted = story.day
    story.owe("handle", after_days(story.day, 60))
    story.wait(25)
    for step in story.dice.sample([extend, mediate, extend], story.dice.randint(0, 3)):
        step(story)
    if story.edition == "2022" and story.dice.random() < 0.2:
        story.do("settle", story.holder, both_parties_agree=True, lawful_terms=True)
        story.end("closed", "handle")
        return
    opinion(story)


def extend(story: Story) -> None:
    """An extension by the head, while the period runs, thirty days in all."""
    period = story.find("handle")
    if period is None or period.due is None:
        return
    days = story.dice.choice([5, 10, 15, 30, 31])
    said = {"days": days, "told_petitioner": True, "as": "head"}
    if story.day > period.due:
        story.refused("extend", story.holder, "too-late", **said)
    elif story.extended + days > 30:
        story.refused("extend", story.holder, "extension", **said)
    else:
        story.do("extend", story.holder, **said)
        story.extended += days
        period.due = after_days(story.accepted, 60 + story.extended)
    story.wait(15)


def mediate(story: Story) -> None:
    """Art. 33: mediation stops no clock."""
    if story.edition == "2022":
        story.do("mediate", story.holder)
        story.wait(20)


def opinion(story: Story) -> None:
    """Drafted, checked and issued by three persons; served; thirty days to ask for review."""
    by = story.holder
    story.do("draft", by, outcome="explain", who="甲", **{"as": "handler"})
    story.owe("check_draft")
    story.refused("check", by, "same-person", who="甲", **{"as": "handler"})
    story.wait(6)
    story.do("check", by, who="乙", **{"as": "handler"})
    story.end("closed", "check_draft")
    story.owe("sign_opinion")
    story.wait(6)
    story.refused("sign", by, "same-person", who="乙", **{"as": "head"})
    if story.edition == "2022":
        story.refused("sign", by, "duty-open", who="丙", **{"as": "head"})
        story.do("hear_petitioner", by, how="phone")
    story.do("sign", by, who="丙", **{"as": "head"})
    story.end("closed", "handle", "sign_opinion")
    story.owe("serve_opinion")
    story.wait(10)
    story.do("serve", by)
    story.end("closed", "serve_opinion")
    right = story.owe("review_request", after_days(story.day, 30), right=True)
    story.wait(45)
    ask_again(story, "request_review", right)


def ask_again(story: Story, act: str, right: Owed) -> None:
    """Art. 35, 36 (2022), 34, 35 (2005): thirty days from receipt, later only for a good reason."""
    if right.due is not None and story.day > right.due:
        story.refused(act, "信访人", "too-late", request="甲", reasons="乙")
    elif story.dice.random() < 0.7:
        story.do(act, "信访人")
        story.end("closed", right.duty)


def review_or_recheck(story: Story) -> None:
    """Art. 35, 36 (2022), 34, 35 (2005): thirty days from receipt of the request; only in the
    re-examination the time a hearing takes is not counted."""
    dice, by = story.dice, "县政府"
    story.kind, story.holder = dice.choice(["review", "recheck"]), by
    story.received = story.day - timedelta(days=dice.randint(0, 3))
    of = "original" if story.kind == "review" else "review_case"
    story.do("lodge", by, received_on=story.received, **{of: "YJ01-2025-000000000-0"})
    term = f"{story.kind}_decide"
    decide = story.owe(term, after_days(story.received, 30))
    story.wait(12)
    if story.kind == "recheck" and dice.random() < 0.6:
        hearing(story, decide)
    if dice.random() < 0.1:
        story.do("withdraw", "信访人")
        story.end("void", "*")
        return
    said = {"outcome": dice.choice(["uphold", "revoke", "change", "order_anew"])}
    story.do("draft", by, who="甲", **said)
    story.owe("check_draft")
    story.refused("serve", by, "state")
    story.wait(10)
    story.do("check", by, who="乙")
    story.end("closed", "check_draft")
    story.owe("sign_opinion")
    story.refused("sign", by, "same-person", who="甲", **{"as": "head"})
    story.wait(10)
    story.do("sign", by, who="丙", **said, **{"as": "head"})
    story.end("closed", term, "sign_opinion")
    story.owe("serve_opinion")
    story.wait(10)
    story.do("serve", by)
    story.end("closed", "serve_opinion")
    if story.kind == "review":
        right = story.owe("recheck_request", after_days(story.day, 30), right=True)
        story.wait(45)
        ask_again(story, "request_recheck", right)


def hearing(story: Story, decide: Owed) -> None:
    """A hearing that has been held, within the thirty days: each of its days is one more."""
    days = story.dice.randint(1, 4)
    first = story.day - timedelta(days=days - 1)
    if first <= story.received or story.day > story.received + timedelta(days=30):
        return
    story.do("hold_hearing", story.holder, first=first, last=story.day)
    decide.due = after_days(story.received, 30 + days)
    story.wait(10)


# --- running --------------------------------------------------------------------------------------
def failures(library: Library, story: Story) -> tuple[str, ...]:
    """Return in what the program differs from the model."""
    return scenario.run(library, "fuzz.toml", story.entry()).failures


def runs(library: Library, seed: int, more: Callable[[int], bool]) -> Iterator[tuple[int, Story]]:
    """Yield each history that the program judges otherwise than the model, with its number."""
    number = 0
    while more(number):
        story = history(Random(f"{seed} {number}"))
        if failures(library, story):
            yield number, story
        number += 1


def main() -> int:
    """Run for some time, or so many histories; print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--histories", type=int, default=0)
    args = parser.parse_args()
    library, done = Library.load(PACKS, EFFECTS), 0
    end = time.monotonic() + float(args.seconds)
    most = int(args.histories)

    def more(number: int) -> bool:
        nonlocal done
        done = number
        return number < most if most else time.monotonic() < end

    wrong = 0
    for number, story in runs(library, args.seed, more):
        wrong += 1
        print(f"seed {args.seed}, history {number}: {failures(library, story)}")
        for act in story.acts:
            print(f"    {act}")
    print(f"seed {args.seed}: {done} histories, {wrong} judged otherwise")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
