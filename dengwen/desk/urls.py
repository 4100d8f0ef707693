"""The addresses of the desk: each chapter under its name. Numbers are the only ids of cases in
addresses."""

from __future__ import annotations

from django.urls import include, path

from dengwen.desk.chapters import join_chapters
from dengwen.desk.petitions.urls import case_patterns as acts_on_petitions
from dengwen.desk.prevention.urls import case_patterns as acts_on_meetings
from dengwen.desk.shell.urls import case_patterns
from dengwen.desk.shell.urls import urlpatterns as shell_patterns

join_chapters()

app_name = "desk"
urlpatterns = [
    *shell_patterns,
    path("petitions/", include("dengwen.desk.petitions.urls")),
    path("leadership/", include("dengwen.desk.leadership.urls")),
    path("prevention/", include("dengwen.desk.prevention.urls")),
    path("oversight/", include("dengwen.desk.oversight.urls")),
    path("assessment/", include("dengwen.desk.assessment.urls")),
    path("accountability/", include("dengwen.desk.accountability.urls")),
    path("personnel/", include("dengwen.desk.personnel.urls")),
    path("registry/", include("dengwen.desk.registry.urls")),
    *acts_on_petitions,
    *acts_on_meetings,
    *case_patterns,
]
