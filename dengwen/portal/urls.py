"""Addresses of the portal. None carries a number, a code or anything about a matter: look-ups are posted.

The number in the address of a draw is that of an inspection (督查), which is public; no matter is named by it.
"""

from __future__ import annotations

from django.urls import path

from dengwen.portal import asking, begin, draws, looking, rating, submitting, timetable

app_name = "portal"
urlpatterns = [
    path("", begin.start, name="start"),
    path("reach/", begin.reach, name="reach"),
    path("reception/", timetable.timetable, name="reception"),
    path("inspections/", draws.draws, name="draws"),
    path("inspections/redraw/", draws.script, name="redraw"),
    path("inspections/<str:number>/<int:place>/<str:what>/", draws.file, name="draw-file"),
    path("verify/", begin.verify, name="verify"),
    path("submit/", submitting.write, name="submit"),
    path("receipt/", submitting.receipt, name="receipt"),
    path("follow/", looking.follow, name="follow"),
    path("follow/paper/", looking.paper, name="paper"),
    path("follow/receipt/", looking.receipt, name="follow-receipt"),
    path("follow/ask/", asking.ask, name="ask"),
    path("follow/evaluation/", rating.sheet, name="evaluation"),
    path("rate/", rating.rate, name="rate"),
]
