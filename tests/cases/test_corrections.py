"""Corrections: a further act that names the earlier one; nothing is overwritten, breaches stay."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.organs.models import Official
from tests.world import ACCUSATION, CLAIM, PAPER, World, at


def correct(
    world: World, number: str, target: Act, field: str, new: str, *, on: str, second: str = ""
) -> None:
    """Let the clerk correct a field of an act from its paper, with or without a second signer."""
    fields: dict[str, Any] = {"target": target.pk, "field": field, "new": new}
    if second:
        fields["second"] = Official.objects.get(code=second).pk
    world.act(
        "clerk",
        "correct",
        number,
        on=on,
        texts={"reason": "登记时抄错"},
        step={"paper": PAPER},
        **fields,
    )


def act(number: str, name: str) -> Act:
    """Return the first act of that id in a case."""
    return Act.objects.filter(case__number=number, act=name).order_by("seq")[0]


def test_a_date_needs_a_second_person(world: World) -> None:
    number = world.register("2025-03-03")
    with pytest.raises(Refused) as refused:
        correct(
            world, number, act(number, "register"), "occurred_at", "2025-03-01", on="2025-03-04"
        )
    assert [r.code for r in refused.value.reasons] == ["second-person"]


def test_nobody_is_his_own_second_person(world: World) -> None:
    number = world.register("2025-03-03")
    with pytest.raises(Refused):
        correct(
            world,
            number,
            act(number, "register"),
            "persons",
            "26",
            on="2025-03-04",
            second="YJ01-Q",
        )


def test_a_corrected_number_of_persons_is_a_fact_and_the_old_act_stands(world: World) -> None:
    number = world.register("2025-03-03", persons=1)
    register = act(number, "register")
    correct(world, number, register, "persons", "26", on="2025-03-04", second="YJ01-S")
    assert Act.objects.get(pk=register.pk).data["persons"] == 1
    assert list(replay.check()) == []


def test_a_corrected_day_moves_the_open_duty(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    assert world.duty(number, "handle").raw == date(2025, 5, 2)
    accepted = act(number, "accept")
    fields: dict[str, Any] = {
        "target": accepted.pk,
        "field": "occurred_at",
        "new": "2025-03-10",
        "second": Official.objects.get(code="YJ02-W").pk,
    }
    with pytest.raises(Refused, match="纸质材料"):
        world.act(
            "handler", "correct", number, on="2025-03-12", texts={"reason": "受理日误记"}, **fields
        )
    world.act(
        "handler",
        "correct",
        number,
        on="2025-03-12",
        texts={"reason": "受理日误记"},
        step={"paper": PAPER},
        **fields,
    )
    assert world.duty(number, "handle").raw == date(2025, 5, 9)
    assert list(replay.check()) == []


def test_a_breach_stays_after_the_day_was_corrected(world: World) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    sweep(now=at("2025-03-19"))
    correct(
        world,
        number,
        act(number, "register"),
        "received_on",
        "2025-03-10",
        on="2025-03-20",
        second="YJ01-S",
    )
    duty = world.duty(number, "sort")
    assert duty.breach_id is not None
    assert duty.due == date(2025, 3, 25)
    assert Act.objects.filter(case__number=number, act="breach").count() == 1
    assert list(replay.check()) == []


def given(world: World, number: str, field: str, new: str, **more: Any) -> None:
    """Correct a field of the registration, or else of the classing, with the second signature it
    may need."""
    for name in ("register", "classify"):
        target = Act.objects.filter(case__number=number, act=name).first()
        rule = {
            "register": ("received_on", "persons", "occurred_at", "representatives"),
            "classify": ("class", "path"),
        }
        if target is not None and field in rule[name]:
            fields: dict[str, Any] = {
                "target": target.pk,
                "field": field,
                "new": new,
                **more,
                "second": Official.objects.get(code="YJ01-S").pk,
            }
            world.act(
                "clerk",
                "correct",
                number,
                on="2025-03-20",
                texts={"reason": "登记时抄错"},
                step={"paper": PAPER},
                **fields,
            )


def test_a_day_of_receipt_needs_a_second_person(world: World) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    with pytest.raises(Refused) as refused:
        correct(
            world, number, act(number, "register"), "received_on", "2025-02-20", on="2025-03-04"
        )
    assert [r.code for r in refused.value.reasons] == ["second-person"]
    assert world.duty(number, "sort").due == date(2025, 3, 18)


def test_named_organs_need_a_second_person(world: World) -> None:
    number = world.register("2025-03-03")
    world.act(
        "clerk",
        "classify",
        number,
        on="2025-03-03",
        accused_organs=(world.organ("YJ02"),),
        **ACCUSATION,
    )
    fields: dict[str, Any] = {
        "target": act(number, "classify").pk,
        "field": "accused_organs",
        "new": str(world.organ("YJ03")),
    }
    with pytest.raises(Refused) as refused:
        world.act("sealed", "correct", number, on="2025-03-04", texts={"reason": "抄错"}, **fields)
    assert [r.code for r in refused.value.reasons] == ["second-person"]


@pytest.mark.parametrize(
    ("field", "new", "code"),
    [
        ("received_on", "abc", "field-type"),
        ("received_on", "2025-02-30", "field-type"),
        ("received_on", "2030-01-01", "future-date"),
        ("received_on", "1900-01-01", "too-early"),
        ("persons", "abc", "field-type"),
        ("persons", "-5", "too-few"),
        ("class", "nonsense", "field-option"),
        ("path", "xxx", "field-option"),
        ("occurred_at", "2030-01-01", "future"),
        ("occurred_at", "abc", "field-type"),
        ("subject", "另一个标题", "no-field"),
    ],
)
def test_a_new_value_is_checked_like_any_other(
    world: World, field: str, new: str, code: str
) -> None:
    number = world.register("2025-03-03", persons=3)
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    acts, name = Act.objects.count(), "classify" if field in ("class", "path") else "register"
    with pytest.raises(Refused) as refused:
        correct(world, number, act(number, name), field, new, on="2025-03-20", second="YJ01-S")
    assert [r.code for r in refused.value.reasons] == [code]
    assert all(r.zh and r.en and r.basis for r in refused.value.reasons)
    assert Act.objects.count() == acts


def test_the_old_value_is_stated_and_a_wrong_one_refused(world: World) -> None:
    number = world.register("2025-03-03", persons=3)
    with pytest.raises(Refused, match="原值不是“999”"):
        given(world, number, "persons", "5", old="999")
    given(world, number, "persons", "5")
    given(world, number, "persons", "6", old="5")
    said = [
        row.data["old"]
        for row in Act.objects.filter(case__number=number, act="correct").order_by("seq")
    ]
    assert said == ["3", "5"]


def test_a_correction_names_the_breach_it_touches(world: World) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3), persons=1)
    sweep(now=at("2025-03-19"))
    given(world, number, "persons", "2")
    assert (
        "breaches" not in Act.objects.filter(case__number=number, act="correct").latest("seq").data
    )
    given(world, number, "received_on", "2025-03-10", breaches=("1",))
    breach = act(number, "breach")
    assert Act.objects.filter(case__number=number, act="correct").latest("seq").data[
        "breaches"
    ] == [str(breach.seq)]


def test_the_first_date_is_kept_for_ever(world: World) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    given(world, number, "received_on", "2025-03-10")
    given(world, number, "received_on", "2025-03-11")
    duty = world.duty(number, "sort")
    assert (duty.original_due, duty.due) == (date(2025, 3, 18), date(2025, 3, 26))
    assert list(replay.check()) == []
    world.act("clerk", "note", number, on="2025-03-21", texts={"text": "另记"})
    assert world.duty(number, "sort").original_due == date(2025, 3, 18)
    assert list(replay.check()) == []
    replay.rewrite(duty.case_id)
    assert world.duty(number, "sort").original_due == date(2025, 3, 18)


def test_a_duty_that_opens_after_a_correction_has_one_date(world: World) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    given(world, number, "received_on", "2025-03-02")
    world.act("clerk", "classify", number, on="2025-03-20", **CLAIM)
    world.act("router", "forward", number, on="2025-03-20", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-20")
    world.act(
        "handler",
        "accept",
        number,
        on="2025-03-20",
        texts={"procedure": "信访程序", "contact": "李样本"},
    )
    duty = world.duty(number, "handle")
    assert duty.original_due == duty.due
    assert list(replay.check()) == []


@pytest.mark.parametrize(
    ("field", "new", "kept"),
    [
        ("channel", "电话", "phone"),
        ("channel", " Telephone", "phone"),
        ("channel", "phone", "phone"),
        ("received_on", "2025年3月1日", "2025-03-01"),
        ("received_on", "2025-3-1", "2025-03-01"),
        ("occurred_at", "2025.3.1", "2025-03-01"),
    ],
)
def test_a_new_value_is_taken_in_words(world: World, field: str, new: str, kept: str) -> None:
    number = world.register("2025-03-03", received_on=date(2025, 3, 3))
    register = act(number, "register")
    correct(world, number, register, field, new, on="2025-03-04", second="YJ01-S")
    assert act(number, "correct").data["new"] == kept
    assert list(replay.check()) == []


def test_a_strange_option_is_refused_with_the_words_of_the_options(world: World) -> None:
    number = world.register("2025-03-03", channel="phone")
    with pytest.raises(Refused) as refused:
        correct(world, number, act(number, "register"), "channel", "口信", on="2025-03-04")
    why = refused.value.reasons[0]
    assert (why.code, why.field) == ("field-option", "new")
    assert "可选：信息网络、书信、电话" in why.zh
    assert "options: information network, letter" in why.en
    assert not why.remedy_zh  # that of the registration speaks of visitors who come together


@pytest.mark.parametrize(
    ("flag", "day"), [("unbound", "2019-03-04"), ("own_notice_rules", "2025-03-03")]
)
def test_no_correction_says_what_the_registry_says_of_an_organ(
    world: World, flag: str, day: str
) -> None:
    number = world.register(day, who="handler", office="organ")
    fields: dict[str, Any] = {"target": act(number, "register").pk, "field": flag, "new": "true"}
    texts = {"reason": "登记时抄错"}
    with pytest.raises(Refused) as refused:
        world.act(
            "handler", "correct", number, on=day, texts=texts, step={"paper": PAPER}, **fields
        )
    assert [one.code for one in refused.value.reasons] == ["no-field"]
    why = refused.value.reasons[0]
    assert "由名录认定" in why.zh
    assert "registry" in why.en


def test_a_digest_is_no_value_to_be_corrected(world: World) -> None:
    number = world.register("2025-03-03", papers=(PAPER,))
    with pytest.raises(Refused) as refused:
        correct(world, number, act(number, "register"), "papers", "cd" * 32, on="2025-03-04")
    assert "no-field" in [why.code for why in refused.value.reasons]
