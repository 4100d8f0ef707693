"""Every route of the URL configuration, and what is asked of it. A route without a probe fails
the build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from tests.wall import (
    inquiring,
    inspecting,
    measuring,
    personnel,
    portal_pages,
    preventing,
    raising,
    rating,
)
from tests.wall.asking import NOBODY, Ask, Asks, Probe, each, get, numbers, plain, post
from tests.wall.case_pages import act, divide, document, download, draft, identity, sort
from tests.wall.highs import MATTERS, OUTSIDE, PDF, PEOPLE, Known
from tests.wall.leading import book, leader_new, leading, present, roster
from tests.wall.list_addresses import with_lists
from tests.wall.stage import ACCUSED_HEAD, ACCUSED_UNIT, PASSWORD, UNIT_NAME, Stage


def routes(
    patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = "", space: str = ""
) -> Iterator[str]:
    """Yield the key of every route: its name with its namespace, or the pattern where it has no
    name."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(
                one.url_patterns, text, f"{one.namespace}:" if one.namespace else space
            )
        else:
            yield f"{space}{one.name}" if one.name else text


# --- the desk -------------------------------------------------------------------------------------
def home(_stage: Stage, known: Known) -> Asks:
    asked = ("", "?who=all", "?after=2025-03-05_3", "?who=all&after=none_0", "?after=x")
    return get(*(f"/desk/{query}" for query in asked))


def approvals(_stage: Stage, known: Known) -> Asks:
    """Ask what waits for a second person, and decide on steps of low, hidden and missing cases."""
    path, asks = "/desk/approvals/", get("/desk/approvals/")
    for n in numbers(known):
        for seq in ("1", "2"):
            form = {"number": n, "seq": seq, "seen": "ab" * 32, "answer": "approve"}
            asks.append(post(path, **form))
    asks.append(post(path, number=NOBODY, seq="x", answer="refuse", why="示例"))
    return asks


def sign_in(_stage: Stage, known: Known) -> Asks:
    return [
        Ask("GET", f"/desk/sign-in/?next=/desk/case/{known.high[0]}/"),
        post("/desk/sign-in/", username="handler", password="falsch"),
        post(
            "/desk/sign-in/",
            username="handler",
            password=PASSWORD,
            next=f"/desk/case/{known.high[1]}/",
        ),
        post("/desk/sign-in/", username="head", password=PASSWORD),
        post("/desk/sign-in/", username="unit-R3", password=PASSWORD),
        post("/desk/sign-in/", username=known.high[0], password=ACCUSED_HEAD),
    ]


def organ(stage: Stage, _known: Known) -> Asks:
    units = (stage.organ(code) for code in (ACCUSED_UNIT, "YJ01", "YJ09"))
    return [*get("/desk/organ/"), *(post("/desk/organ/", organ=str(pk)) for pk in units)]


def register(stage: Stage, known: Known) -> Asks:
    sorting = {
        "class": "claim",
        "path": "31(6)",
        "onward": "forward",
        "on_to": str(stage.organ("YJ03")),
    }
    asks = get("/desk/petitions/register/")
    for who, (name, address, phone) in enumerate(PEOPLE):
        form = {
            "go": "register",
            "channel": "letter",
            "petitioner": name,
            "address": address,
            "phone": phone,
            "requests": "修复",
            "subject": MATTERS[who][:20],
            "content": MATTERS[who],
        }
        outside = {"outside_source": OUTSIDE[0], "outside_no": OUTSIDE[who + 1]}
        asks += [
            post("/desk/petitions/register/", **form, alike="1", category="c01"),
            *(post("/desk/petitions/register/", **form, **more) for more in ({}, sorting)),
            post("/desk/petitions/register/", **form, **outside),
            post(
                "/desk/petitions/register/",
                **form,
                accusation="true",
                accused=f"{UNIT_NAME} {ACCUSED_HEAD}",
            ),
            post("/desk/petitions/register/", **form, papers=("来信.pdf", PDF)),
            post("/desk/petitions/register/", **form, accusation="true", papers=("来信.pdf", PDF)),
            post("/desk/petitions/register/", **form, alike="1", papers=("坏.pdf", b"MZ")),
        ]
    empty = [
        post("/desk/petitions/register/", go="register", channel="letter", no_content=why)
        for why in ("", "empty")
    ]
    return [*asks, *empty, post("/desk/petitions/register/", channel="")]


