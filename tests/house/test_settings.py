"""The settings do what they promise."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from config import settings as file
from tests.plugins.environment import OutsideWorldError


def test_every_room_with_an_app_is_listed():
    on_disk = {f"dengwen.{apps.parent.name}" for apps in (file.ROOT / "dengwen").glob("*/apps.py")}
    assert on_disk <= set(file.DENGWEN_APPS)


def test_no_django_admin():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


@pytest.mark.django_db
def test_every_commit_reaches_the_disk():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        else:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)  # FULL


@pytest.mark.django_db
def test_sqlite_uses_the_write_ahead_log_only_where_it_is_safe():
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        safe = (
            tuple(int(part) for part in cursor.fetchone()[0].split("."))
            >= file.SQLITE_WITH_SAFE_WAL
        )
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal" if safe else "delete",)
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


def test_a_page_may_load_nothing_from_outside():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    allowed = {source for sources in directives.values() for source in sources}
    assert allowed <= {"'none'", "'self'"}


@pytest.mark.django_db
def test_even_a_page_that_is_not_there_carries_the_guards(client: Client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert sorted(answer["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    ]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_an_office_passes_djangos_checks_for_deployment():
    environment = {
        name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"
    }
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={
            **environment,
            "DENGWEN_HOSTS": "xinfang.example",
            "DENGWEN_SECRET_KEY": secrets.token_urlsafe(60),
        },
        cwd=file.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


def test_the_guard_refuses_other_machines():
    with pytest.raises(OutsideWorldError, match="only speak to this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo("example.invalid", 80)


def _ask(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Evaluate an expression over freshly loaded settings under other variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DENGWEN_")}
    return subprocess.run(
        [sys.executable, "-c", f"from config import settings; print(({expression}))"],
        env={**kept, **environment},
        cwd=file.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_office_with_a_name_is_served_over_https_only():
    answer = _ask(
        "settings.HTTPS, settings.SESSION_COOKIE_NAME, settings.SECURE_SSL_REDIRECT, "
        "settings.ALLOWED_HOSTS",
        DENGWEN_HOSTS="xinfang.example, www.xinfang.example",
    )
    hosts = "['xinfang.example', 'www.xinfang.example']"
    assert answer.stdout.strip() == f"(True, '__Host-session', True, {hosts})"


def test_a_database_address_is_read_with_its_escapes():
    answer = _ask(
        "[settings.DATABASES['default'][k] for k in ('HOST', 'PORT', 'USER', 'PASSWORD', 'NAME')]",
        DENGWEN_DATABASE_URL="postgresql://office:p%40ss@127.0.0.1:5433/petitions",
    )
    assert answer.stdout.strip() == "['127.0.0.1', '5433', 'office', 'p@ss', 'petitions']"


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        (
            {"DENGWEN_DATABASE_URL": "mysql://127.0.0.1/x"},
            "DENGWEN_DATABASE_URL begins with 'mysql'",
        ),
        ({"DENGWEN_DEBUG": "maybe"}, "DENGWEN_DEBUG='maybe' is neither on nor off"),
    ],
)
def test_a_wrong_variable_is_named_with_its_mend(environment: dict[str, str], complaint: str):
    answer = _ask("settings.DEBUG", **environment)
    assert answer.returncode != 0
    assert complaint in answer.stderr
    assert "Mend:" in answer.stderr


def test_a_key_that_others_may_read_is_refused(tmp_path: Path):
    key = tmp_path / "keys" / "secret-key"
    key.parent.mkdir()
    key.write_text("k" * 50)
    key.chmod(0o644)
    assert "chmod 600" in _ask("settings.SECRET_KEY", DENGWEN_DATA=str(tmp_path)).stderr
    key.chmod(0o600)
    assert _ask("settings.SECRET_KEY", DENGWEN_DATA=str(tmp_path)).stdout.strip() == "k" * 50


def test_without_a_key_nothing_can_be_signed(tmp_path: Path):
    assert _ask("repr(settings.SECRET_KEY)", DENGWEN_DATA=str(tmp_path)).stdout.strip() == "''"
