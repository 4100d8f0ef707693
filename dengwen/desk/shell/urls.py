"""Addresses of the shell: home, signing in, case page and act page."""

from __future__ import annotations

from django.urls import path

from dengwen.desk.shell.act import act_page
from dengwen.desk.shell.case import case_page, files, open_case
from dengwen.desk.shell.frame import sign_in
from dengwen.desk.shell.worklist import home, second_signatures

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.enter, name="sign_in"),
    path("sign-out/", sign_in.leave, name="sign_out"),
    path("organ/", sign_in.choose_organ, name="organ"),
    path("approvals/", second_signatures.approvals, name="approvals"),
    path("open/<str:kind>/<str:act>/", open_case.open_case, name="open"),
]

case_patterns = [
    path("case/<str:number>/", case_page.case_page, name="case"),
    path("case/<str:number>/identity/open/", case_page.open_identity, name="identity"),
    path("case/<str:number>/documents/<int:seq>/<str:rule>/", case_page.document, name="document"),
    path("case/<str:number>/proof/<int:seq>/", case_page.proof, name="proof"),
    path("case/<str:number>/files/<str:name>/", files.download, name="file"),
    path("case/<str:number>/<str:act>/", act_page.act_page, name="act"),
]
"""The case page and what lies under it. The address of any act stands last: chapters come before
it."""
