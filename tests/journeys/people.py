"""People at browsers: a petitioner with a phone and no scripts, officials at wide screens; they
click and type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from dengwen.access.models import User
from dengwen.practice.district.plan import PASSWORD

PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 900}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
Answers = Mapping[str, str | bool | bytes]
"""What to fill in, by the label of each field: words to type or to choose, a tick, a file to
attach."""
PATIENCE = 15_000
"""Milliseconds a page may take before somebody gives up; two busy cores make honest code slow."""
expect.set_options(timeout=PATIENCE)
VIOLATIONS = (
    "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective,"
    " e.blockedURI))"
)


ACTIVATIONS = """
addEventListener('click', () => {
  try { sessionStorage.setItem('n', 1 + Number(sessionStorage.getItem('n') || 0)); } catch (e) { }
}, true);
"""


@dataclass
class Watch:
    """Everything the browsers complained of, and every machine they spoke to."""

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext, who: str) -> None:
        """Look over somebody's shoulder: console, errors, refused or failed requests, answers
        that are no page."""

        def note(what: str) -> None:
            self.complaints.append(f"{who}: {what}")

        context.add_init_script(VIOLATIONS)
        context.on("console", lambda m: note(m.text) if m.type in {"error", "warning"} else None)
        context.on("weberror", lambda e: note(str(e.error)))
        context.on("request", lambda r: self.hosts.add(urlsplit(r.url).hostname or r.url))
        context.on("response", lambda r: note(f"{r.status} {r.url}") if r.status >= 400 else None)


def person(browser: Browser, args: dict[str, Any], watch: Watch, who: str, **more: Any) -> Page:
    """Sit somebody down at a browser of their own."""
    context = browser.new_context(**{**args, **more})
    context.set_default_timeout(PATIENCE)
    watch.over(context, who)
    return context.new_page()


def fits(page: Page) -> bool:
    """Whether the page is no wider than the screen."""
    wide = page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth")
    return int(wide) <= 0


def fill(form: Locator, label: str, value: str | bool | bytes) -> None:
    """Answer one question of a form as the page asks it: tick, choose, attach or type."""
    exact = re.compile(rf"^\s*{re.escape(label)}\s*(（可不填）)?\s*$")
    group = form.locator("fieldset", has=form.page.locator("legend", has_text=exact))
    if group.count():
        group.get_by_label(str(value), exact=True).check()
        return
    asked = form.get_by_label(exact)
    if isinstance(value, bytes):
        asked.set_input_files({"name": "proof.pdf", "mimeType": "application/pdf", "buffer": value})
    elif value is True:
        asked.check()
    elif asked.evaluate("e => e.tagName") == "SELECT":
        option = asked.locator("option", has_text=str(value)).first
        asked.select_option(option.get_attribute("value"))
    else:
        asked.fill(str(value))


@dataclass
class Official:
    """Somebody of the district at the desk."""

    page: Page
    base: str
    username: str

    def sign_in(self) -> Official:
        """Open the desk, which asks who one is, and give account and password."""
        self.page.goto(f"{self.base}/desk/")
        self.page.get_by_label("账号").fill(self.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.locator("h1")).to_have_text("待办")
        return self

    def home(self) -> Official:
        """Go back to the duties."""
        self.page.get_by_role("link", name="待办", exact=True).click()
        expect(self.page.locator("h1")).to_have_text("待办")
        assert fits(self.page)
        return self

    def open_duty(self, number: str, duty: str) -> Official:
        """Open a case from the line of a duty on the home page."""
        line = self.page.locator("li.duty").filter(has_text=number).filter(has_text=duty)
        line.get_by_role("heading").get_by_role("link").click()
        expect(self.page.locator(".kicker")).to_contain_text(number)
        return self

    def look_up(self, number: str) -> Official:
        """Find a case by its number."""
        self.page.get_by_role("link", name="查找", exact=True).click()
        self.page.get_by_label("编号，或者标题里的字").fill(number)
        self.page.get_by_role("button", name="查找", exact=True).click()
        expect(self.page.locator(".kicker")).to_contain_text(number)
        return self

    def await_receipt(self, number: str) -> Official:
        """Open a matter that was sent here from the part of the home page for what waits to be
        received."""
        self.home().page.locator("#incoming li").filter(has_text=number).get_by_role("link").click()
        expect(self.page.locator(".kicker")).to_contain_text(number)
        return self

    def find_person(self, name: str, phone: str) -> Official:
        """Find the matters of somebody by full name and telephone number."""
        self.page.get_by_role("link", name="查找", exact=True).click()
        self.page.get_by_label("姓名").fill(name)
        self.page.get_by_label("电话").fill(phone)
        self.page.get_by_role("button", name="查找并记录").click()
        expect(self.page.locator("h2", has_text="找到的")).to_be_visible()
        return self

    def begin(self, act: str) -> Official:
        """Choose an act among those that the case page offers."""
        self.page.locator("#steps").get_by_role("link", name=act, exact=True).click()
        expect(self.page.locator("#act-form")).to_be_visible()
        assert fits(self.page)
        return self

    def answer(self, answers: Answers) -> Official:
        """Fill in fields of the form by their labels."""
        for label, value in answers.items():
            fill(self.page.locator("#act-form"), label, value)
        return self

    def write(self) -> Official:
        """Press the one main button, and read that it was written."""
        self.page.locator("#act-form button.main").click()
        expect(self.page.locator(".messages")).to_contain_text("已写入存证")
        assert fits(self.page)
        return self

    def act(self, act: str, answers: Answers | None = None) -> Official:
        """Do one act from the case page."""
        return self.begin(act).answer(answers or {}).write()

    def next_date(self) -> str:
        """Read the next legal date where it always stands; "" where the page says there is none."""
        shown = self.page.locator(".head .rail time")
        return shown.get_attribute("datetime") or "" if shown.count() else ""

    def late(self) -> int:
        """Count what the page marks as late."""
        return self.page.locator(".late").count()


@dataclass
class Petitioner:
    """Somebody with a phone at the portal; scripts are off."""

    page: Page
    base: str
    number: str = ""
    code: str = ""

    def press(self, name: str) -> None:
        """Press the button of the page with this name that one sees."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    def submit(self, story: str, request: str) -> None:
        """Write what happened and what is asked, read it once more, send it, and keep number and
        code."""
        self.page.goto(f"{self.base}/")
        assert self.page.locator("script").count() == 0
        self.press("解决问题")
        form = self.page.locator("#carrier")
        form.get_by_label("发生了什么").fill(story)
        self.press("下一步")
        form.get_by_label("请求 1").fill(request)
        self.press("下一步")
        form.get_by_label("可以让登记的信访部门和承办单位知道我是谁").check()
        form.get_by_label("姓名或者名称").fill("王示例")
        form.get_by_label("住址").fill("示例路1号")
        form.get_by_label("电话").fill("13800000000")
        assert fits(self.page)
        self.press("下一步")
        form.get_by_label("照片、文件").set_input_files(
            {"name": "收据.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        assert fits(self.page)
        self.press("下一步")
        expect(self.page.locator("main")).to_contain_text(story)
        expect(self.page.locator("main")).to_contain_text("收据.pdf")
        self.press("提交")
        expect(self.page.locator("article.sheet")).to_be_visible()
        self.number, self.code = self.page.locator("article.sheet p.big").all_inner_texts()
        assert fits(self.page)

    def keep(self, folder: Path, name: str, button: str) -> Path:
        """Download the receipt file by a button of the page."""
        with self.page.expect_download() as found:
            self.press(button)
        file = folder / name
        found.value.save_as(file)
        assert found.value.suggested_filename == f"{self.number}.xf-receipt"
        return file

    def follow(self) -> Petitioner:
        """Look the matter up by number and code."""
        self.page.goto(f"{self.base}/")
        self.page.locator("main").get_by_role("link", name=re.compile("查进展")).click()
        self.page.get_by_label("编号").fill(self.number)
        self.page.get_by_label("查询码").fill(self.code)
        self.press("查进展")
        expect(self.page.locator(".kicker")).to_have_text(self.number)
        assert fits(self.page)
        return self

    def read_paper(self, title: str) -> str:
        """Open a paper in its window and return what stands on it."""
        with self.page.expect_popup() as opened:
            self.page.get_by_role("button", name=re.compile(f"打开.*{title}")).click()
        expect(opened.value.locator("body")).not_to_be_empty()
        text = opened.value.locator("body").inner_text()
        opened.value.close()
        return text

    def ask(self, remedy: str, request: str, reasons: str) -> None:
        """Ask for review or re-examination from the page of the matter."""
        self.page.get_by_role("button", name=re.compile(f"开始.*{remedy}")).click()
        self.page.get_by_label("您的请求").fill(request)
        self.page.get_by_label("事实和理由").fill(reasons)
        self.press("提交")
        expect(self.page.get_by_role("status")).to_contain_text("已经收下并登记")

    def copy_keys(self, file: Path) -> Path:
        """Copy the public keys from the page that says how to verify, and see that it names the
        command."""
        self.page.locator("main").get_by_role("link", name="怎样核对").click()
        command = self.page.locator("ol pre").inner_text()
        assert command == f"dengwen ledger verify 编号.xf-receipt --key {file.name}"
        file.write_text(self.page.locator("pre.boxed").inner_text(), encoding="ascii")
        return file


@dataclass
class Clicks:
    """Counts what somebody activates at a browser; each mark ends a step."""

    page: Page
    found: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the activations inside the block under a name."""
        self.page.evaluate("sessionStorage.setItem('n', 0)")
        yield
        self.page.wait_for_load_state()
        self.found[name] = int(self.page.evaluate("Number(sessionStorage.getItem('n'))"))


def give_password(*usernames: str) -> None:
    """Give people of a district founded without passwords that of the practice accounts."""
    for user in User.objects.filter(username__in=usernames):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


def sit(page: Page, base: str, username: str) -> Clicks:
    """Sit somebody down at the desk."""
    page.add_init_script(ACTIVATIONS)
    page.goto(f"{base}/desk/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("待办")
    return Clicks(page)
