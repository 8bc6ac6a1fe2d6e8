"""Paths of the journal."""

from django.urls import path

from juzhi.journal import views

app_name = "journal"
urlpatterns = [
    path("organisations/<str:organisation>/", views.organisation_entries, name="organisation_entries"),
    path("things/<str:kind>/<str:thing>/", views.thing_entries, name="thing_entries"),
]
