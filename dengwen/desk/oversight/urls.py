"""Addresses of the pages for oversight: `/desk/oversight/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.oversight import (
    breaches,
    figures,
    inspection_draw,
    inspection_pack,
    inspection_year,
    inspections,
    suggestions,
    supervision,
)

urlpatterns = [
    path("breaches/", breaches.breaches, name="breaches"),
    path("breaches/order/", supervision.order, name="supervise"),
    path("breaches/reminders/", supervision.reminders, name="reminders"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("figures/", figures.monthly, name="figures"),
    path("figures/cases/", figures.cases, name="figure_cases"),
    path("figures/year/", figures.annual_page, name="annual_report"),
    path("inspections/", inspection_year.inspections, name="inspections"),
    path("inspections/year/", inspection_year.year_plan, name="inspection_year"),
    path("inspections/new/", inspections.begin, name="inspection_new"),
    path("inspections/<str:number>/", inspections.inspection, name="inspection"),
    path("inspections/<str:number>/plan/", inspection_draw.plan, name="inspection_plan"),
    path("inspections/<str:number>/draw/", inspection_draw.draw, name="inspection_draw"),
    path(
        "inspections/<str:number>/published/<int:place>/<str:what>/",
        inspection_draw.published,
        name="inspection_published",
    ),
    path("inspections/<str:number>/pack/", inspection_pack.take, name="inspection_take"),
    path("inspections/<str:number>/pack/<int:copy>/", inspection_pack.pack, name="inspection_pack"),
    path(
        "inspections/<str:number>/case/<str:subject>/",
        inspection_pack.examine,
        name="inspection_case",
    ),
    path(
        "inspections/<str:number>/call/<str:subject>/", inspection_pack.call, name="inspection_call"
    ),
    path("inspections/<str:number>/answers/", inspection_pack.answers, name="inspection_answers"),
    path("inspections/<str:number>/report/", inspection_pack.report, name="inspection_report"),
]
