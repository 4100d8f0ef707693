"""Self-composition: the same requests in worlds that differ only in protected cases must get the
same answers.

A group of worlds shares its low part and its requests. The first world of a group (with every
protected case, so that
all numbers are known) is the one the others are compared with; since equality carries over, each
later world makes one
pair. Everything is played inside one transaction and rolled back to a savepoint.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from dengwen.access.models import User
from dengwen.cases.models import Document
from dengwen.desk.shell.frame.seat import ORGAN_CHOSEN
from dengwen.notices.models import Outbox
from tests.wall.asking import Ask
from tests.wall.highs import HIGH, Known, low_after, low_before, variant, write_high
from tests.wall.routes import PROBES, routes, uploads
from tests.wall.stage import Actor, Counted, Stage, drawn, held_still, swept, undone

BACKEND = "dengwen.access.login.sign_in.PasswordBackend"
PAIRS_A_GROUP = 5
REQUESTS = 200
"""Requests of a world at least: CI asks for 100 pairs and 20,000 compared requests. More routes
make it more."""
GROUPS_OF_A_TURN = 20
"""In so many groups every cell has its turn, and with five pairs each it is compared five times."""
Asked = tuple[str, str, int]
"""An actor's name, a route, and how many requests of it."""
HOT: tuple[Asked, ...] = (
    ("handler of the unit", "desk:home", 2),
    ("handler of the unit", "desk:find", 6),
    ("handler of the unit", "desk:register", 4),
    ("handler of the unit", "desk:case", 4),
    ("handler of the unit", "desk:act", 8),
    ("handler of the unit", "desk:proof", 3),
    ("handler of the unit", "desk:file", 2),
    ("handler of the unit", "desk:document", 3),
    ("handler of the unit", "desk:identity", 2),
    ("petition office clerk", "desk:register", 5),
    ("petition office clerk", "desk:home", 2),
    ("petition office clerk", "desk:case", 4),
    ("petition office clerk", "desk:act", 4),
    ("petition office supervisor", "desk:breaches", 1),
    ("petition office supervisor", "desk:find", 3),
    ("accused unit, R10", "desk:breaches", 1),
    ("former member, cleared elsewhere", "desk:home", 1),
    ("former member, cleared elsewhere", "desk:case", 3),
    ("delegate of the accused, cleared", "desk:home", 1),
    ("delegate of the accused, cleared", "desk:case", 3),
    ("accused person, cleared post elsewhere", "desk:home", 1),
    ("accused person, cleared post elsewhere", "desk:case", 2),
    ("unit below, cleared", "desk:case", 2),
    ("accused unit, cleared R5", "desk:case", 2),
    ("petition office clerk", "desk/case/<str:number>/classify/", 2),
    ("reviewer above", "desk:case", 4),
    ("reviewer above", "desk:file", 2),
    ("head of the reviewing bureau", "desk:case", 3),
    ("head of the reviewing bureau", "desk:document", 2),
    ("the public", "portal:follow", 4),
    ("the public", "portal:submit", 3),
    ("the public", "portal:follow-receipt", 2),
)
"""Cells asked beside their turn: people who see much, on pages that show much."""
HOT_TURNS = 5
"""A group asks every fifth of them; a search for a planted leak asks them all, after those where
it is awaited."""
INSIDERS = ("sealed", "discipline")
"""Cleared people who work between the protected cases and the probes, so that shared caches and
logs are filled."""


@dataclass(frozen=True)
class Cell:
    """One route as one actor."""

    actor: Actor
    route: str

    def __str__(self) -> str:
        return f"{self.route} × {self.actor.name}"


@dataclass(frozen=True)
class Seen:
    """Everything an actor can observe of one answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: str
    body: bytes
    queries: int

    def aspects(self) -> tuple[tuple[str, object], ...]:
        """Return the observations by name, the most telling first."""
        return (
            ("status", self.status),
            ("headers", self.headers),
            ("cookies", self.cookies),
            ("body", self.body),
            ("number of queries", self.queries),
        )


@dataclass(frozen=True)
class Difference:
    """The first difference found: at which pair, in what, and the bytes around it."""

    pair: int
    where: str
    aspect: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"pair {self.pair}: {self.where}: {self.aspect}\n  {self.one}\n  {self.other}"


@dataclass
class Figures:
    """What a run did."""

    pairs: int = 0
    requests: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def joined(parts: Sequence[Figures]) -> Figures:
        """Add up the figures of several processes."""
        whole = Figures()
        for part in parts:
            whole.pairs += part.pairs
            whole.requests += part.requests
            whole.cells += part.cells
            whole.statuses += part.statuses
            whole.broken |= part.broken
        return whole


def cells(stage: Stage) -> list[Cell]:
    """Return every route × actor of the URL configuration, in rounds: each asks every route once,
    and everybody about equally often, so that a share of all cells still comes to both."""
    shuffled = random.Random("cells")
    names, actors = list(dict.fromkeys(routes())), list(stage.actors)
    shuffled.shuffle(names)
    shuffled.shuffle(actors)
    every = []
    for turn in range(len(actors)):
        places = list(range(len(names)))
        shuffled.shuffle(places)
        every += [Cell(actors[(n + turn) % len(actors)], names[n]) for n in places]
    return every


@dataclass(frozen=True)
class Planned:
    """One request of a plan: by whom, and which of the route's requests."""

    cell: Cell
    turn: int


