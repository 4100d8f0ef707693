"""The addresses of the desk. Numbers are the only ids of cases in addresses."""

from __future__ import annotations

from django.urls import path

from dengwen.desk import (
    acting,
    breaches,
    casepage,
    figures,
    finding,
    home,
    incidents,
    keeping,
    listing,
    openings,
    opinion,
    registry,
    signing,
    sorting,
    suggestions,
    supervising,
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
    path("breaches/order/", supervising.order, name="supervise"),
    path("breaches/reminders/", supervising.reminders, name="reminders"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("figures/", figures.monthly, name="figures"),
    path("figures/cases/", figures.cases, name="figure_cases"),
    path("figures/year/", figures.annual_page, name="annual_report"),
    path("open/<str:kind>/<str:act>/", openings.open_case, name="open"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.begin, name="incident_new"),
    path("incidents/<str:number>/", incidents.incident, name="incident"),
    path("incidents/<str:number>/report/", incidents.report, name="incident_report"),
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
