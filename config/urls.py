"""Which room answers which address. Each door brings its own `urls.py`; this page only joins
them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", set_language, name="set_language"),
    path("", include("dengwen.portal.urls")),
    path("desk/", include("dengwen.desk.urls")),
]

# What no page caught; in Django's words a function by its name.
handler500 = "config.unanswered.server_error"
