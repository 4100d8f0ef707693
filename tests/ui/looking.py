"""Write the gallery and its pictures into a folder to be looked at: `python -m tests.ui.looking
FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from playwright.sync_api import FloatRect, Route, sync_playwright

from tests.ui import gallery

ROOT = Path(__file__).resolve().parents[2]
SLICE = 2400  # px: pictures of more are too small to judge
SIZES = {"1280": 1280, "360": 360}


def serve(route: Route, pages: dict[str, str]) -> None:
    """Answer the browser without a server, with the policy of the pages."""
    name = route.request.url.rsplit("/", maxsplit=1)[-1]
    if name.endswith(".css"):
        css = ROOT / "dengwen/ui/static/ui/ui.css"
        route.fulfill(body=css.read_text(encoding="utf-8"), content_type="text/css")
    elif name in pages:
        route.fulfill(body=pages[name], content_type="text/html; charset=utf-8")
    else:
        route.fulfill(status=204)


def main(folder: Path) -> None:
    """Render, look, write."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DENGWEN_SECRET_KEY", "only to look at pages")
    django.setup()
    pages = {
        f"{name}-{ln}": gallery.render(name, ln)
        for name in gallery.PAGES
        for ln in gallery.LANGUAGES
    }
    pages["practice-zh"] = gallery.render("receipt", "zh", practice=True)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for size, width in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.route("**/*", lambda route: serve(route, pages))
            for name in pages:
                page.goto(f"http://127.0.0.1/{name}")
                height = page.evaluate("document.documentElement.scrollHeight")
                for number, top in enumerate(range(0, height, SLICE)):
                    clip: FloatRect = {
                        "x": 0,
                        "y": top,
                        "width": width,
                        "height": min(SLICE, height - top),
                    }
                    page.screenshot(
                        path=folder / f"{name}-{size}-{number}.png", full_page=True, clip=clip
                    )
                if size == "1280":
                    page.pdf(path=folder / f"{name}.pdf", prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