def register_alike(_stage: Stage, _known: Known) -> Asks:
    path = "/desk/petitions/register/alike/"
    asks = []
    for (name, _address, phone), matter in zip(PEOPLE, MATTERS, strict=False):
        typed = {"petitioner": name, "phone": phone, "subject": matter[:20], "content": matter}
        asks += [
            post(path, **typed),
            post(path, subject=matter[:20], content=matter),
            post(path, content=matter, accusation="true"),
            post(path, **typed, **{"class": "accusation"}),
        ]
    return [*asks, post(path), *get(path)]


def find(_stage: Stage, known: Known) -> Asks:
    words = ("示例小区", "屋面渗水", "电梯", "收受好处", UNIT_NAME, ACCUSED_HEAD, "YJ01-2025", "x")
    people = [
        post("/desk/petitions/find/", name=name, phone=phone) for name, _address, phone in PEOPLE
    ]
    lookups = get(*(f"/desk/petitions/find/?q={w}" for w in (*words, *numbers(known))))
    return [
        lookups[0],
        people[0],
        lookups[8],
        lookups[1],
        people[1],
        lookups[9],
        *lookups[2:8],
        *lookups[10:],
    ]


def registry_act(stage: Stage, _known: Known) -> Asks:
    path = f"/desk/registry/organ/{ACCUSED_UNIT}"
    away = {"official": "YJ02-L", "post": "YJ02-YJ02-L", "from": "2025-03-21"}
    return [
        *get(
            f"{path}/relieve/",
            f"{path}/substitute/",
            f"{path}/classify/",
            "/desk/registry/organ/YJ01/appoint/",
        ),
        post(f"{path}/relieve/", **away),
        post(
            f"{path}/found_post/",
            organ=ACCUSED_UNIT,
            code="YJ02-NEU",
            leading="staff",
            title_zh="科员",
        ),
        post(f"{path}/rename/", name_zh=""),
    ]


def found(_stage: Stage, _known: Known) -> Asks:
    form = {
        "code": "NEU",
        "name_zh": "示例新设机关",
        "kind": "government_department",
        "level": "county",
    }
    return [
        *get("/desk/registry/new/"),
        post("/desk/registry/new/", **form),
        post("/desk/registry/new/", code=ACCUSED_UNIT),
    ]


def taken_over(_stage: Stage, _known: Known) -> Asks:
    rows = "code,name_zh,kind,level\nNEU2,示例机关二,government_department,county\n"
    return [
        *get(*(pages := ("/desk/registry/import/", "/desk/registry/import/divisions/"))),
        *(post(page, list=("list.csv", rows.encode())) for page in pages),
        *(post(page, kept="AAAA", digest="00", confirm="1") for page in pages),
    ]


def scheme_new(_stage: Stage, known: Known) -> Asks:
    likes = (post("/desk/assessment/schemes/", like=number) for number in numbers(known))
    return [post("/desk/assessment/schemes/", scheme="none"), *likes]


def began(_stage: Stage, _known: Known) -> Asks:
    path = "/desk/leadership/duties/do/inspection/conclude/"
    form = {"type": "special", "circular_scope": "system", "findings": "示例"}
    return [
        *get(path, "/desk/leadership/duties/do/petition/register/"),
        post(path, type="special"),
        post(path, **form),
    ]


# --- oversight ------------------------------------------------------------------------------------
LETTER = {
    "defect_ground": "delay",
    "reply_by": "2025-03-31",
    "subject": "督办",
    "defect": "逾期",
    "demand": "办结",
}
LOOSE = {**LETTER, "problem": "问题", "proposal": "建议"}


def supervise(stage: Stage, known: Known) -> Asks:
    asks = []
    for n in numbers(known):
        path = f"/desk/oversight/breaches/order/?line={n}.1"
        asks += [
            *get(path, f"/desk/oversight/breaches/order/?line={n}.2"),
            post(path, **LETTER, to=str(stage.organ("YJ03"))),
        ]
    return asks


def reminders(_stage: Stage, known: Known) -> Asks:
    path, lines = (
        "/desk/oversight/breaches/reminders/",
        [f"{n}.{place}" for n in numbers(known) for place in (1, 2)],
    )
    query = "&".join(f"line={line}" for line in lines)
    return [
        *get(f"{path}?{query}", f"{path}?all=1"),
        post(path, line=lines, reply_by="2025-03-31", send="1"),
        post(path, all="1", reply_by="2025-03-31", send="1"),
    ]


