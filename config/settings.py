"""All settings of an installation. One file; whatever differs between installations comes from the
environment.

The list of all of them, with what for, default and unit: `config/variables.py`.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import effects
from dengwen.access.login.source_address import PROTOCOL, proxies_of

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def _flag(name: str, default: bool) -> bool:
    """Read an on/off variable; anything but the known words is an error, for a typo must not
    switch a guard off."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "on", "true", "yes", "0", "off", "false", "no"}:
        return default if not value else value in {"1", "on", "true", "yes"}
    raise ImproperlyConfigured(
        f"{name}={value!r} is neither on nor off. Mend: {name}=1 or {name}=0."
    )


def _number(name: str, default: int, least: int) -> int:
    """Read a whole number of at least `least`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(
            f"{name}={value!r} is no number from {least} on. Mend: {name}={default}"
        )
    return int(value)


DATA = Path(os.environ.get("DENGWEN_DATA") or ROOT / "data").resolve()
DEBUG = _flag("DENGWEN_DEBUG", default=False)
_hosts = [host.strip() for host in os.environ.get("DENGWEN_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = _hosts or list(LOOPBACK_HOSTS)
HTTPS = _flag("DENGWEN_HTTPS", default=bool(_hosts))


# --- rooms ----------------------------------------------------------------------------------------
# Every package of ours that Django must know (models, templates, commands), lowest first. The label
# of each is
# its last part. Tests in tests/house compare the list with the disk.

DENGWEN_APPS = (
    "dengwen.organs",
    "dengwen.editions",
    "dengwen.ledger",
    "dengwen.documents",
    "dengwen.notices",
    "dengwen.ui",
    "dengwen.access",
    "dengwen.cases",
    "dengwen.petitions",
    "dengwen.prevention",
    "dengwen.leadership",
    "dengwen.oversight",
    "dengwen.assessment",
    "dengwen.accountability",
    "dengwen.worker",
    "dengwen.practice",
    "dengwen.desk",
    "dengwen.portal",
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    *DENGWEN_APPS,
]

# What the acts of a pack may set in motion; the list itself stands apart so that packs can be
# checked without Django.
EFFECTS = effects.EFFECTS
FORESIGHTS = effects.FORESIGHTS

# Tables whose rows nobody may change or delete; the guards are put back after every migration.
APPEND_ONLY_TABLES: tuple[str, ...] = (
    "cases_act",
    "cases_caselink",
    "cases_document",
    "ledger_event",
    "ledger_leaf",
    "ledger_node",
    "ledger_checkpoint",
    "access_readlog",
    "access_signinlog",
    "access_keyprint",
    "editions_installedrulebook",
    "editions_calendarnotice",
    "editions_localsetting",
    "editions_interpretation",
)

# A data folder is real or for practice from `init` on, for ever; only in practice may a door set
# the clock.
PRACTICE = (DATA / "practice").exists()

# --- database -------------------------------------------------------------------------------------
# Before 3.51.3 SQLite's write-ahead log could lose a commit or harm the file when it was reset at
# the wrong moment;
# the standard library links whatever the system has. So a current SQLite comes from a package and
# takes the place
# of the module before Django asks for it; with an older one, the slower rollback journal is used.
SQLITE_WITH_SAFE_WAL = (3, 51, 3)


def _current_sqlite() -> tuple[int, int, int]:
    """Put the packaged SQLite in the place of the standard library's, if it is there; say which
    version is linked."""
    try:
        sys.modules["sqlite3"] = import_module("pysqlite3")
        sys.modules["sqlite3.dbapi2"] = import_module("pysqlite3.dbapi2")
    except ImportError:  # no wheel for this platform
        import_module("sqlite3")
    major, minor, patch = sys.modules["sqlite3"].sqlite_version_info
    return major, minor, patch


def _sqlite() -> dict[str, Any]:
    """SQLite in the data folder: every commit reaches the disk, every transaction takes the
    write lock at once."""
    journal = "WAL" if _current_sqlite() >= SQLITE_WITH_SAFE_WAL else "DELETE"
    return {
        "ENGINE": "dengwen.store.sqlite",
        "NAME": DATA / "dengwen.sqlite3",
        # a file is not reached over a network: to open it for each page would be a tenth of it
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "init_command": (
                f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }


def _pool() -> int:
    """Read how many connections a process may hold; ImproperlyConfigured for what is no number
    above nought."""
    said = os.environ.get("DENGWEN_POOL", "").strip() or "4"
    if not said.isascii() or not said.isdigit() or int(said) < 1:
        raise ImproperlyConfigured(
            f"DENGWEN_POOL={said!r} is no number of connections. Mend: DENGWEN_POOL=4."
        )
    return int(said)


def _postgresql(url: str) -> dict[str, Any]:
    """PostgreSQL by address; commits wait for the disk whatever the server's default is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except (
        ValueError
    ):  # its words would show a part of the address, which may be one of the password
        raise ImproperlyConfigured(
            "DENGWEN_DATABASE_URL is no address: its port is no number. Mend: "
            "postgresql://user:password@host:port/name, with %2F, %40, %3A and %23 for / @ : "
            "# in the password."
        ) from None
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"DENGWEN_DATABASE_URL begins with {parts.scheme!r} or names no database. "
            "Mend: postgresql://user:password@host:port/name, or leave it empty for SQLite "
            "in DENGWEN_DATA."
        )
    # Whoever waits longer than `timeout` gets 503. After `reconnect_timeout` the pool stops trying
    # by itself,
    # so that the next page tries at once and does not wait out a pause that has grown to minutes.
    pool = {"min_size": 1, "max_size": _pool(), "timeout": 5, "reconnect_timeout": 5}
    options = {"pool": pool, "options": "-c synchronous_commit=on", "connect_timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,  # the pool tries a connection before it lends it
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {**options, **dict(parse_qsl(parts.query))},
    }


