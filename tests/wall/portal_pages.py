"""What is asked of the pages of the portal."""

from __future__ import annotations

from typing import Any

from tests.wall import inspecting
from tests.wall.asking import NOBODY, Asks, Probe, get, plain, post
from tests.wall.highs import MATTERS, PDF, PEOPLE, TOKENS, Known
from tests.wall.stage import ACCUSED_HEAD, UNIT_NAME, Stage


def attempts(path: str, **more: Any) -> Probe:
    """Return a probe that looks a matter up: with its code, with a wrong one, a protected one,
    one of nobody."""

    def asks(_stage: Stage, known: Known) -> Asks:
        wrong = "2345-6789-ABCD-EFGH-JKMN"
        pairs = [
            (known.online, known.code),
            (known.high[0], known.code),
            (known.high[1], wrong),
            (known.online, wrong),
            (NOBODY, wrong),
            (known.high[2], ""),
            ("x", ""),
        ]
        given = {
            k: v.format(day=known.leading[2]) if isinstance(v, str) else v for k, v in more.items()
        }
        return [*(post(path, number=n, code=c, **given) for n, c in pairs), *get(path)]

    return asks


def submit(_stage: Stage, known: Known) -> Asks:
    asks = get("/submit/")
    for who, (name, address, phone) in enumerate(PEOPLE):
        form = {
            "token": "4" * 32,
            "kind": "claim",
            "story": MATTERS[who],
            "request-1": "修复",
            "identity": "open",
            "name": name,
            "address": address,
            "phone": phone,
        }
        accuse = {
            **form,
            "kind": "accusation",
            "accused": f"{UNIT_NAME}{ACCUSED_HEAD}",
            "token": "5" * 32,
        }
        asks += [
            post("/submit/", **form, go="send"),
            post("/submit/", **form, step="story", go="next"),
            post("/submit/", **accuse, go="send"),
            post("/submit/", **form, step="who", go="next"),
            post("/submit/", **form, step="papers", go="next", papers=("照片.pdf", PDF), whole="1"),
            post(
                "/submit/", **accuse, step="papers", go="send", papers=("照片.pdf", PDF), whole="1"
            ),
        ]
    return [
        *asks,
        post("/submit/", kind="claim", token=TOKENS[0], story="x"),
        post("/submit/", kind="claim", go="send"),
    ]


def receipt(_stage: Stage, known: Known) -> Asks:
    return [
        post("/receipt/", token=TOKENS[0]),
        post("/receipt/", token=TOKENS[0], go="save"),
        post("/receipt/", token="6" * 32),
        post("/receipt/", token=TOKENS[0], go="kept"),
        *get("/receipt/"),
    ]


def language(_stage: Stage, known: Known) -> Asks:
    return [
        post("/language/", language="en", next=f"/desk/case/{known.high[0]}/"),
        post("/language/", language="zh-hans"),
    ]


PROBES: dict[str, Probe] = {
    "set_language": language,
    "portal:start": plain("/", "/?kind=claim"),
    "portal:reach": plain("/reach/"),
    "portal:verify": plain("/verify/"),
    "portal:draws": plain("/inspections/", "/inspections/?year=2024", "/inspections/?year=x"),
    "portal:redraw": plain("/inspections/redraw/"),
    "portal:draw-file": inspecting.public_files,
    "portal:submit": submit,
    "portal:receipt": receipt,
    "portal:follow": attempts("/follow/"),
    "portal:paper": attempts("/follow/paper/", paper="1"),
    "portal:follow-receipt": attempts("/follow/receipt/"),
    "portal:ask": lambda stage, known: [
        *attempts("/follow/ask/", act="withdraw", reason="已经解决", go="send")(stage, known),
        *attempts(
            "/follow/ask/", act="add_material", papers=("收据.pdf", PDF), whole="1", go="send"
        )(stage, known),
    ],
    "portal:evaluation": attempts("/follow/evaluation/", token="8" * 32),
    "portal:rate": lambda _stage, known: [
        *get("/rate/"),
        *(
            post(
                "/rate/",
                evaluation_code=code,
                go="send",
                competent="satisfied",
                department="satisfied",
            )
            for code in (*known.high, "ABCDE-FGHJK-MNPQR-STUVW", "")
        ),
    ],
}