def hand_over(_stage: Stage, _known: Known) -> Asks:
    """Ask what lies with handlers of the accused unit, another bureau and the petition office,
    and hand it over."""
    path = "/desk/petitions/hand-over/"
    return [
        *get(path, *(f"{path}?from={who}" for who in ("YJ02-L", "YJ03-H", "YJ01-S"))),
        post(path, **{"from": "YJ02-L"}, to="YJ02-W", note="调离"),
        post(path, **{"from": "YJ03-H"}, to="YJ03-K"),
    ]


def opened(stage: Stage, known: Known) -> Asks:
    """Ask to begin procedures that name a protected case, a low one, and one of nobody."""
    asks = get(
        "/desk/open/petition/register/",
        "/desk/open/conference/convene/",
        "/desk/open/annual_report/submit/",
        "/desk/open/accountability/open_own/",
        "/desk/open/inquiry/open_inquiry/",
    )
    to = str(stage.organ("YJ03"))
    for n in [*numbers(known)[:6], NOBODY]:
        asks += [
            post("/desk/open/supervision/order/", **LETTER, to=to, about=n),
            post("/desk/open/suggestion/make/", **LOOSE, to=to, about=n),
        ]
    return asks


# --- incidents ------------------------------------------------------------------------------------


def group_new(_stage: Stage, _known: Known) -> Asks:
    path = "/desk/petitions/groups/"
    return [
        *get(path),
        post(path, go="register", persons="40", subject="屋面渗水"),
        post(path, persons="1", subject=""),
    ]


def group_page(page: str, **data: Any) -> Probe:
    """Return a probe that asks for a page of a group by every number, and posts to it."""

    def asks(_stage: Stage, known: Known) -> Asks:
        paths = [f"/desk/petitions/groups/{n}/{page}" for n in numbers(known)]
        return [*get(*paths), *(post(path, **data) for path in (paths if data else ()))]

    return asks


KNOWN_AT = {
    "known_on": "2025-03-21",
    "known_time": "09:00",
    "type": "collective_visit",
    "persons": "40",
}
TOLD = {"told_on": "2025-03-21", "told_time": "14:00", "how": "phone", "to": "report"}


def incident_new(_stage: Stage, _known: Known) -> Asks:
    """Open an incident, then one that cannot be."""
    form = {**KNOWN_AT, "subject": "四十人走访", "what": "反映屋面渗水"}
    path = "/desk/leadership/incidents/new/"
    return [*get(path), post(path, **form), post(path, **KNOWN_AT)]


def incident_report(_stage: Stage, known: Known) -> Asks:
    """Ask for the report of every number, protected ones too."""
    paths = [f"/desk/leadership/incidents/{n}/report/" for n in numbers(known)]
    return [*get(*paths), *(post(path, **TOLD) for path in paths)]


