"""The entry for the web server: `granian --interface wsgi config.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_pages = get_wsgi_application()

from config.opened import Opened  # noqa: E402  # what it asks needs Django to be set up

application = Opened(_pages)
