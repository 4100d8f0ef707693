"""An examination that breaks off is named, without what its error quotes, and the others follow."""

from __future__ import annotations

import argparse
import json
from datetime import datetime

import pytest

from dengwen.cli.office import doctor

SECRET = "示例秘密"


def _worker(_now: datetime) -> doctor.Found:
    raise ValueError(SECRET)


def _roles(_now: datetime) -> doctor.Found:
    return doctor.Found("roles", doctor.WELL, "三员分立", "administrators are separate persons")


@pytest.mark.django_db
def test_an_examination_that_breaks_off_is_ill_and_the_others_follow(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "EXAMINATIONS", (_worker, _roles))
    code = doctor.run_doctor(argparse.Namespace(json=True, clock=None))
    said = capsys.readouterr().out
    assert code == 1
    assert [(one["name"], one["state"]) for one in json.loads(said)] == [
        ("database", "well"),
        ("worker", "ill"),
        ("roles", "well"),
    ]
    assert "ValueError" in said
    assert SECRET not in said
