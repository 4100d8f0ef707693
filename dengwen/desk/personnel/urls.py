"""Addresses of the pages for personnel departments: `/desk/personnel/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.personnel import notices, opinions

urlpatterns = [
    path("", notices.personnel, name="personnel"),
    path("ask/", opinions.ask_opinion, name="personnel_ask"),
    path("honours/", notices.ask_honours, name="honours_ask"),
    path("honours/<str:number>/", notices.honours, name="honours"),
    path("notice/<str:number>/", notices.notice, name="personnel_notice"),
    path("opinion/<str:number>/", opinions.opinion, name="personnel_opinion"),
]