def plan(stage: Stage, group: int, *, only: Sequence[Asked] = ()) -> list[Planned]:
    """Return the requests of a group: a share of the hot cells and the next ones of a fixed
    shuffle; or `only` some."""
    actors = {a.name: a for a in stage.actors}
    wanted = [
        Planned(Cell(actors[name], route), group * times + n)
        for name, route, times in only or HOT
        if route in PROBES
        for n in range(times)
    ]
    if only:
        return wanted
    wanted = wanted[group % HOT_TURNS :: HOT_TURNS]
    everything = cells(stage)
    room = max(REQUESTS - len(wanted), -(-len(everything) // GROUPS_OF_A_TURN))
    start = group * room
    for n in range(start, start + room):
        wanted.append(Planned(everything[n % len(everything)], n // len(everything) + n))
    random.Random(f"order/{group}").shuffle(wanted)
    return wanted


class Harness:
    """Plays groups of worlds on a stage and compares what is seen."""

    def __init__(self, stage: Stage, *, only: Sequence[Asked] = ()) -> None:
        """Play on `stage`; every group as planned, or `only` some requests."""
        self.stage = stage
        self.only = only
        self.figures = Figures()
        self.here = Known()
        self.pair = 0
        self.signed_in: dict[Actor, SimpleCookie] = {}

    def run(self, pairs: int, first_group: int = 0) -> Difference | None:
        """Compare that many pairs; return the first difference, or None."""
        group = first_group
        while self.figures.pairs < pairs:
            found = self.group(group, min(PAIRS_A_GROUP, pairs - self.figures.pairs))
            if found is not None:
                return found
            group += 1
        return None

    def group(self, group: int, pairs: int) -> Difference | None:
        """Play the first world of a group and compare `pairs` others with it."""
        planned = plan(self.stage, group, only=self.only)
        with held_still(), undone(), swept(settings.DATA / "files"):
            known = low_before(self.stage, random.Random(f"low/{group}"), group)
            self.sign_in(group, planned)
            reference = list(self.world(group, 0, known, planned, None))
            for n in range(1, pairs + 1):
                self.figures.pairs += 1
                self.pair = group * PAIRS_A_GROUP + n
                for place, (seen, expected) in enumerate(
                    zip(self.world(group, n, known, planned, reference), reference, strict=True)
                ):
                    self.note(planned, place, seen)
                    if seen != expected:
                        return self.difference(planned, place, expected, seen)
        return None

    def sign_in(self, group: int, planned: Sequence[Planned]) -> None:
        """Let everybody sign in who asks something, before the worlds part."""
        who = [
            *dict.fromkeys(one.cell.actor for one in planned),
            *(Actor(name, name) for name in INSIDERS),
        ]
        self.signed_in = {actor: self.client(actor, f"client/{group}").cookies for actor in who}

    def note(self, planned: Sequence[Planned], place: int, seen: Seen) -> None:
        """Count a compared request; what comes after the planned ones is the outbox."""
        if place >= len(planned):
            return
        self.figures.requests += 1
        self.figures.cells[planned[place].cell] += 1
        self.figures.statuses[seen.status] += 1

    def world(
        self,
        group: int,
        n: int,
        known: Known,
        planned: Sequence[Planned],
        reference: Sequence[Seen] | None,
    ) -> Iterator[Seen]:
        """Play one world of a group and yield what is seen; the first one fills in the numbers
        of protected cases."""
        with self.written(group, n, known, first=reference is None) as here:
            yield from self.probes(group, here, planned)
            yield from self.outbox(planned)

    @contextmanager
    def written(self, group: int, n: int, known: Known, *, first: bool) -> Iterator[Known]:
        """Write one world of a group, and take it back."""
        rnd = random.Random(f"high/{group}/{n}")
        cache.clear()
        with undone(), swept(settings.DATA / "files"):
            # The second world has no protected case at all; with the first, that is the widest
            # difference there is.
            parts = () if n == 1 else variant(rnd, full=first)
            made = write_high(self.stage, group, parts, known.low[0])
            if first:
                known.high = [made[place] for place in range(HIGH)]
                known.hidden_leading = [
                    number for place, number in sorted(made.items()) if place >= HIGH
                ]
            here = low_after(self.stage, group, known)
            here.papers = _papers(here)
            self.here = here
            self.insiders(here)
            yield here

    def insiders(self, known: Known) -> None:
        """Let cleared people work on the protected cases: the same requests in every world,
        compared with nothing."""
        for username in INSIDERS:
            client = self.back(Actor(username, username))
            for path in (
                "/desk/",
                "/desk/petitions/find/?q=示例小区",
                *(f"/desk/case/{n}/" for n in known.high),
            ):
                client.get(path)

    def probes(self, group: int, known: Known, planned: Sequence[Planned]) -> Iterator[Seen]:
        """Send the planned requests, each with randomness of its own, every other one undone
        afterwards."""
        routes_asked = dict.fromkeys(one.cell.route for one in planned)
        asked = {route: list(PROBES[route](self.stage, known)) for route in routes_asked}
        clients = {
            actor: self.back(actor) for actor in dict.fromkeys(one.cell.actor for one in planned)
        }
        for place, one in enumerate(planned):
            if one.cell.actor not in clients:
                clients[one.cell.actor] = self.client(one.cell.actor, f"client/{group}")
            choices = asked[one.cell.route]
            ask = choices[one.turn % len(choices)]
            with drawn(f"probe/{group}/{place}"):
                if place % 2 and ask.method == "POST":
                    with undone():
                        seen = self.seen(clients[one.cell.actor], one.cell.actor, ask)
                else:
                    seen = self.seen(clients[one.cell.actor], one.cell.actor, ask)
            yield seen
            if ask.path in ("/desk/sign-in/", "/desk/sign-out/", "/desk/organ/", "/language/"):
                del clients[
                    one.cell.actor
                ]  # sits down anew: the cell of the next request means this actor again

    def back(self, actor: Actor) -> Client:
        """Return the browser of an actor as it was signed in before the worlds of the group
        parted."""
        client = self.browser(actor)
        client.cookies = copy.deepcopy(self.signed_in[actor])
        return client

    def browser(self, actor: Actor) -> Client:
        """Return a fresh browser of an actor, signed in nowhere."""
        place = self.stage.actors.index(actor) if actor in self.stage.actors else 200
        return Client(
            headers={"accept-language": actor.language},
            raise_request_exception=False,
            REMOTE_ADDR=f"127.0.1.{place + 1}",
        )

    def client(self, actor: Actor, label: str) -> Client:
        """Return a fresh browser of an actor, signed in where the actor has an account."""
        client = self.browser(actor)
        if actor.username:
            with drawn(f"{label}/{actor.name}"):
                client.force_login(User.objects.get(username=actor.username), backend=BACKEND)
                if actor.organ:
                    session = client.session
                    session[ORGAN_CHOSEN] = self.stage.organ(actor.organ)
                    session.save()
        return client

    def seen(self, client: Client, actor: Actor, ask: Ask) -> Seen:
        """Send one request and return all that can be observed."""
        counted = Counted()
        with connection.execute_wrapper(counted):
            data = uploads(ask.data)
            answer = client.post(ask.path, data) if ask.method == "POST" else client.get(ask.path)
        body = answer.content
        if answer.status_code >= 500:
            raised = getattr(answer, "exc_info", None)
            self.figures.broken.setdefault(
                f"{actor.name}: {ask}", repr(raised[1]) if raised else ""
            )
        return Seen(
            answer.status_code,
            tuple(sorted(answer.headers.items())),
            answer.cookies.output(),
            body,
            counted.count,
        )

    def outbox(self, planned: Sequence[Planned]) -> Iterator[Seen]:
        """Yield what lies sent in the mailboxes of the actors' organs and accounts."""
        refs = {
            ("official", str(self.stage.users[a.username].pk))
            for a in self.stage.actors
            if a.username
        }
        refs |= {("organ", code) for code in self.stage.world.office.organs if code != "YJ09"}
        sent = Outbox.objects.filter(sent_at__isnull=False).order_by("uid")
        rows = [r for r in sent if (r.recipient, r.recipient_ref) in refs]
        text = "\n".join(f"{r.recipient} {r.recipient_ref} {r.case_number} {r.body}" for r in rows)
        yield Seen(0, (), "", text.encode(), len(planned) * 0)

    def difference(
        self, planned: Sequence[Planned], place: int, expected: Seen, seen: Seen
    ) -> Difference:
        """Say where two worlds differ first, with the bytes around it."""
        where = "mailboxes"
        if place < len(planned):
            one = planned[place]
            choices = list(PROBES[one.cell.route](self.stage, self.here))
            where = f"{one.cell}, {choices[one.turn % len(choices)]}"
        aspect, left, right = next(
            (name, a, b)
            for (name, a), (_same, b) in zip(expected.aspects(), seen.aspects(), strict=True)
            if a != b
        )
        return Difference(self.pair, where, aspect, *_around(left, right))


def _around(left: object, right: object, span: int = 70) -> tuple[str, str]:
    one, other = _text(left), _text(right)
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    start = max(0, place - span)
    return one[start : place + span], other[start : place + span]


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _papers(known: Known) -> list[tuple[str, str]]:
    rows = Document.objects.filter(case__number__in=known.low).order_by(
        "case__number", "act__seq", "rule"
    )
    return [
        (number, f"{seq}/{rule}")
        for number, seq, rule in rows.values_list("case__number", "act__seq", "rule")
    ]
