"""Each rule of the house finds what it should and lets the rest be."""

from __future__ import annotations

import pytest

from tools.house_check import ROOT, TABLES, check, local_citations, meanings, tables


def rules(file: str, source: str) -> list[str]:
    return [finding.rule for finding in check(file, source)]


@pytest.mark.parametrize("name", ["utils", "helpers", "core", "base", "signals", "constants"])
def test_names_that_say_nothing_are_refused(name: str):
    assert rules(f"dengwen/cases/{name}.py", "") == ["name"]
    assert rules(f"dengwen/{name}/rows.py", "") == ["name"]


def test_a_module_is_called_after_a_thing():
    assert rules("dengwen/organs/founding.py", "") == ["noun"]
    assert rules("dengwen/organs/new_organ.py", "") == []
    assert rules("dengwen/access/keys/keyring.py", "") == []


def test_a_module_name_means_one_thing():
    files = ["dengwen/cases/write/check.py", "dengwen/ledger/check.py", "dengwen/organs/models.py"]
    files += [
        "dengwen/cases/models.py",
        "dengwen/desk/oversight/check.py",
        "dengwen/cases/migrations/check.py",
    ]
    assert [(one.file, one.rule) for one in meanings(files)] == [
        ("dengwen/ledger/check.py", "one-meaning")
    ]


def test_a_list_writes_no_table_of_its_own():
    page = "dengwen/desk/templates/desk/petitions/new_list.html"
    allowed = next(iter(TABLES))
    own = '<section>\n  <table class="rows">\n  </table>\n</section>\n'
    assert [(f.file, f.line, f.rule) for f in tables({page: own, allowed: own})] == [
        (page, 2, "table")
    ]
    assert tables({page: "{% list_table table %}"}) == []


def test_a_permission_that_nobody_needs_any_more_is_found():
    allowed = next(iter(TABLES))
    assert [(f.file, f.rule) for f in tables({allowed: "<p></p>"})] == [(allowed, "table")]


def test_every_permission_for_a_table_has_a_template_and_a_reason():
    assert all(TABLES.values())
    assert [file for file in TABLES if not (ROOT / file).exists()] == []


@pytest.mark.parametrize(
    "line",
    [
        "a = datetime.now(UTC)",
        "a = date.today()",
        "a = timezone.now()",
        "a = datetime.datetime.now()",
        "a = models.DateTimeField(default=timezone.now)",
        "a = models.DateTimeField(auto_now_add=True)",
        "a = time.time()",
        "from django.utils.timezone import now",
        "from time import time",
    ],
)
def test_the_time_is_asked_at_the_doors_only(line: str):
    assert rules("dengwen/petitions/intake/intake.py", line) == ["clock"]
    assert rules("dengwen/law/time/terms.py", line) == ["clock"]
    assert rules("dengwen/desk/views.py", line) == ["clock"]
    assert rules("dengwen/desk/shell/frame/clock.py", line) == []
    assert rules("dengwen/cases/clock.py", line) == ["clock"]


@pytest.mark.parametrize(
    "line",
    [
        "a = date.today()",
        "a = timezone.now()",
        "a = datetime.now(UTC)",
        "a = time.time()",
        "from django.utils.timezone import now",
        "a = time.strftime('%Y-%m-%d')",
        "a = time.gmtime()",
        "a = time.ctime()",
        "a = time.clock_gettime(time.CLOCK_REALTIME)",
        "from datetime import date as civil; a = civil.today()",
        "from django.utils import timezone as tz; a = tz.now()",
        "import time as t; a = t.time()",
        "import time as t; a = t.strftime('%H')",
    ],
)
def test_no_test_reads_the_day_on_which_it_runs(line: str):
    assert rules("tests/cases/test_x.py", line) == ["clock"]
    assert rules("tests/cases/test_x.py", f"{line}  # house: clock: a stopwatch") == []
    assert rules("tests/cases/test_x.py", "a = clock.now()\nb = time.monotonic()") == []
    assert (
        rules(
            "tests/cases/test_x.py",
            "a = time.strftime('%Y', time.gmtime(0))\nb = day.strftime('%Y')",
        )
        == []
    )
    assert rules("bench/__main__.py", line) == []


def test_a_word_like_time_that_is_no_clock_is_let_be():
    assert rules("dengwen/cases/queues.py", "a = act.date.day\nb = row.now\nc = event.time") == []


def test_imports_inside_functions_are_found_once():
    source = "def f():\n    def g():\n        import os\n        return os\n    return g\n"
    assert rules("dengwen/cases/write/perform.py", source) == ["local-import"]
    assert rules("dengwen/cases/write/perform.py", "if TYPE_CHECKING:\n    import os\n") == []


@pytest.mark.parametrize(("length", "found"), [(60, []), (61, ["long-function"])])
def test_a_function_has_at_most_sixty_lines(length: int, found: list[str]):
    source = "def f():\n" + "    a = 1\n" * (length - 1)
    assert rules("dengwen/cases/write/perform.py", source) == found


