"""One drawn case: who examines does not call, and the aids for reading a reply."""

from __future__ import annotations

from typing import Any

from dengwen.cases.models import Case
from dengwen.oversight.inspections.queries import read_inspection
from tests.desk.oversight.inspections.sample_inspection import drawn, sit, text
from tests.world import World


def test_a_call_is_offered_only_to_who_did_not_examine_the_case_and_the_page_says_why_not(
    world: World, now: Any
) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    a, b, path = sit("supervisor"), sit("inspector"), f"/desk/oversight/inspections/{number}/"
    answers = {"item-1": "yes", "item-2": "na"}
    assert a.post(f"{path}case/{first}/", answers).status_code == 302
    assert b.post(f"{path}case/{second}/", answers).status_code == 302
    own, other = text(a, path), text(b, path)
    assert (f"/call/{first}/" in own, f"/call/{second}/" in own) == (False, True)
    assert (f"/call/{first}/" in other, f"/call/{second}/" in other) == (True, False)
    assert "您检查过这一件，由别人回访" in own
    assert "您检查过这一件" in text(a, f"{path}call/{first}/")
    refused = a.post(f"{path}call/{first}/", {"result": "satisfied"})
    assert (refused.status_code, "细则第九条" in refused.content.decode()) == (422, True)
    assert b.post(f"{path}call/{first}/", {"result": "satisfied"}).status_code == 302
    assert "您回访过这一件，由别人检查" in text(b, path)
    refused = b.post(f"{path}case/{first}/", answers)
    assert (refused.status_code, "细则第九条" in refused.content.decode()) == (422, True)


def test_the_aids_for_reading_a_reply_stand_where_it_is_graded(world: World, now: Any) -> None:
    now("2025-06-04")
    number = drawn(world)
    first, second = read_inspection(Case.objects.get(number=number)).drawn
    texts = {
        "claim": "修复屋面",
        "facts_reasons": "收悉",
        "opinion": "您的来信已转交物业公司处理。",
        "legal_basis": "无",
    }
    world.act("handler", "draft", first, on="2025-06-04", outcome="support", texts=texts)
    inspector, path = sit("supervisor"), f"/desk/oversight/inspections/{number}/"
    page = text(inspector, f"{path}case/{first}/")
    assert "您的来信已转交物业公司处理。" in page.split('id="reply-aids"')[1].split("</section>")[0]
    assert page.index('id="reply-aids"') < page.index('name="reply"')
    assert 'id="reply-aids"' not in text(inspector, f"{path}case/{second}/")
