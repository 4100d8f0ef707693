"""Probes of the registers of prevention, of minutes, and of the lists for classified handling."""

from __future__ import annotations

from tests.wall.asking import Asks, Probe, get, numbers, plain, post
from tests.wall.highs import MATTERS, Known
from tests.wall.stage import ACCUSED_UNIT, Stage

PREVENTION = ("decisions", "warnings", "meetings", "screenings", "problems", "provisions")


def prevention_parts(_stage: Stage, known: Known) -> Asks:
    """Ask for every register, and for the page after a hidden number."""
    after = [f"/desk/prevention/decisions/?after={n}" for n in known.high[:2]]
    return get(*(f"/desk/prevention/{part}/" for part in (*PREVENTION, "x")), *after)


def prevention_new(_stage: Stage, known: Known) -> Asks:
    """Begin records, one of them about a hidden number, one about a low one."""
    form = {"field": "project", "subject": "示例选址"}
    problem = {"answers": "government", "subject": MATTERS[0][:20]}
    money = {
        "year": "2025",
        "staff": "3",
        "money": "1000",
        "approved_on": "2025-03-03",
        "subject": "示例保障",
    }
    return [
        *get("/desk/prevention/decisions/new/enter/", "/desk/prevention/warnings/new/raise/"),
        post("/desk/prevention/decisions/new/enter/", **form),
        post("/desk/prevention/problems/new/open_record/", **problem),
        post("/desk/prevention/provisions/new/set_aside/", **money, meeting=known.high[0]),
        post("/desk/prevention/provisions/new/set_aside/", **money, meeting=known.low[0]),
    ]


def organ_list(_stage: Stage, _known: Known) -> Asks:
    path = f"/desk/registry/organ/{ACCUSED_UNIT}/list/"
    rows = "category,demand,path,procedure,term,basis\nc01,示例,31(6),信访程序,六十日,条例\n"
    return [
        *get(path, f"{path}?version=1", "/desk/registry/organ/X/list/"),
        post(path, list=("list.csv", rows.encode())),
        post(path, kept="AAAA", digest="00", confirm="1"),
    ]


def record_item(_stage: Stage, known: Known) -> Asks:
    asks = []
    for n in numbers(known):
        path = f"/desk/case/{n}/record_item/"
        asks += [
            *get(path),
            post(path, item="1", outcome="heard", others="YJ01-Z；到会，没有表态；"),
        ]
    return asks


PROBES: dict[str, Probe] = {
    "desk:prevention": plain("/desk/prevention/"),
    "desk:prevention_part": prevention_parts,
    "desk:prevention_new": prevention_new,
    "desk:organ_list": organ_list,
    "desk/case/<str:number>/record_item/": record_item,
}
