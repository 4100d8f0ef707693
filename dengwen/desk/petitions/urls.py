"""Addresses of the pages for petitions: `/desk/petitions/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.petitions import (
    classify,
    draft,
    find,
    hand_over,
    look_alikes,
    ratings,
    register,
    split,
)
from dengwen.desk.petitions.groups import (
    group_page,
    members,
    receipts,
    representatives,
    requests,
    visit,
)

urlpatterns = [
    path("register/", register.registration, name="register"),
    path("register/alike/", look_alikes.look_alikes, name="register_alike"),
    path("find/", find.look_up, name="find"),
    path("ratings/", ratings.ratings_page, name="ratings"),
    path("ratings/sheet/", ratings.print_sheet, name="rating_sheet"),
    path("hand-over/", hand_over.hand_over, name="hand_over"),
    path("groups/", visit.begin, name="group_new"),
    path("groups/<str:number>/", group_page.group, name="group"),
    path("groups/<str:number>/members/", members.members, name="group_members"),
    path(
        "groups/<str:number>/representatives/",
        representatives.representatives,
        name="group_representatives",
    ),
    path("groups/<str:number>/mandate/", representatives.mandate, name="group_mandate"),
    path("groups/<str:number>/requests/", requests.requests, name="group_requests"),
    path("groups/<str:number>/receipts/", receipts.receipts, name="group_receipts"),
]

case_patterns = [
    path("case/<str:number>/classify/", classify.sort),
    path("case/<str:number>/draft/", draft.draft),
    path("case/<str:number>/split/", split.divide),
]
"""Acts of a case that have a page of their own: at the address of the act."""
