"""Addresses of the portal. None carries a number, a code or anything about a matter: look-ups are
posted.

The number in the address of a draw is that of an inspection (督查), which is public; no matter is
named by it.
"""

from __future__ import annotations

from django.urls import path

from dengwen.portal import ask, follow, inspections, rate, reception, start, submit

app_name = "portal"
urlpatterns = [
    path("", start.start, name="start"),
    path("reach/", start.reach, name="reach"),
    path("reception/", reception.timetable, name="reception"),
    path("inspections/", inspections.draws, name="draws"),
    path("inspections/redraw/", inspections.script, name="redraw"),
    path("inspections/<str:number>/<int:place>/<str:what>/", inspections.file, name="draw-file"),
    path("verify/", start.verify, name="verify"),
    path("submit/", submit.write, name="submit"),
    path("receipt/", submit.receipt, name="receipt"),
    path("follow/", follow.follow, name="follow"),
    path("follow/paper/", follow.paper, name="paper"),
    path("follow/receipt/", follow.receipt, name="follow-receipt"),
    path("follow/ask/", ask.ask, name="ask"),
    path("follow/evaluation/", rate.sheet, name="evaluation"),
    path("rate/", rate.rate, name="rate"),
]
