"""Addresses of the pages for assessment: `/desk/assessment/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.assessment import (
    assessment_page,
    assessments,
    choose,
    compare,
    frozen,
    objections,
    organ,
    schemes,
)

urlpatterns = [
    path("", assessments.assessments, name="assessments"),
    path("schemes/", assessments.draft_scheme, name="scheme_new"),
    path("schemes/<str:number>/", schemes.scheme, name="scheme"),
    path("choose/", choose.choose, name="assessment_choose"),
    path("compare/", compare.comparison, name="assessment_compare"),
    path("<str:number>/", assessment_page.board, name="assessment"),
    path("<str:number>/frozen.zip", frozen.frozen_files, name="assessment_frozen"),
    path("<str:number>/objections/<int:objection>/", objections.rule, name="assessment_ruling"),
    path("<str:number>/circular/now/", objections.circulate, name="assessment_circular"),
    path("<str:number>/<str:code>/", organ.organ_figures, name="assessment_organ"),
]
