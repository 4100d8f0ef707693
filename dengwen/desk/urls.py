"""The addresses of the desk. Numbers are the only ids of cases in addresses."""

from __future__ import annotations

from django.urls import path

from dengwen.desk import (
    acting,
    breaches,
    casepage,
    finding,
    home,
    incidents,
    keeping,
    leading,
    letters,
    listing,
    opinion,
    promising,
    receiving,
    registry,
    signing,
    sorting,
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
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.begin, name="incident_new"),
    path("incidents/<str:number>/", incidents.incident, name="incident"),
    path("incidents/<str:number>/report/", incidents.report, name="incident_report"),
    path("leader/", leading.leader_home, name="leader"),
    path("leader/new/<str:kind>/", leading.leader_new, name="leader_new"),
    path("leader/letters/<str:number>/", letters.letter, name="letter"),
    path("leader/present/<str:number>/", letters.present, name="present"),
    path("leader/roster/", receiving.roster, name="roster"),
    path("leader/brief/<str:number>/", receiving.brief, name="brief"),
    path("leader/book/<str:number>/", receiving.book, name="book"),
    path("leader/lines/<str:number>/", promising.lines, name="lines"),
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
