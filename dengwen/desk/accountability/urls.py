"""Addresses of the pages for accountability: `/desk/accountability/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.accountability import (
    about_me,
    decide,
    inquiries,
    inquiry_board,
    inquiry_roles,
    leads,
    measures,
)

urlpatterns = [
    path("leads/", leads.leads, name="leads"),
    path("leads/new/", leads.begin, name="lead_new"),
    path("leads/<str:number>/", leads.lead, name="lead"),
    path("leads/<str:number>/proof/<int:place>/", leads.proof, name="lead_proof"),
    path("measures/", measures.measures, name="measures"),
    path("measures/<str:number>/", measures.measure, name="measure"),
    path("measures/<str:number>/answer/", measures.answer, name="measure_answer"),
    path("measures/<str:number>/decide/", decide.decide, name="measure_decide"),
    path("measures/<str:number>/report/", measures.report, name="measure_report"),
    path("measures/<str:number>/follow/", measures.follow, name="measure_follow"),
    path("measures/<str:number>/appeal/", measures.appeal, name="measure_appeal"),
    path("inquiries/", inquiries.inquiries, name="inquiries"),
    path("inquiries/<str:number>/", inquiries.inquiry, name="inquiry"),
    path("inquiries/<str:number>/board/", inquiry_board.board, name="inquiry_board"),
    path("inquiries/<str:number>/board/<int:item>/", inquiry_board.proof, name="inquiry_proof"),
    path("inquiries/<str:number>/roles/", inquiry_roles.roles, name="inquiry_roles"),
    path("inquiries/<str:number>/end/", inquiry_roles.end, name="inquiry_end"),
    path("inquiries/<str:number>/do/<str:act>/", inquiries.step, name="inquiry_step"),
    path("about-me/", about_me.about_me, name="about_me"),
    path("about-me/<str:number>/", about_me.inquiry, name="about_me_inquiry"),
]
