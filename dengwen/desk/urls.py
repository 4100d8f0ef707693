"""The addresses of the desk. Numbers are the only ids of cases in addresses."""

from __future__ import annotations

from django.urls import path

from dengwen.desk import (
    acting,
    breaches,
    casepage,
    duty_registers,
    finding,
    groups,
    home,
    incidents,
    keeping,
    listing,
    opinion,
    registry,
    signing,
    sorting,
    staff,
    taking,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", signing.enter, name="sign_in"),
    path("sign-out/", signing.leave, name="sign_out"),
    path("organ/", signing.choose_organ, name="organ"),
    path("register/", taking.registration, name="register"),
    path("find/", finding.look_up, name="find"),
    path("breaches/", breaches.breaches, name="breaches"),
    path("staff/", staff.staff_log, name="staff"),
    path("group/", groups.begin, name="group_new"),
    path("group/<str:number>/", groups.group, name="group"),
    path("group/<str:number>/members/", groups.members, name="group_members"),
    path("group/<str:number>/representatives/", groups.representatives, name="group_representatives"),
    path("group/<str:number>/mandate/", groups.mandate, name="group_mandate"),
    path("group/<str:number>/requests/", groups.requests, name="group_requests"),
    path("group/<str:number>/receipts/", groups.receipts, name="group_receipts"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.begin, name="incident_new"),
    path("incidents/<str:number>/", incidents.incident, name="incident"),
    path("incidents/<str:number>/report/", incidents.report, name="incident_report"),
    path("duties/organ/<str:code>/", duty_registers.organ_duties, name="organ_duties"),
    path("duties/leader/<str:code>/", duty_registers.leader_duties, name="leader_duties"),
    path("duties/do/<str:kind>/<str:act>/", duty_registers.begin, name="begin"),
    path("registry/", registry.organs, name="registry"),
    path("registry/new/", registry.found, name="found"),
    path("registry/import/", listing.import_organs, name="import"),
    path("registry/organ/<str:code>/", registry.organ_page, name="organ_page"),
    path("registry/organ/<str:code>/<str:act>/", registry.registry_act, name="registry_act"),
    path("case/<str:number>/", casepage.case_page, name="case"),
    path("case/<str:number>/identity/open/", casepage.open_identity, name="identity"),
    path("case/<str:number>/documents/<int:seq>/<str:rule>/", casepage.document, name="document"),
    path("case/<str:number>/proof/<int:seq>/", casepage.proof, name="proof"),
    path("case/<str:number>/files/<str:name>/", keeping.download, name="file"),
    path("case/<str:number>/classify/", sorting.sort),
    path("case/<str:number>/draft/", opinion.draft),
    path("case/<str:number>/<str:act>/", acting.act_page, name="act"),
]