@pytest.mark.parametrize(("length", "found"), [(500, []), (501, ["long-file"])])
def test_a_file_has_at_most_five_hundred_lines(length: int, found: list[str]):
    assert rules("dengwen/cases/write/perform.py", "a = 1\n" * length) == found
    assert rules("dengwen/cases/migrations/0001_initial.py", "a = 1\n" * length) == []


@pytest.mark.parametrize(("length", "found"), [(100, []), (101, ["long-line"])])
def test_a_line_has_at_most_a_hundred_characters_of_any_script(length: int, found: list[str]):
    assert rules("dengwen/cases/write/perform.py", "#" + "访" * (length - 1)) == found


def test_the_reason_of_a_lint_may_stand_beyond_the_hundredth_character():
    line = f'NAME = "{"访" * 80}"  # noqa: S105  # a name, not a password'
    assert rules("dengwen/cases/write/perform.py", line) == []
    assert rules("dengwen/cases/write/perform.py", line.replace("noqa", "note")) == ["long-line"]


def test_effects_are_named_in_one_place_only():
    source = 'EFFECTS = {"petitions.outcome": "dengwen.petitions.effects.outcome"}\n'
    assert rules("dengwen/petitions/intake/intake.py", source) == ["effect"]
    assert rules("config/urls.py", source) == ["effect"]
    assert rules("config/effects.py", source) == []


@pytest.mark.parametrize(
    "line",
    [
        "from dengwen.cases.wall import system",
        "import dengwen.cases.wall.system",
        "from dengwen.cases.wall.system import rows",
    ],
)
def test_reading_past_the_wall_is_for_the_system_itself(line: str):
    assert rules("dengwen/desk/views.py", line) == ["system-read"]
    assert rules("dengwen/worker/sweep.py", line) == []


@pytest.mark.parametrize(
    "line",
    [
        "name = request.POST.get('name', '')",
        "name = seat.request.POST['name']",
        "ticked = request.POST.getlist('ticked')",
        "post = seat.request.POST",
        "post, files = request.POST, request.FILES",
        "asked = request.POST if request.method == 'POST' else request.GET",
        "texts = {**request.POST.dict()}",
        "for name in request.POST: print(name)",
    ],
)
def test_a_page_reads_what_was_posted_by_a_form_alone(line: str):
    assert rules("dengwen/desk/petitions/x.py", line) == ["form"]
    assert rules("dengwen/portal/x.py", line) == ["form"]
    assert rules("dengwen/ui/form_fields.py", line) == []


@pytest.mark.parametrize(
    "line",
    [
        "form = NameForm(request.POST, request.FILES)",
        "form = NameForm(request.POST if request.method == 'POST' else request.GET)",
        "again = 'more' in seat.request.POST",
        "name = request.GET.get('name')",
    ],
)
def test_a_form_is_given_all_that_was_posted(line: str):
    assert rules("dengwen/desk/petitions/x.py", line) == []


def test_an_exception_needs_a_reason_and_the_right_rule():
    assert (
        rules("dengwen/cases/x.py", "a = date.today()  # house: clock: shown in a log line only")
        == []
    )
    assert rules("dengwen/cases/x.py", "a = date.today()  # house: clock:") == ["clock"]
    assert rules("dengwen/cases/x.py", "a = date.today()  # house: name: another rule") == ["clock"]


def test_what_is_no_python_is_a_finding():
    assert rules("dengwen/cases/x.py", "def (") == ["syntax"]


@pytest.mark.parametrize(
    "line",
    [
        'a = "没有管理权限（细则第十三条）"',
        'a = "no authority (S 13–17)"',
        'a = f"{b} is no such thing (S 11 para. 2)"',
        'a = Basis("S", "12")',
        'a = rules.Basis("S", "12", note="AC19 8")',
        'a = ("S.11.9",)',
        'CHONGQING = "50"',
        'a = place.startswith("500153")',
    ],
)
def test_rules_of_one_place_stand_in_its_pack(line: str):
    assert "local-law" in rules("dengwen/law/liability/lines.py", line)
    assert "local-law" in rules("dengwen/accountability/measures/lines.py", line)
    beside = rules("dengwen/documents/lines.py", line)
    assert ("local-law" in beside) is not any(code in line for code in ('"50"', "500153"))
    assert beside == rules("dengwen/organs/structure/lines.py", line)
    assert rules("dengwen/practice/load/lines.py", line) == []


def test_a_template_cites_a_local_rule_by_its_name_in_the_pack():
    bad = {"a.html": '<p>\n{% translate "依照细则第九条" %}', "b.html": "under S 12–17"}
    found = local_citations(bad)
    assert [(one.file, one.line, one.rule) for one in found] == [
        ("a.html", 2, "local-law"),
        ("b.html", 1, "local-law"),
    ]
    assert local_citations({"c.html": "{{ cites.inspection }} 第九条"}) == []


@pytest.mark.parametrize(
    "line",
    [
        'a = "没有管理权限（政务处分法第四十三条）"',
        'a = Basis("PSL", "50", note="27")',
        'a = "2025-50"',
        'def a():\n    """Refuse what S 13 does not let in."""',
        'a = "12345"',
        'a = "CSL 60; PSL 12"',
    ],
)
def test_national_law_and_docstrings_may_be_named(line: str):
    assert rules("dengwen/law/liability/lines.py", line) == []
