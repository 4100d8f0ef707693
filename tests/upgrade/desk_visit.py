"""A morning of a clerk in an office that is there already: signs in, looks, registers a letter.

`python -m tests.upgrade.desk_visit INSTANT USER NUMBER`, with DENGWEN_DATA naming the office;
prints what was seen as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
from datetime import datetime
from typing import Any

from dengwen.cli.office import data_folder
from tests import days

LETTER = {
    "go": "register",
    "channel": "letter",
    "petitioner": "王示例",
    "subject": "路灯不亮",
    "content": "小区门前的路灯不亮已有一月，请求修理。",
}


def visit(username: str, number: str) -> dict[str, Any]:
    """Sign in with the practice password, open the register and a case, register a letter."""
    plan = importlib.import_module("dengwen.practice.district.plan")
    client = importlib.import_module("django.test").Client(headers={"accept-language": "zh-hans"})
    signed_in = client.post(
        "/desk/sign-in/", {"username": username, "password": plan.PASSWORD, "next": "/desk/"}
    )
    home = client.get("/desk/")
    form = client.get("/desk/petitions/register/")
    found = client.get("/desk/petitions/find/", {"q": number}, follow=True)
    case = client.get(f"/desk/case/{number}/")
    written = client.post("/desk/petitions/register/", LETTER | {"uid": form.context["uid"]})
    pages = (home, form, found, case, written)
    return {
        "signed_in": signed_in.status_code,
        "pages": [page.status_code for page in pages],
        "found": number in found.content.decode(),
        "case": case.content.decode(),
        "number": written.context["number"],
    }


if __name__ == "__main__":
    data_folder.set_up()
    utils: Any = importlib.import_module("django.test.utils")
    utils.setup_test_environment()
    with days.set_to(datetime.fromisoformat(sys.argv[1])):
        print(json.dumps(visit(*sys.argv[2:])))
