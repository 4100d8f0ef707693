"""Probes of what personnel departments are told and ask: a notice and an opinion about the
accused head, a query."""

from __future__ import annotations

from typing import Any

from tests.accountability.deciding import decided, notified, official
from tests.wall.asking import NOBODY, Asks, Probe, get, numbers, plain, post
from tests.wall.highs import Known
from tests.wall.stage import ACCUSED_HEAD, ACCUSED_UNIT, HEAD_CODE, Stage


def prepare(stage: Stage) -> None:
    """Decide on the accused head, notify it, and ask for an opinion on him: all of it low, the
    same in every world."""
    world = stage.world
    stage.decision = decided(world, "2025-03-05")
    stage.notice = notified(world, stage.decision, "2025-03-06")
    fields: dict[str, Any] = {"to": world.organ("YJ01"), "cadre": official(HEAD_CODE).pk}
    texts = {"purpose": "任职考察"}
    asked = world.act(
        "organiser", "ask", kind="personnel_opinion", on="2025-03-10", texts=texts, **fields
    )
    stage.opinion = asked.case


def page(name: str, own: str, **data: Any) -> Probe:
    """Return a probe of a page about one case: the low one, protected and unknown ones, read and
    posted to."""

    def asks(stage: Stage, known: Known) -> Asks:
        paths = [
            f"/desk/personnel/{name}/{n}/"
            for n in (getattr(stage, own), *numbers(known)[:4], NOBODY)
        ]
        return [
            *get(*paths),
            *get(f"{paths[0]}?first=2025-01-01&last=2025-03-20"),
            post(paths[0], **data),
            *(post(path, **data) for path in paths),
        ]

    return asks


def ask(stage: Stage, _known: Known) -> Asks:
    """Ask for an opinion on the accused head, on somebody unknown, and on nobody."""
    path, office = "/desk/personnel/ask/", str(stage.organ("YJ01"))
    names = (ACCUSED_HEAD, HEAD_CODE, "无名", "")
    return [*get(path), *(post(path, to=office, cadre=name, purpose="任职考察") for name in names)]


def honours(stage: Stage, _known: Known) -> Asks:
    """Ask whether the accused unit and another one may be honoured, then for a year that cannot
    be."""
    path = "/desk/personnel/honours/"
    pairs = ((ACCUSED_UNIT, "2025"), ("YJ03", "2025"), (ACCUSED_UNIT, "2016"))
    return [
        *(
            post(path, unit=str(stage.organ(unit)), year=year, award="示例文明单位")
            for unit, year in pairs
        ),
        *get(path),
    ]


def generic(stage: Stage) -> Asks:
    """Return what the general pages are asked about the notice and the opinion."""
    acts = {stage.notice: ("sign_receipt", "record_use"), stage.opinion: ("answer", "record_use")}
    pages = [f"/desk/case/{number}/" for number in acts]
    steps = [f"/desk/case/{number}/{act}/" for number, names in acts.items() for act in names]
    papers = [
        f"/desk/case/{stage.notice}/documents/1/result_notification/",
        f"/desk/case/{stage.notice}/proof/1/",
    ]
    said = {"use": "rating", "weighed": "示例", "performance": "按期", "in_force": "无"}
    return [*get(*pages, *steps, *papers), *(post(step, **said) for step in steps)]


def besides(probe: Probe) -> Probe:
    """Return a probe that asks about the notice and the opinion as well, as far as its own kind
    of page goes."""

    def asks(stage: Stage, known: Known) -> Asks:
        own = list(probe(stage, known))
        depth = {one.path.count("/") for one in own}
        return [*own, *(one for one in generic(stage) if one.path.count("/") in depth)]

    return asks


PROBES: dict[str, Probe] = {
    "desk:personnel": plain("/desk/personnel/"),
    "desk:personnel_ask": ask,
    "desk:personnel_notice": page("notice", "notice", uid="x"),
    "desk:personnel_opinion": page(
        "opinion", "opinion", performance="按期", in_force="无", exempted="无"
    ),
    "desk:honours_ask": honours,
    "desk:honours": page("honours", "opinion"),
}
