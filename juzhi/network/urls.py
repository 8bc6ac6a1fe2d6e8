"""Addresses of the federation."""

from django.urls import path

from juzhi.network import views

app_name = "network"
urlpatterns = [
    path("organisations/", views.tree, name="tree"),
    path("organisations/list/", views.organisations, name="organisations"),
    path("organisations/choices/", views.choices, name="choices"),
    path("organisations/<str:organisation>/", views.organisation, name="organisation"),
    path("organisations/<str:organisation>/branch/", views.branch, name="branch"),
    path("organisations/<str:organisation>/history/", views.history, name="history"),
    path("organisations/<str:organisation>/found/", views.found, name="found"),
    path("organisations/<str:organisation>/register_founding/", views.register_founding, name="register_founding"),
    path("organisations/<str:organisation>/rename/", views.rename, name="rename"),
    path("organisations/<str:organisation>/correct/", views.correct, name="correct"),
    path("organisations/<str:organisation>/move/", views.move, name="move"),
    path("organisations/<str:organisation>/relocate/", views.relocate, name="relocate"),
    path("organisations/<str:organisation>/merge/", views.merge, name="merge"),
    path("organisations/<str:organisation>/split/", views.split, name="split"),
    path("organisations/<str:organisation>/dissolve/", views.dissolve, name="dissolve"),
    path("organisations/<str:organisation>/reopen/", views.reopen, name="reopen"),
    path("organisations/<str:organisation>/guide/", views.guide, name="guide"),
    path("organisations/<str:organisation>/add_contact/", views.add_contact, name="add_contact"),
    path("areas/", views.areas, name="areas"),
    path("areas/<str:area>/", views.area, name="area"),
    path("areas/<str:area>/record_statistic/", views.record_statistic, name="record_statistic"),
    path("areas/<str:area>/record_slogan/", views.record_slogan, name="record_slogan"),
    path("areas/<str:area>/attest/", views.attest, name="attest"),
    path("measures/register_measure/", views.register_measure, name="register_measure"),
    path("statistics/<str:statistic>/", views.statistic, name="statistic"),
    path("statistics/<str:statistic>/correct_statistic/", views.correct_statistic, name="correct_statistic"),
    path("claims/record_claim/", views.record_claim, name="record_claim"),
    path("claims/<str:claim>/withdraw_claim/", views.withdraw_claim, name="withdraw_claim"),
    path("slogans/<str:slogan>/name_landmark/", views.name_landmark, name="name_landmark"),
    path("landmarks/<str:landmark>/drop_landmark/", views.drop_landmark, name="drop_landmark"),
    path("hosts/", views.hosts, name="hosts"),
    path("hosts/register_host/", views.register_host, name="register_host"),
    path("hosts/<str:host>/", views.host, name="host"),
    path("sectors/", views.sectors, name="sectors"),
    path("sectors/<str:sector>/", views.sector, name="sector"),
    path("external_bodies/", views.external_bodies, name="external_bodies"),
    path("external_bodies/register_external_body/", views.register_external_body, name="register_external_body"),
    path("external_bodies/<str:external_body>/", views.external_body, name="external_body"),
]
