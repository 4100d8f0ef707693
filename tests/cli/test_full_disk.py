"""A full file system under database, log and files, through server and worker as they ship (fault
F07).

Two ways to fill it. `disk` is the real thing: a small file system of its own, which takes the right
to mount one. `limit` works for everybody: the limit of what a process may write to a file falls to
nothing, so that the system refuses every write (EFBIG instead of ENOSPC) while it runs, and rises
again. What is asked is the same.
"""

from __future__ import annotations

import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dengwen.cli.office.demo import GRANIAN
from dengwen.cli.shell.output import NO_ROOM as NO_ROOM_SAID
from dengwen.worker.loops import NO_ROOM, NO_ROOM_PAUSE
from tests.cli.conftest import REPOSITORY, Dengwen, on
from tests.cli.visitor import Page, Upload, Visitor, free_port
from tests.portal.petitioner import ANSWERS, forms_of

MAY_MOUNT = 21
"""Place of CAP_SYS_ADMIN among the capabilities of a process."""
SIZE = "40m"
PASSWORD = "dengwen-practice-2026"  # of the invented accounts
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LARGE = b"%PDF-1.4\n" + bytes(3 << 20) + b"\n%%EOF\n"
"""More than a form keeps in memory: it goes through a temporary file."""
SORTED = {"class": "claim", "path": "31(6)", "on_to": "YJ02"}
PATIENCE = 60
SOON = 5
"""Seconds within which the office goes on once there is room (F07)."""


def may_mount() -> bool:
    """Say whether this process may mount a file system."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    capable = int(re.findall(r"CapEff:\s*(\w+)", status)[0], 16)
    return bool(capable >> MAY_MOUNT & 1) and shutil.which("mount") is not None


class Disk:
    """A small file system of its own, and what fills it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)

    def fill(self) -> None:
        """Write until not one byte goes on it."""
        with (self.place / "ballast").open("ab", 0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        assert shutil.disk_usage(self.place).free == 0

    def make_room(self) -> None:
        """Take away what fills it."""
        (self.place / "ballast").unlink()

    def watch(self, running: subprocess.Popen[bytes]) -> None:
        """Nothing to do: whoever writes here meets the same disk."""

    def forget(self) -> None:
        """Nobody writes here any more."""

    def close(self) -> None:
        """Give it back."""
        subprocess.run(["umount", "--lazy", self.place], check=True)


class Limit:
    """The limit of what processes may write to a file."""

    def __init__(self, place: Path) -> None:
        self.place, self.running, self.now = (
            place,
            list[subprocess.Popen[bytes]](),
            resource.RLIM_INFINITY,
        )

    def fill(self) -> None:
        """Let nobody write another byte."""
        self._set(0)

    def make_room(self) -> None:
        """Take the limit away."""
        self._set(resource.RLIM_INFINITY)

    def watch(self, running: subprocess.Popen[bytes]) -> None:
        """Let the limit hold for a process and its children, too."""
        self.running.append(running)
        self._set(self.now)

    def forget(self) -> None:
        """The processes it held for have ended."""
        self.running.clear()

    def close(self) -> None:
        """Nothing lies here that is not temporary."""

    def _set(self, most: int) -> None:
        self.now = most
        for pid in [pid for one in self.running for pid in family(one.pid)]:
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))


def family(pid: int) -> list[int]:
    """Return a process and all its children."""
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text(encoding="ascii").split():
            found += family(int(child))
    return found


