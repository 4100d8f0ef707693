"""Addresses of the pages for oversight: `/desk/oversight/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.oversight import breaches, figures, suggestions, supervision
from dengwen.desk.oversight.inspections import (
    inspected_case,
    inspection_draw,
    inspection_pack,
    inspection_page,
    inspection_report,
    inspection_year,
    new_inspection,
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
    path("inspections/new/", new_inspection.begin, name="inspection_new"),
    path("inspections/<str:number>/", inspection_page.inspection, name="inspection"),
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
        inspected_case.examine,
        name="inspection_case",
    ),
    path(
        "inspections/<str:number>/call/<str:subject>/", inspected_case.call, name="inspection_call"
    ),
    path("inspections/<str:number>/answers/", inspection_report.answers, name="inspection_answers"),
    path("inspections/<str:number>/report/", inspection_report.report, name="inspection_report"),
]
