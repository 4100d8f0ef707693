"""Addresses of the pages for personnel departments: `/desk/personnel/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.personnel import honours, notice, opinion, opinion_request, overview

urlpatterns = [
    path("", overview.personnel, name="personnel"),
    path("ask/", opinion_request.ask_opinion, name="personnel_ask"),
    path("honours/", honours.ask_honours, name="honours_ask"),
    path("honours/<str:number>/", honours.honours, name="honours"),
    path("notice/<str:number>/", notice.notice, name="personnel_notice"),
    path("opinion/<str:number>/", opinion.opinion, name="personnel_opinion"),
]