@dataclass
class Office:
    """An office that is served, and the disk it lies on."""

    disk: Disk | Limit
    program: Dengwen
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    listening: threading.Thread | None = None

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.program.folder

    def _start(self, *words: str, log: int) -> subprocess.Popen[bytes]:
        environment = {**self.program.environment, "DENGWEN_DATA": str(self.folder)}
        environment["TMPDIR"] = str(self.disk.place / "tmp")
        started = subprocess.Popen(
            [sys.executable, "-m", *words],
            env=environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self.running.append(started)
        self.disk.watch(started)
        return started

    def serve(self) -> None:
        """Start the server as `dengwen demo --serve` does, its log on the same disk, and wait
        for its first page."""
        with (self.disk.place / "server.log").open("ab") as log:
            self._start(
                "granian",
                *GRANIAN,
                "--port",
                str(self.port),
                "config.wsgi:application",
                log=log.fileno(),
            )
        eventually(self._answers)

    def work(self) -> None:
        """Start the worker; what it says is heard here."""
        started = self._start("dengwen.cli.main", "worker", log=subprocess.PIPE)
        self.listening = threading.Thread(target=self._hear, args=(started,))
        self.listening.start()

    def _hear(self, started: subprocess.Popen[bytes]) -> None:
        assert started.stdout is not None
        with started.stdout:
            for line in started.stdout:
                self.said.append(line.decode())

    def _answers(self) -> bool:
        try:
            return Visitor(self.port).get("/static/ui/icon.svg").status in {200, 404}
        except OSError:
            return False

    def end_all(self) -> None:
        """End what was started."""
        while self.running:
            one = self.running.pop()
            one.terminate()
            one.wait(timeout=PATIENCE)
        if self.listening:
            self.listening.join(PATIENCE)
        self.disk.forget()

    def fill(self) -> None:
        """Fill the disk, and leave no free place in a file that was already made."""
        with closing(sqlite3.connect(self.folder / "dengwen.sqlite3")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.disk.fill()

    def number_of(self, table: str) -> int:
        """Count the rows of a table, beside the office."""
        with closing(
            sqlite3.connect(f"file:{self.folder}/dengwen.sqlite3?mode=ro", uri=True)
        ) as database:
            return int(
                database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            )  # names of ours

    def lying(self) -> list[Path]:
        """Return the files that came by an upload, whole or half, and whatever was begun and not
        ended."""
        places = [self.folder / "files", self.disk.place / "tmp"]
        found = [p for place in places if place.exists() for p in place.rglob("*") if p.is_file()]
        return found + list(self.folder.rglob("*.new"))

    def close(self) -> None:
        """End what was started."""
        self.end_all()
        self.disk.close()


def eventually(so: Callable[[], bool]) -> None:
    """Ask again and again until it is so; a minute is too long."""
    latest, pause = time.monotonic() + PATIENCE, threading.Event()
    while not so():
        assert time.monotonic() < latest, f"{so} never came true"
        pause.wait(0.05)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small practice office, made once and only copied."""
    folder = tmp_path_factory.mktemp("furnished") / "office"
    program = on(folder)
    program.found("init", "--practice")
    program("simulate", "--petitions", "1", "--months", "1", "--organs", "3")
    return folder


@pytest.fixture(scope="module", params=["limit", *(["disk"] if may_mount() else [])])
def office(
    request: pytest.FixtureRequest, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A practice office on a small disk, served; every test leaves room on it."""
    place = tmp_path_factory.mktemp("small")
    made = Office((Disk if request.param == "disk" else Limit)(place), on(place / "office"))
    try:
        shutil.copytree(furnished, made.folder)
        (place / "tmp").mkdir()
        made.serve()
        yield made
    finally:
        made.close()


# --- somebody at a browser ------------------------------------------------------------------------
def write(visitor: Visitor, uploads: Sequence[Upload] = ()) -> Page:
    """Fill in the form of the portal up to the page before the last button; stops where
    something is refused."""
    page = visitor.get("/")
    form = next(f for f in forms_of(page) if ("kind", "claim") in f.buttons)
    page = visitor.post(form.action, {**form.fields, "kind": "claim"})
    while page.status == 200 and (form := page.form("carrier")).fields.get("step") != "check":
        sent = uploads if form.fields["step"] == "papers" else ()
        fitting = {k: v for k, v in ANSWERS.items() if k in form.fields or k == "identity"}
        page = visitor.post(form.action, {**form.fields, **fitting, "go": "next"}, sent)
    return page


def sign_in(visitor: Visitor, name: str, password: str = PASSWORD) -> Page:
    """Sign in at the desk."""
    return visitor.press(
        visitor.get("/desk/sign-in/"), "password", username=name, password=password
    )


def registered(page: Page) -> tuple[str, str]:
    """Return number and code of a receipt on the screen."""
    assert page.status == 200, page.text[:400]
    found = (
        re.search(r"(YJ01-\d{4}-\d{9}-\d)", page.text),
        re.search(r"((?:[2-9A-Z]{5}-){3}[2-9A-Z]{5})", page.text),
    )
    assert found[0]
    assert found[1]
    return found[0][1], found[1][1]


People = tuple[Visitor, Visitor, Visitor]
"""A petitioner, a router and a clerk, each at an own browser."""


def in_words(page: Page) -> bool:
    """Say whether a page says in words that the disk is full, with the status of it."""
    return page.status == 507 and "磁盘" in page.text and "</html>" in page.text


def ask_everywhere(
    office: Office, people: People, ready: Page, known: tuple[str, str]
) -> dict[str, Page]:
    """Fill the disk and try every door that writes; returns what each answered."""
    port, (number, code) = office.port, known
    petitioner, staff, clerk = people
    look, rate, desk = (
        petitioner.get("/follow/"),
        petitioner.get("/rate/"),
        clerk.get("/desk/petitions/register/"),
    )
    mine, sort = staff.get("/desk/"), staff.get(f"/desk/case/{number}/classify/")
    office.fill()
    one, two = ("papers", "a.pdf", LARGE), ("papers", "b.pdf", LARGE + b"\n")
    return {
        **{f"submission {n}": petitioner.press(ready, "carrier", go="send") for n in range(12)},
        "small file": write(Visitor(port), [("papers", "a.pdf", PDF)]),
        "large file": write(Visitor(port), [one]),
        "two large files": write(Visitor(port), [one, two]),
        "sign-in": sign_in(Visitor(port), "clerk"),
        "sign-in with a wrong password": sign_in(Visitor(port), "clerk", "wrong"),
        "sign-in under a name nobody has": sign_in(Visitor(port), "nobody", "wrong"),
        "follow": petitioner.press(look, "code", number=number, code=code),
        "follow with a wrong code": petitioner.press(look, "code", number=number, code="ABCDE"),
        "rate": petitioner.post(
            "/rate/", {**rate.form("evaluation_code").fields, "evaluation_code": "ABCDE"}
        ),
        "case page, whose reading is logged": staff.get(f"/desk/case/{number}/"),
        "registration at the desk": clerk.press(
            desk, "content", channel="letter", content="屋面渗水", go="register"
        ),
        "act": staff.post(f"/desk/case/{number}/classify/", {**sort.form("uid").fields, **SORTED}),
        "sign-out": staff.press(mine, "/desk/sign-out/"),
    }


@pytest.mark.long(keep=1)
@pytest.mark.doc("faults.md F07")
def test_every_door_says_so_and_all_goes_on_by_itself(office: Office) -> None:
    petitioner, staff, clerk = (Visitor(office.port) for _ in range(3))
    known = registered(petitioner.press(write(petitioner), "carrier", go="send"))
    assert {sign_in(staff, "router").status, sign_in(clerk, "clerk").status} == {302}
    write(
        Visitor(office.port), [("papers", "a.pdf", LARGE)]
    )  # from now on it is known where temporary files go
    ready = write(petitioner)
    acts, lying = office.number_of("cases_act"), office.lying()
    told = ask_everywhere(office, (petitioner, staff, clerk), ready, known)
    assert {
        name: (page.status, page.text[:300]) for name, page in told.items() if not in_words(page)
    } == {}
    assert (
        "session" not in staff.cookies
    )  # who left is out at this computer, whatever the server could note
    styles = re.findall(r'"(/static/[^"]+)"', ready.text)
    assert {Visitor(office.port).get(path).status for path in styles} == {200}
    assert (office.number_of("cases_act"), office.lying()) == (acts, lying)
    office.disk.make_room()
    again = registered(
        petitioner.press(ready, "carrier", go="send")
    )  # the first that is asked, without a restart
    assert sign_in(Visitor(office.port), "clerk").status == 302
    look = petitioner.get("/follow/")
    for number, code in (known, again):
        assert number in petitioner.press(look, "code", number=number, code=code).text
    assert registered(petitioner.press(ready, "carrier", go="send")) == again
    assert office.program("ledger", "check").code == 0


@pytest.mark.long(keep=1)
def test_the_worker_waits_and_seals_what_waited(office: Office) -> None:
    petitioner = Visitor(office.port)
    petitioner.press(write(petitioner), "carrier", go="send")
    waiting = office.number_of("ledger_pending")
    assert waiting
    office.fill()
    office.work()
    eventually(lambda: any(f"sequencer: {NO_ROOM}" in line for line in office.said))
    assert office.number_of("ledger_pending") == waiting
    office.disk.make_room()
    eventually(lambda: office.number_of("ledger_pending") == 0)
    assert NO_ROOM_PAUSE < SOON
    assert office.running[-1].poll() is None


@pytest.mark.long(keep=1)
def test_a_server_that_starts_on_a_full_disk_says_so_and_goes_on_by_itself(office: Office) -> None:
    """Then SQLite cannot even read: the files beside the database that it needs cannot be made."""
    office.end_all()
    # who looks at it here is the last one to leave, and takes the files beside it along
    office.fill()
    assert not list(office.folder.glob("*-shm"))
    office.serve()
    told = [
        Visitor(office.port).get(path) for path in ("/", "/follow/", "/verify/") for _ in range(4)
    ]
    assert [(page.status, page.text[:300]) for page in told if not in_words(page)] == []
    assert (
        Visitor(office.port, headers={"Accept-Language": "en"})
        .get("/")
        .text.count("The disk is full")
    )
    office.disk.make_room()
    petitioner = Visitor(office.port)
    registered(petitioner.press(write(petitioner), "carrier", go="send"))
    assert office.program("ledger", "check").code == 0


# --- somebody at the command line -----------------------------------------------------------------
def typed(office: Office, *words: str) -> tuple[int, str, str]:
    """Run a command on the full disk, as a program of its own; returns its exit code and what it
    said."""
    command = office.program.command(*words)
    if isinstance(office.disk, Limit):
        command = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *command]
    environment = {**office.program.own(), "TMPDIR": str(office.disk.place / "tmp")}
    done = subprocess.run(
        command,
        env=environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.long(keep=1)
@pytest.mark.doc("faults.md F07")
def test_the_command_line_says_so_in_plain_words(office: Office) -> None:
    assert (
        Visitor(office.port).get("/").status == 200
    )  # the server holds the files beside the database open
    acts = office.number_of("cases_act")
    register = ("act", "register", "--open", "petition", "--by", "clerk", "--set", "channel=letter")
    founding = on(office.disk.place / "founded")
    office.fill()
    told = {
        "act": typed(
            office, *register, "--set", "office=petition_office", "--text", "content=屋面渗水"
        ),
        "backup": typed(office, "backup", str(office.disk.place / "copy")),
        "init": typed(replace(office, program=founding), "init", "--practice"),
    }
    for name, (code, _out, complaint) in told.items():
        assert (code, complaint) == (1, f"{NO_ROOM_SAID}\n"), name
    assert office.number_of("cases_act") == acts
    assert not list(office.disk.place.glob("copy*"))
    assert not founding.folder.exists()
    assert typed(office, "ledger", "check")[0] == 0  # reading goes on beside a running server
    office.disk.make_room()
    assert (
        office.program(
            *register, "--set", "office=petition_office", "--text", "content=屋面渗水"
        ).code
        == 0
    )
    assert office.number_of("cases_act") > acts