_PROBES: dict[str, Probe] = {
    **preventing.PROBES,
    **inquiring.PROBES,
    **inspecting.PROBES,
    **measuring.PROBES,
    **raising.PROBES,
    **personnel.PROBES,
    **rating.PROBES,
    **portal_pages.PROBES,
    "desk:home": home,
    "desk:approvals": approvals,
    "desk:sign_in": sign_in,
    "desk:sign_out": lambda _stage, _known: [post("/desk/sign-out/"), *get("/desk/sign-out/")],
    "desk:organ": organ,
    "desk:register": register,
    "desk:register_alike": register_alike,
    "desk:find": find,
    "desk:breaches": plain(
        "/desk/oversight/breaches/", "/desk/oversight/breaches/?after=2025-03-05_3"
    ),
    "desk:supervise": supervise,
    "desk:reminders": reminders,
    "desk:suggestions": plain(
        "/desk/oversight/suggestions/", "/desk/oversight/suggestions/?after=YJ01"
    ),
    "desk:figures": plain(
        "/desk/oversight/figures/",
        "/desk/oversight/figures/?month=2025-03",
        "/desk/oversight/figures/?month=2025-02&at=3",
    ),
    "desk:figure_cases": plain(
        "/desk/oversight/figures/cases/?month=2025-03&figure=matters",
        "/desk/oversight/figures/cases/?month=2025-03&figure=repeat",
        "/desk/oversight/figures/cases/?month=2025-03&figure=first&by=channel&row=letter",
        "/desk/oversight/figures/cases/?figure=x",
    ),
    "desk:annual_report": plain(
        "/desk/oversight/figures/year/", "/desk/oversight/figures/year/?year=2025"
    ),
    "desk:open": opened,
    "portal:reception": portal_pages.attempts(
        "/reception/", day="{day}", token="7" * 32, go="send"
    ),
    "desk:leader": plain("/desk/leadership/"),
    "desk:leader_new": leader_new,
    "desk:letter": leading(
        "/desk/leadership/letters/{}/", go="comment", text="请办理", to="1", due="2025-04-10"
    ),
    "desk:lines": leading(
        "/desk/leadership/lines/{}/", said="反映渗水", what_1="修复", to_1="1", until_1="2025-04-30"
    ),
    "desk:brief": leading("/desk/leadership/brief/{}/"),
    "desk:present": present,
    "desk:book": book,
    "desk:roster": roster,
    "desk:staff": plain(
        "/desk/leadership/staff/",
        "/desk/leadership/staff/?who=YJ02-L",
        "/desk/leadership/staff/?who=YJ01-Q&from=2025-03-01",
    ),
    "desk:hand_over": hand_over,
    "desk:group_new": group_new,
    "desk:group": group_page(""),
    "desk:group_members": group_page("members/", members="王示例,13800000000"),
    "desk:group_representatives": group_page("representatives/", which="1"),
    "desk:group_mandate": group_page("mandate/"),
    "desk:group_requests": group_page("requests/", common="修复屋面"),
    "desk:group_receipts": group_page("receipts/", uid="x"),
    "desk:incidents": plain("/desk/leadership/incidents/"),
    "desk:incident_new": incident_new,
    "desk:incident": each("/desk/leadership/incidents/{}/"),
    "desk:incident_report": incident_report,
    "desk:organ_duties": plain(
        f"/desk/leadership/duties/organ/{ACCUSED_UNIT}/",
        "/desk/leadership/duties/organ/YJ01/?year=2025",
        "/desk/leadership/duties/organ/X/",
    ),
    "desk:leader_duties": plain(
        "/desk/leadership/duties/leader/YJ02-Z/",
        "/desk/leadership/duties/leader/YJ01-Z/?year=2025",
        "/desk/leadership/duties/leader/X/",
    ),
    "desk:begin": began,
    "desk:registry": plain(
        "/desk/registry/", f"/desk/registry/?q={UNIT_NAME}", "/desk/registry/?after=YJ01"
    ),
    "desk:found": found,
    "desk:assessments": plain("/desk/assessment/"),
    "desk:scheme_new": scheme_new,
    "desk:scheme": each("/desk/assessment/schemes/{}/"),
    "desk:assessment_choose": plain(
        "/desk/assessment/choose/",
        "/desk/assessment/choose/?scheme=X&first=2025-01-01&last=2025-03-01",
    ),
    "desk:assessment_compare": plain(
        "/desk/assessment/compare/",
        "/desk/assessment/compare/?old=X&new=Y&first=2025-01-01&last=2025-03-01",
    ),
    "desk:assessment": each("/desk/assessment/{}/"),
    "desk:assessment_organ": plain(f"/desk/assessment/{NOBODY}/{ACCUSED_UNIT}/"),
    "desk:import": taken_over,
    "desk:import_divisions": taken_over,
    "desk:organ_page": plain(
        f"/desk/registry/organ/{ACCUSED_UNIT}/",
        "/desk/registry/organ/YJ09/",
        "/desk/registry/organ/X/",
    ),
    "desk:registry_act": registry_act,
    "desk:case": personnel.besides(each("/desk/case/{}/")),
    "desk:identity": identity,
    "desk:document": personnel.besides(document),
    "desk:proof": each("/desk/case/{}/proof/1/"),
    "desk:file": download,
    "desk/case/<str:number>/classify/": sort,
    "desk/case/<str:number>/draft/": draft,
    "desk/case/<str:number>/split/": divide,
    "desk:act": personnel.besides(act),
}
PROBES = with_lists(_PROBES)
"""What is asked of each route; lists in every order, narrowed, and page by page."""


def uploads(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is posted, with fresh files where a pair of name and bytes stands for one."""
    return {k: SimpleUploadedFile(*v) if isinstance(v, tuple) else v for k, v in data.items()}
