"""Addresses of the pages for leaders: `/desk/leadership/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.leadership import duties, incidents, letters, lines, overview, roster, staff

urlpatterns = [
    path("staff/", staff.staff_log, name="staff"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.begin, name="incident_new"),
    path("incidents/<str:number>/", incidents.incident, name="incident"),
    path("incidents/<str:number>/report/", incidents.report, name="incident_report"),
    path("", overview.leader_home, name="leader"),
    path("new/<str:kind>/", overview.leader_new, name="leader_new"),
    path("letters/<str:number>/", letters.letter, name="letter"),
    path("present/<str:number>/", letters.present, name="present"),
    path("roster/", roster.roster, name="roster"),
    path("brief/<str:number>/", roster.brief, name="brief"),
    path("book/<str:number>/", roster.book, name="book"),
    path("lines/<str:number>/", lines.lines, name="lines"),
    path("duties/organ/<str:code>/", duties.organ_duties, name="organ_duties"),
    path("duties/leader/<str:code>/", duties.leader_duties, name="leader_duties"),
    path("duties/do/<str:kind>/<str:act>/", duties.begin, name="begin"),
]
