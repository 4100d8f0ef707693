"""Addresses of the pages for accountability: `/desk/accountability/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.accountability import about_me
from dengwen.desk.accountability.inquiries import board, end, inquiry, inquiry_list, roles, step
from dengwen.desk.accountability.leads import lead, lead_list, lead_new
from dengwen.desk.accountability.measures import decide, measure, measure_list

urlpatterns = [
    path("leads/", lead_list.leads, name="leads"),
    path("leads/new/", lead_new.begin, name="lead_new"),
    path("leads/<str:number>/", lead.lead, name="lead"),
    path("leads/<str:number>/proof/<int:place>/", lead.proof, name="lead_proof"),
    path("measures/", measure_list.measures, name="measures"),
    path("measures/<str:number>/", measure.measure, name="measure"),
    path("measures/<str:number>/answer/", measure.answer, name="measure_answer"),
    path("measures/<str:number>/decide/", decide.decide, name="measure_decide"),
    path("measures/<str:number>/report/", measure.report, name="measure_report"),
    path("measures/<str:number>/follow/", measure.follow, name="measure_follow"),
    path("measures/<str:number>/appeal/", measure.appeal, name="measure_appeal"),
    path("inquiries/", inquiry_list.inquiries, name="inquiries"),
    path("inquiries/<str:number>/", inquiry.inquiry, name="inquiry"),
    path("inquiries/<str:number>/board/", board.board, name="inquiry_board"),
    path("inquiries/<str:number>/board/<int:item>/", board.proof, name="inquiry_proof"),
    path("inquiries/<str:number>/roles/", roles.roles, name="inquiry_roles"),
    path("inquiries/<str:number>/end/", end.end, name="inquiry_end"),
    path("inquiries/<str:number>/do/<str:act>/", step.step, name="inquiry_step"),
    path("about-me/", about_me.about_me, name="about_me"),
    path("about-me/<str:number>/", about_me.inquiry, name="about_me_inquiry"),
]
