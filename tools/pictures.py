"""`make pictures`: takes the pictures of README and tutorial, of real pages with invented people.

It starts a practice office in a temporary folder on a free port of this machine and goes through a
clerk's morning at
it, once with Chinese and once with English pages: a letter is registered, sorted and sent on, its
writer follows it.
Each step is a picture under `docs/pictures/`; one that is larger than `MOST` bytes is an error.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.chromium import arguments, chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
MOST = 150_000
"""Bytes of one picture: who clones the repository should not wait for them."""
SCREEN = {"width": 1120, "height": 740}
PHONE = {"width": 400, "height": 780}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
PETITIONS = 60
HOUSING = {"zh": "云江区住房建设局", "en": "Housing Bureau of Yunjiang"}
"""The organ the letters are sent to."""
PASSWORD = re.compile(r"password of all: (\S+?)）")
FILLED = "已写入"
"""What the practice office says when its load is written, and before it of its accounts."""
PATIENCE = 30_000
"""Milliseconds a page may take."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the clerk types off an invented letter."""

    petitioner: str
    phone: str
    subject: str
    content: str
    request: str


LETTERS = {
    "zh": Letter(
        "王示例",
        "13800000000",
        "三号楼屋面渗水",
        "示例小区三号楼屋面渗水两年，顶层三户墙面发霉，报修四次，没有人来看。",
        "修好三号楼屋面",
    ),
    "en": Letter(
        "李样本",
        "13900000000",
        "五号楼楼道堆物",
        "示例小区五号楼楼道堆满杂物，占了消防通道，找过物业三次，没有清理。",
        "清理五号楼楼道",
    ),
}


@contextmanager
def practice_office() -> Iterator[tuple[str, str]]:
    """Serve a practice office as long as it is wanted; yields its address and password once its
    load is written."""
    with tempfile.TemporaryDirectory(prefix="dengwen-pictures-") as folder:
        port = free_port()
        command = [
            "-m",
            "dengwen.cli.main",
            "demo",
            "--serve",
            "--port",
            str(port),
            "--petitions",
            str(PETITIONS),
        ]
        environment = {**os.environ, "DENGWEN_DATA": f"{folder}/office", "PYTHONUNBUFFERED": "1"}
        office = subprocess.Popen(
            [sys.executable, *command],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        try:
            said = []
            for line in office.stdout or ():
                said.append(line)
                if line.startswith(FILLED):
                    break
            password = PASSWORD.search("".join(said))
            if password is None or not said[-1].startswith(FILLED):
                raise SystemExit(
                    "the practice office ended before its load was written:\n" + "".join(said)
                )
            yield f"http://127.0.0.1:{port}", password[1]
        finally:
            office.terminate()
            office.wait(timeout=60)


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Morning:
    """A clerk's morning at the pages of one language."""

    browser: Browser
    office: str
    password: str
    language: str

    def play(self) -> None:
        """Go through it, a picture at each step."""
        number, code = self.clerk()
        self.router(number)
        self.handler(number)
        self.petitioner(number, code)

    def window(self, viewport: dict[str, int]) -> BrowserContext:
        """Open a browser of somebody's own."""
        context = self.browser.new_context(
            viewport={"width": viewport["width"], "height": viewport["height"]},
            locale=LANGUAGES[self.language],
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(PATIENCE)
        return context

    def sign_in(self, username: str) -> Page:
        """Sit somebody down at the desk."""
        page = self.window(SCREEN).new_page()
        page.goto(f"{self.office}/desk/sign-in/")
        page.locator("#f-username").fill(username)
        page.locator("#f-password").fill(self.password)
        page.locator("main button.main").click()
        page.wait_for_url(f"{self.office}/desk/")
        return page

    def take(self, page: Page, name: str) -> None:
        """Write what the window shows; raises SystemExit where that is too large to be kept."""
        file = FOLDER / f"{name}.{self.language}.png"
        page.screenshot(path=file, animations="disabled")
        if (size := file.stat().st_size) > MOST:
            raise SystemExit(
                f"{file.name}: {size} bytes, more than {MOST}. "
                "Mend: a smaller window, less on the page"
            )

    def clerk(self) -> tuple[str, str]:
        """Register the letter; returns its number and query code."""
        letter = LETTERS[self.language]
        page = self.sign_in("clerk")
        self.take(page, "home")
        page.goto(f"{self.office}/desk/petitions/register/")
        for name in ("petitioner", "phone", "subject", "content"):
            page.locator(f"[name={name}]").fill(getattr(letter, name))
        page.locator("[name=requests]").fill(letter.request)
        page.locator("[name=petitioner]").evaluate("e => scrollTo(0, 0)")
        self.take(page, "register")
        page.locator("button.main[value=register]").click()
        page.locator("article.sheet").wait_for()
        number, code = page.locator("article.sheet p.big").all_inner_texts()
        self.take(page, "receipt")
        return number, code

    def router(self, number: str) -> None:
        """Sort the letter and send it to the organ it belongs to."""
        page = self.sign_in("router")
        page.goto(f"{self.office}/desk/case/{number}/classify/")
        choose(page, "class", "claim")
        choose(page, "path", "31(6)")
        organ = page.locator("#act-form [name=on_to] option", has_text=HOUSING[self.language]).first
        choose(page, "on_to", str(organ.get_attribute("value")))
        page.evaluate("scrollTo(0, 0)")
        self.take(page, "sort")
        self.write(page)

    def handler(self, number: str) -> None:
        """Sign for the letter in the organ it was sent to."""
        page = self.sign_in("handler")
        page.goto(f"{self.office}/desk/case/{number}/receive/")
        self.write(page)
        page.goto(f"{self.office}/desk/case/{number}/")
        self.take(page, "case")

    def write(self, page: Page) -> None:
        """Press the one main button of an act, and wait until it is written."""
        page.locator("#act-form button.main").click()
        page.locator(".messages").wait_for()

    def petitioner(self, number: str, code: str) -> None:
        """Follow the matter on a phone."""
        page = self.window(PHONE).new_page()
        page.goto(f"{self.office}/follow/")
        page.locator("#f-number").fill(number)
        page.locator("#f-code").fill(code)
        page.locator("#carrier button.main").click()
        page.locator("p.kicker").wait_for()
        self.take(page, "follow")


def choose(page: Page, name: str, value: str) -> None:
    """Choose a value of a field of the form of an act, however the page asks for it."""
    asked = page.locator(f"#act-form [name={name}]")
    if asked.first.evaluate("e => e.tagName") == "SELECT":
        asked.select_option(value)
    elif asked.first.get_attribute("type") == "radio":
        page.locator(f"#act-form [name={name}][value='{value}']").check()
    else:
        asked.fill(value)


def main() -> int:
    """Take them all."""
    if (browser_file := chromium()) is None:
        sys.stderr.write("no Chromium here. Mend: make setup-tests\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with practice_office() as (office, password), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_file, args=arguments())
        for language in LANGUAGES:
            Morning(browser, office, password, language).play()
        browser.close()
    for file in sorted(FOLDER.glob("*.png")):
        sys.stdout.write(f"{file.relative_to(ROOT)}: {file.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
