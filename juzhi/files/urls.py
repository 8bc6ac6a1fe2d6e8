"""Paths of files."""

from django.urls import path

from juzhi.files import views

app_name = "files"
urlpatterns = [path("<str:upload>/", views.download, name="download")]
