"""Addresses of the pages for the registry: `/desk/registry/`."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.registry import handling_list, lists, organs

urlpatterns = [
    path("", organs.organs, name="registry"),
    path("new/", organs.found, name="found"),
    path("import/", lists.import_organs, name="import"),
    path("import/divisions/", lists.import_divisions, name="import_divisions"),
    path("organ/<str:code>/", organs.organ_page, name="organ_page"),
    path("organ/<str:code>/list/", handling_list.organ_list, name="organ_list"),
    path("organ/<str:code>/<str:act>/", organs.registry_act, name="registry_act"),
]