_database_url = os.environ.get("DENGWEN_DATABASE_URL", "").strip()
DATABASES = {"default": _postgresql(_database_url) if _database_url else _sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- keys and sign-in -----------------------------------------------------------------------------
def _secret_key() -> str:
    """Read the signing key; an empty answer makes Django refuse to sign anything, which is what
    is wanted."""
    if key := os.environ.get("DENGWEN_SECRET_KEY"):
        return key
    file = DATA / "keys" / "secret-key"
    if not file.exists():
        return ""
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise ImproperlyConfigured(
            f"{file} may be read by other users of this machine. Mend: chmod 600 {file}"
        )
    return file.read_text(encoding="ascii").strip()


SECRET_KEY = _secret_key()
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["dengwen.access.login.sign_in.PasswordBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Argon2id is dear on purpose: a flood of sign-ins may take these places and no others
# (dengwen.access.login.hash_budget). The server as it ships has four threads; at least one is
# always left for pages
# that hash nothing.
HASHES_AT_ONCE = _number("DENGWEN_HASHES", 2, least=1)
HASHES_WAITING = _number("DENGWEN_HASHES_WAITING", 1, least=0)
SESSION_ENGINE = "dengwen.access.login.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = 10 * 60 * 60  # seconds: one working day at the desk
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

# --- pages ----------------------------------------------------------------------------------------
FILE_UPLOAD_HANDLERS = [
    "dengwen.ui.upload_limits.Limiter",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "dengwen.ui.upload_limits.Spool",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
MIDDLEWARE = [
    # First, for the next asks whether the request came over TLS.
    "dengwen.access.login.source_address.ProtocolOfProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dengwen.ui.method_refusal.SpokenRefusal",
    "dengwen.ui.database_away.SpokenAbsence",
    # the last hears of an error first: a full disk is told from one that is away
    "dengwen.ledger.full_disk.FullDisk",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["dengwen.ui.page_layout.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A page of ours loads nothing from anywhere else and runs no script that is not a file of ours.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],  # htmx asks this server for parts of a page
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options: frame-ancestors above says it to every browser still in use
    # the preload list of browsers is for public sites; an office sits on a closed network
    "security.W021",
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # "no-referrer" makes browsers send Origin: null, and every form is refused
)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
if _flag("DENGWEN_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = (PROTOCOL, "https")

# Counters of wrong guesses belong to a source. Whoever is not named here is believed nothing about
# it.
try:
    TRUSTED_PROXIES = proxies_of(
        os.environ.get("DENGWEN_TRUSTED_PROXIES", ""),
        os.environ.get("DENGWEN_PROXY_HOPS", "").strip(),
        os.environ.get("DENGWEN_PROXY_HEADER", ""),
    )
except ValueError as error:
    raise ImproperlyConfigured(
        f"DENGWEN_TRUSTED_PROXIES, DENGWEN_PROXY_HOPS or DENGWEN_PROXY_HEADER: {error}. "
        "Mend: such as DENGWEN_TRUSTED_PROXIES=10.0.0.5,fd00:12::/64 DENGWEN_PROXY_HOPS=1 "
        "DENGWEN_PROXY_HEADER=X-Forwarded-For"
    ) from error

# The installed office serves collected files under hashed names; before they are collected
# (practice, tests) the
# files are found where they lie.
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
_collected = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA / "files"

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True  # instants are stored in UTC …
TIME_ZONE = "Asia/Shanghai"  # … and shown, like every legal date, in Beijing time

# --- letters and logs -----------------------------------------------------------------------------
# Nothing leaves the machine by itself: letters go through the outbox of `notices`, which has
# channels of its own.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # The pool says at every attempt that it could not connect; that nobody could is said once, by
    # whoever asked.
    "loggers": {"dengwen": {"level": "INFO"}, "psycopg.pool": {"level": "ERROR"}},
}
