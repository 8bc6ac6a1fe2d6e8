"""Addresses of figures: an indicator at a node, and the records behind it."""

from django.urls import path

from juzhi.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("readings/", views.readings, name="readings"),
    path("readings/feed/", views.feed, name="feed"),
    path("readings/<str:reading>/", views.reading, name="reading"),
    path("readings/<str:reading>/card/", views.card, name="card"),
    path("readings/<str:reading>/data/", views.reading_data, name="reading_data"),
    path("restatements/<str:restatement>/explain/", views.explain, name="explain"),
    path("openings/<str:opening>/", views.opening, name="opening"),
    path("openings/<str:opening>/evidence/", views.opening_evidence, name="opening_evidence"),
    path("openings/<str:opening>/withdraw_opening/", views.withdraw_opening, name="withdraw_opening"),
    path("<str:indicator>/organisations/<str:organisation>/record_opening/", views.record_opening, name="record_opening"),
    path("<str:indicator>/organisations/<str:organisation>/", views.figure, name="figure"),
    path("<str:indicator>/areas/<str:area>/", views.figure, name="figure"),
    path("<str:indicator>/hosts/<str:host>/", views.figure, name="figure"),
    path("<str:indicator>/sectors/<str:sector>/", views.figure, name="figure"),
    path("<str:indicator>/organisations/<str:organisation>/months/", views.months, name="months"),
    path("<str:indicator>/areas/<str:area>/months/", views.months, name="months"),
    path("<str:indicator>/hosts/<str:host>/months/", views.months, name="months"),
    path("<str:indicator>/sectors/<str:sector>/months/", views.months, name="months"),
    path("<str:indicator>/organisations/<str:organisation>/publish/", views.publish, name="publish"),
    path("<str:indicator>/areas/<str:area>/publish/", views.publish, name="publish"),
    path("<str:indicator>/hosts/<str:host>/publish/", views.publish, name="publish"),
    path("<str:indicator>/sectors/<str:sector>/publish/", views.publish, name="publish"),
    path("<str:indicator>/organisations/<str:organisation>/evidence/", views.evidence, name="evidence"),
    path("<str:indicator>/areas/<str:area>/evidence/", views.evidence, name="evidence"),
    path("<str:indicator>/hosts/<str:host>/evidence/", views.evidence, name="evidence"),
    path("<str:indicator>/sectors/<str:sector>/evidence/", views.evidence, name="evidence"),
    path("reports/", views.reports, name="reports"),
    path("reports/<str:report>/", views.report, name="report"),
    path("reports/<str:report>/evidence/", views.report_evidence, name="report_evidence"),
]
