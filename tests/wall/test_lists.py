"""What a list asks of each row (`wall.among`) means what a list of all visible cases meant, in
random worlds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db.models import Model, Q, QuerySet

from dengwen.access.models import User
from dengwen.cases.models import Act, Case, CaseLink, Duty
from dengwen.cases.wall import visibility
from dengwen.cases.wall.visibility import among, countable, for_user, viewer_of
from dengwen.notices.models import Outbox
from dengwen.petitions.intake.lookalikes import same_person_same_matter, suggest
from dengwen.petitions.models import Evaluation, Member, Petitioner, SketchKey
from dengwen.prevention.models import Evidence
from tests.wall.harness import Harness
from tests.wall.highs import MATTERS, PEOPLE, Known, low_after, low_before, variant, write_high
from tests.wall.stage import NOW, Actor, Stage, drawn, held_still, swept, undone

pytestmark = [pytest.mark.wall, pytest.mark.django_db]
TODAY = NOW.date()
GROUPS = 2
COLUMNS: tuple[tuple[type[Model], str, str], ...] = (
    (Duty, "case_id", "pk"),
    (Act, "case_id", "pk"),
    (CaseLink, "case_id", "pk"),
    (CaseLink, "other_id", "pk"),
    (Evidence, "case_id", "pk"),
    (Petitioner, "case_id", "pk"),
    (Member, "case_id", "pk"),
    (Evaluation, "petition_id", "pk"),
    (SketchKey, "sketch__case_id", "pk"),
    (Outbox, "case_number", "number"),
    (Case, "pk", "pk"),
)
"""Every column by which lists ask for rows of visible cases."""
PAGES = (
    "/desk/",
    "/desk/?who=all",
    "/desk/oversight/breaches/",
    "/desk/petitions/ratings/",
    "/desk/leadership/staff/",
    "/desk/oversight/figures/",
    "/desk/oversight/suggestions/",
    "/desk/accountability/leads/",
    "/desk/assessment/",
    "/desk/prevention/",
    "/desk/petitions/register/",
    "/desk/supervise/reminders/",
    "/desk/petitions/find/?q=%E7%A4%BA%E4%BE%8B",
)
READERS = (
    "petition office supervisor",
    "petition office clerk",
    "handler of the unit",
    "head of the government",
    "accused person, supervisor elsewhere",
    "recused official",
    "accused unit, R10",
    "unit below, cleared",
)


@contextmanager
def _worlds(stage: Stage, group: int) -> Iterator[Known]:
    """Play one random world: low cases, some protected ones, low cases after them; all of it is
    taken back."""
    with held_still(), undone(), swept(settings.DATA / "files"):
        known = low_before(stage, random.Random(f"lists/low/{group}"), group)
        parts = variant(random.Random(f"lists/high/{group}"), full=group == 0)
        write_high(stage, group, parts, known.low[0])
        yield low_after(stage, group, known)


def _listed(cases: QuerySet[Case], case: str, by: str) -> Q:
    """The old meaning: the row's case stands in the list of all visible cases."""
    return Q(**{f"{case}__in": list(cases.values_list(by, flat=True))})


@pytest.mark.long(keep=1, ci=1)
@pytest.mark.parametrize("group", range(GROUPS))
def test_each_column_gives_the_rows_that_a_list_of_visible_cases_gave(
    stage: Stage, group: int
) -> None:
    found = 0
    with _worlds(stage, group):
        for actor in stage.actors:
            user = User.objects.filter(username=actor.username).first()
            if user is None:
                continue
            viewer = viewer_of(user, TODAY)
            visible = for_user(viewer, TODAY)
            for cases in (visible, visible.filter(protected=False), countable(viewer)):
                for model, case, by in COLUMNS:
                    rows = model._default_manager.all()
                    asked = set(rows.filter(among(cases, case, by=by)).values_list("pk", flat=True))
                    listed = set(rows.filter(_listed(cases, case, by)).values_list("pk", flat=True))
                    assert asked == listed, (actor.name, model.__name__, case)
                    found += len(asked)
    assert found > 1000, found


@pytest.mark.long(keep=1, ci=1)
@pytest.mark.parametrize("group", range(GROUPS))
def test_each_list_shows_what_it_showed(
    stage: Stage, group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness, lines = Harness(stage), 0
    actors: dict[str, Actor] = {actor.name: actor for actor in stage.actors}
    with _worlds(stage, group):
        for name in READERS:
            actor = actors[name]
            client = harness.client(actor, f"lists/{group}")
            for page in PAGES:
                client.get(page)  # the first answer draws the secret of the forms
                with drawn("page"):
                    asked = client.get(page)
                with monkeypatch.context() as old, drawn("page"):
                    old.setattr(visibility, "_in_row", _listed)
                    listed = client.get(page)
                assert (asked.status_code, asked.content) == (listed.status_code, listed.content), (
                    name,
                    page,
                )
                lines += asked.content.count(b"/desk/case/")
            lines += _alike(stage, actor, monkeypatch)
    assert lines > 100, lines


def _alike(stage: Stage, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> int:
    """Compare what somebody is told of look-alikes; returns how many."""
    visible = for_user(viewer_of(stage.users[actor.username], TODAY), TODAY)
    name, _address, phone = PEOPLE[0]

    def found() -> list[object]:
        alike: list[object] = [*suggest(MATTERS[0], day=TODAY, viewer_filter=visible, limit=50)]
        alike += same_person_same_matter(
            name, phone, MATTERS[0], day=TODAY, viewer_filter=visible, limit=50
        )
        return alike

    asked = found()
    with monkeypatch.context() as old:
        old.setattr(visibility, "_in_row", _listed)
        assert asked == found(), actor.name
    return len(asked)
