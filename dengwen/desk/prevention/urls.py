"""Addresses of the pages for prevention: `/desk/prevention/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.prevention import minutes, registers

urlpatterns = [
    path("", registers.registers, name="prevention"),
    path("<str:part>/", registers.registers, name="prevention_part"),
    path("<str:part>/new/<str:act>/", registers.begin, name="prevention_new"),
]

case_patterns = [
    path("case/<str:number>/record_item/", minutes.record_item),
]
"""Acts of a case that have a page of their own: at the address of the act."""
