"""Ratings and single requests at their doors: who is asked, who prints, what is kept, and what an
opinion must answer. Tables and calls are invented."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.models import Case
from dengwen.law.duties.step import Step
from dengwen.petitions import ratings, request_effects
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.petitions.ratings import Rating
from tests.invented_rows import table

TODAY = date(2025, 3, 18)
FACTS: Any = SimpleNamespace(
    case="N", case_id=1, act_id=9, act_uid="a", organ=5, actor=7, day=TODAY, recorded_at=None
)


def step(act: str = "act", *, imported: bool = False, **fields: Any) -> Step:
    return Step(act=act, fields=fields, imported=imported)


def code_of(run: Any, *given: Any) -> str:
    """Return the code a step is refused with, "" where it is not."""
    refused = ""
    try:
        run(*given)
    except PetitionError as error:
        refused = error.code
    return refused


# --- who is asked ---------------------------------------------------------------------------------
CASE = SimpleNamespace(number="N", kind="petition", place="", holder_id=5)


@pytest.mark.parametrize(
    ("imported", "shut", "knows", "refused", "opens"),
    [
        (False, False, True, False, True),
        (True, False, True, False, False),
        (False, True, True, False, False),
        (False, False, False, False, False),  # an edition that evaluates nothing
        (False, False, True, True, False),
    ],
)
def test_a_reply_invites_its_petitioner_where_the_pack_lets_it(
    monkeypatch: pytest.MonkeyPatch,
    *,
    imported: bool,
    shut: bool,
    knows: bool,
    refused: bool,
    opens: bool,
) -> None:
    acts = {ratings.OPEN: "rule"} if knows else {}
    book = SimpleNamespace(kind=lambda _kind: SimpleNamespace(acts=acts))
    in_force = SimpleNamespace(in_force=lambda *_: SimpleNamespace(book=book))
    call = SimpleNamespace(rules=in_force, view_of_case=lambda _case: None)
    monkeypatch.setattr(ratings, "call_of", lambda _facts: call)
    monkeypatch.setattr(ratings, "_case", lambda _facts: CASE)
    monkeypatch.setattr(ratings, "_shut", lambda *_: ("是", "is") if shut else None)
    monkeypatch.setattr(ratings, "refusals", lambda *_: ["no"] if refused else [])
    steps = ratings.reply_given(step("serve", imported=imported), FACTS)
    assert [one.act for one in steps] == ([ratings.OPEN] if opens else [])


@pytest.mark.parametrize("department", [4, None])
def test_an_evaluation_is_of_the_holder_and_of_who_sent_the_matter_on(
    department: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = SimpleNamespace(number="N", holder_id=5)
    shut: list[tuple[str, str]] = []
    monkeypatch.setattr(ratings, "call_of", lambda _facts: None)
    monkeypatch.setattr(ratings, "_case", lambda _facts: case)
    monkeypatch.setattr(ratings, "_shut", lambda *_: shut[0] if shut else None)
    monkeypatch.setattr(ratings, "_department", lambda *_: department)
    [invite] = ratings.evaluation_opened(step("open_evaluation"), FACTS)
    named = {} if department is None else {"department": department}
    assert invite.fields == {"competent": 5, **named}
    case.holder_id = None
    with pytest.raises(LookupError):
        ratings.evaluation_opened(step("open_evaluation"), FACTS)
    shut.append(("检举控告", "an accusation"))
    assert code_of(ratings.evaluation_opened, step("open_evaluation"), FACTS) == "not-evaluated"


def test_the_case_of_an_act_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    call = SimpleNamespace(case_numbered=lambda number: CASE if number == "N" else None)
    monkeypatch.setattr(ratings, "call_of", lambda _facts: call)
    found: Any = ratings._case(FACTS)
    assert found is CASE
    other: Any = SimpleNamespace(case="M")
    with pytest.raises(Case.DoesNotExist):
        ratings._case(other)


@pytest.mark.parametrize(("department", "kept"), [(4, 4), (None, None), ("4", None)])
def test_whom_an_evaluation_is_of_is_kept(
    department: Any, kept: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[Any] = []
    call = SimpleNamespace(
        case_numbered=lambda number: number, unit=SimpleNamespace(add=rows.append)
    )
    monkeypatch.setattr(ratings, "call_of", lambda _facts: call)
    monkeypatch.setattr(ratings, "Evaluation", lambda **columns: columns)
    links = (("about", "M"), ("concerns", "N"))
    given = Step(act="invite", fields={"competent": 5, "department": department}, links=links)
    ratings.invited(given, FACTS)
    [row] = rows
    assert (row["petition"], row["competent_id"], row["department_id"]) == ("N", 5, kept)
    with pytest.raises(TypeError):
        ratings._organ(step(competent="5"), "competent")


# --- who prints and who enters --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("way", "organ", "department", "code"),
    [
        ("paper", 4, 4, ""),
        ("paper", 5, 4, "not-its-printer"),  # the competent organ
        ("paper", None, None, "not-its-printer"),
        ("paper", None, 4, "not-its-printer"),
        ("portal", None, 4, ""),
        ("portal", 4, 4, "not-its-printer"),
        ("post", None, 4, "not-its-printer"),
        ("post", 4, 4, "not-its-printer"),
    ],
)
def test_a_code_is_taken_by_the_petitioner_or_printed_by_who_sent_the_matter_on(
    way: str, organ: int | None, department: int | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Any] = []
    row = SimpleNamespace(
        department_id=department, code_digest="old", save=lambda **what: saved.append(what)
    )
    monkeypatch.setattr(ratings, "Evaluation", table(row))
    facts: Any = SimpleNamespace(case="N", case_id=1, organ=organ)
    given = step(way=way, code_digest="new")
    assert code_of(ratings.rating_code_given, given, facts) == code
    assert (row.code_digest, len(saved)) == (("old", 0) if code else ("new", 1))


@pytest.mark.parametrize(
    ("department", "level", "code"),
    [(4, "satisfied", ""), (4, None, "both-apart"), (None, None, ""), (None, "x", "both-apart")],
)
def test_each_of_the_rated_is_rated_and_nobody_else(
    department: int | None, level: str | None, code: str
) -> None:
    row: Any = SimpleNamespace(department_id=department)
    assert code_of(ratings._both_apart, row, step(department_level=level)) == code


@pytest.mark.parametrize("own", [True, False, "true"])
def test_a_rating_is_kept_and_its_code_used_up(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_both_apart", "_independent", "_still_open"):
        monkeypatch.setattr(ratings, name, lambda *_: None)
    saved: list[bool] = []
    row = SimpleNamespace(code_digest="x", save=lambda: saved.append(True))
    monkeypatch.setattr(ratings, "Evaluation", table(row))
    ratings.rated(step(channel="portal", competent_level="satisfied", own_network=own), FACTS)
    assert (row.code_digest, row.rated_on, row.own_network) == ("", TODAY, own is True)
    assert (row.competent_level, row.department_level, saved) == ("satisfied", "", [True])


@pytest.mark.parametrize(
    ("value", "last"),
    [("30", TODAY + timedelta(days=30)), ("0", TODAY), ("viele", None), ("", None), (None, None)],
)
def test_an_evaluation_lasts_as_long_as_the_office_set(
    value: str | None, last: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = None if value is None else SimpleNamespace(value=value)
    monkeypatch.setattr(ratings, "setting", lambda *_: found)
    row: Any = SimpleNamespace(competent_id=5, opened_on=TODAY)
    assert ratings.last_day(row) == last


@pytest.mark.parametrize("code", ["", " ", "--"])
def test_no_code_opens_nothing(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "Evaluation", table("row"))
    monkeypatch.setattr(ratings, "digest_of", lambda _code: "d")
    assert ratings.find(code) is None
    found: Any = ratings.find("ABCDE")
    assert found == "row"


@pytest.mark.parametrize(
    ("channel", "inside", "own"),
    [("portal", True, True), ("portal", False, False), ("telephone", True, False)],
)
def test_of_an_address_only_whether_it_is_the_rated_organs_own_is_kept(
    channel: str, monkeypatch: pytest.MonkeyPatch, *, inside: bool, own: bool
) -> None:
    steps: list[Step] = []
    who: list[Any] = []

    def perform(one: Step, *, by: Any, **_: Any) -> None:
        steps.append(one)
        who.append(by)

    monkeypatch.setattr(ratings, "perform", perform)
    monkeypatch.setattr(ratings, "in_own_network", lambda *_: inside)
    monkeypatch.setattr(ratings, "civil", lambda _now: TODAY)
    row: Any = SimpleNamespace(case=SimpleNamespace(number="N"))
    now: Any = None

    def rate(rating: Rating, by: Any = None) -> dict[str, Any]:
        ratings.rate(row, rating, address="10.1.1.1", now=now, uid="u", channel=channel, by=by)
        return dict(steps[-1].fields)

    assert rate(Rating("satisfied")) == {
        "competent_level": "satisfied",
        "channel": channel,
        "own_network": own,
    }
    whole = rate(Rating("satisfied", "basically", contacted=False, rude=True), by="clerk")
    assert (whole["department_level"], whole["contacted"], whole["rude"]) == (
        "basically",
        False,
        True,
    )
    assert who == [by_petitioner(), "clerk"]


@pytest.mark.parametrize(
    ("value", "own"),
    [
        ("10.2.0.0/16", True),
        ("nonsense 10.2.0.0/16", True),  # a line that is no network excludes nobody
        ("nonsense", False),
        ("10.3.0.0/16,2001:db8::/48", False),
        ("", False),
    ],
)
def test_networks_are_read_one_by_one(
    value: str, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    found = SimpleNamespace(organ=5, value=value)
    held = SimpleNamespace(on=lambda _key, pk, _day: found if pk == 5 else None)
    monkeypatch.setattr(ratings, "settings_of", lambda _key: held)
    row: Any = SimpleNamespace(competent_id=5, department_id=None)
    assert ratings.in_own_network(row, "10.2.3.4", TODAY) is own


@pytest.mark.parametrize(
    ("duties", "day"),
    [
        ([], None),
        ([SimpleNamespace(due=TODAY, raw=None)], TODAY),
        ([SimpleNamespace(due=None, raw=TODAY)], TODAY),  # no calendar published yet
    ],
)
def test_a_remedy_runs_to_its_day(
    duties: list[Any], day: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratings, "CaseLink", table(2))
    monkeypatch.setattr(ratings, "Duty", table(*duties))
    row: Any = SimpleNamespace(petition_id=1)
    assert ratings.remedy_day(row) == day


def test_an_organ_is_named_in_both_languages_and_nobody_in_none() -> None:
    named: Any = SimpleNamespace(name_zh="住建局", name_en="housing bureau")
    bare: Any = SimpleNamespace(name_zh="住建局", name_en="")
    assert ratings.organ_named(named) == ("住建局", "housing bureau")
    assert ratings.organ_named(bare) == ("住建局", "住建局")
    assert ratings.organ_named(None) == ("", "")


@pytest.mark.parametrize("there", [True, False])
def test_a_form_was_done_before_where_its_call_is_stored(
    monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    monkeypatch.setattr(ratings, "stored", lambda _uid: "call" if there else None)
    assert ratings.done_before("u") is there


# --- single requests ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "code"),
    [(1, ""), (7, ""), (0, "no-number"), (-1, "no-number"), (None, "no-number"),
     ("1", "no-number"), (True, "no-number")],
)  # fmt: skip
def test_a_request_has_a_number_from_one_on(value: Any, code: str) -> None:
    assert code_of(request_effects._number, step(request=value), FACTS) == code


@pytest.mark.parametrize(("there", "code"), [(True, ""), (False, "no-request")])
def test_a_request_is_one_that_was_entered(
    code: str, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    monkeypatch.setattr(request_effects, "Request", table(*(["row"] if there else [])))
    assert code_of(request_effects._request, step(request=1), FACTS) == code


@pytest.mark.parametrize(
    ("class_", "path", "code"),
    [("claim", "31(5)", ""), ("claim", "", ""), ("suggestion", "", ""),
     ("suggestion", "31(5)", "path-of-claims"), ("", "31(5)", "path-of-claims")],
)  # fmt: skip
def test_only_a_claim_has_a_path(class_: str, path: str, code: str) -> None:
    given = step(request_class=class_, request_path=path)
    assert code_of(request_effects._own_class, given) == code


@pytest.mark.parametrize(
    ("facts", "there", "said"),
    [
        ({"class": "claim", "path": "31(5)"}, True, ("claim", "31(5)")),
        ({"class": "suggestion", "path": "31(5)"}, True, ("suggestion", "")),
        ({}, True, ("", "")),
        ({"class": "claim"}, False, ("", "")),
    ],
)
def test_a_request_without_a_class_of_its_own_has_that_of_the_matter(
    facts: dict[str, str], said: tuple[str, str], monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    call = SimpleNamespace(
        case_numbered=lambda _number: "case" if there else None,
        view_of_case=lambda _case: SimpleNamespace(facts=facts),
    )
    monkeypatch.setattr(request_effects, "call_of", lambda _facts: call)
    assert request_effects._class_of_matter(FACTS) == said


@pytest.mark.parametrize(
    ("own", "taken", "code"),
    [("suggestion", False, ""), (None, False, ""), (None, True, "request-taken")],
)
def test_a_request_is_entered_once_under_its_own_class_or_the_matters(
    own: str | None, code: str, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    rows: list[Any] = []

    def add(row: Any) -> bool:
        rows.append(row)
        return not taken

    call = SimpleNamespace(unit=SimpleNamespace(add_unless_taken=add))
    monkeypatch.setattr(request_effects, "call_of", lambda _facts: call)
    monkeypatch.setattr(request_effects, "_class_of_matter", lambda _facts: ("claim", "31(5)"))
    assert (
        code_of(request_effects.request_entered, step(request=1, request_class=own), FACTS) == code
    )
    [row] = rows
    expected = ("suggestion", "", 9) if own else ("claim", "31(5)", None)
    assert (row.class_code, row.path, row.class_act) == expected


@pytest.mark.parametrize(
    ("left", "code"), [([], ""), ([2], "requests-open"), ([1, 3], "requests-open")]
)
def test_an_opinion_leaves_no_request_without_an_outcome(
    left: list[int], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_effects, "Request", table(*left))
    assert code_of(request_effects.requests_answered, step("sign"), FACTS) == code


def acts(*some: tuple[str, str | None]) -> list[Any]:
    return [
        SimpleNamespace(act=name, data={"outcome": said} if said else {}) for name, said in some
    ]


@pytest.mark.parametrize(
    ("before", "outcome", "code"),
    [
        (acts(("draft", "support")), "support", ""),
        (acts(("draft", "support")), "refuse", "not-as-drafted"),
        (acts(("draft", "support")), None, "not-as-drafted"),
        (acts(("draft", "refuse"), ("draft", "support")), "support", ""),
        (acts(("draft", "support"), ("check", "refuse")), "support", ""),
        (acts(("draft", None)), "support", ""),  # a draft of an edition that says no outcome
        (acts(("register", "x")), "support", ""),
        (None, "support", ""),
    ],
)
def test_what_is_issued_is_what_was_drafted(
    before: list[Any] | None, outcome: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = SimpleNamespace(
        case_numbered=lambda _number: None if before is None else "case",
        acts_of=lambda _case: before,
    )
    monkeypatch.setattr(request_effects, "call_of", lambda _facts: call)
    assert code_of(request_effects.as_drafted, step("sign", outcome=outcome), FACTS) == code


def test_a_promise_is_kept_with_its_day_and_proved_on_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved: list[list[str]] = []
    row = SimpleNamespace(save=lambda **what: saved.append(what["update_fields"]))
    monkeypatch.setattr(request_effects, "_request", lambda *_: row)
    until = TODAY + timedelta(days=9)
    request_effects.request_promised(step(request=1, execute_by=until), FACTS)
    assert (row.promised_on, row.promise_act) == (until, 9)
    request_effects.request_promised(step(request=1, execute_by="soon"), FACTS)
    assert row.promised_on is None
    request_effects.request_proved(step(request=1), FACTS)
    assert (row.proved_on, row.proof_act) == (TODAY, 9)
    done = len(saved)
    assert request_effects.request_promised(step(execute_by=until), FACTS) == ()
    assert request_effects.request_proved(step(), FACTS) == ()
    assert len(saved) == done == 3
