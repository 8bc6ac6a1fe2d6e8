"""Paths of jobs."""

from django.urls import path

from juzhi.jobs import views

app_name = "jobs"
urlpatterns = [path("<str:progress>/", views.progress, name="progress")]
