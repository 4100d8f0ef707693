"""Addresses of the pages for leaders: `/desk/leadership/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.leadership import (
    booked_talk,
    brief,
    duties,
    letters,
    lines,
    opened_cases,
    overview,
    roster,
    staff,
)
from dengwen.desk.leadership.incidents import (
    incident_list,
    incident_page,
    incident_report,
    new_incident,
)

urlpatterns = [
    path("staff/", staff.staff_log, name="staff"),
    path("incidents/", incident_list.incidents, name="incidents"),
    path("incidents/new/", new_incident.begin, name="incident_new"),
    path("incidents/<str:number>/", incident_page.incident, name="incident"),
    path("incidents/<str:number>/report/", incident_report.report, name="incident_report"),
    path("", overview.leader_home, name="leader"),
    path("new/<str:kind>/", opened_cases.leader_new, name="leader_new"),
    path("letters/<str:number>/", letters.letter, name="letter"),
    path("present/<str:number>/", letters.present, name="present"),
    path("roster/", roster.roster, name="roster"),
    path("brief/<str:number>/", brief.brief, name="brief"),
    path("book/<str:number>/", booked_talk.book, name="book"),
    path("lines/<str:number>/", lines.lines, name="lines"),
    path("duties/organ/<str:code>/", duties.organ_duties, name="organ_duties"),
    path("duties/leader/<str:code>/", duties.leader_duties, name="leader_duties"),
    path("duties/do/<str:kind>/<str:act>/", duties.begin, name="begin"),
]
