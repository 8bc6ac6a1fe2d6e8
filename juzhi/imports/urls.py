"""Addresses of imports."""

from django.urls import path

from juzhi.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("organisations/<str:organisation>/", views.upload, name="upload"),
    path("<str:batch>/", views.batch, name="batch"),
    path("<str:batch>/remap/", views.remap, name="remap"),
    path("<str:batch>/settle/", views.settle, name="settle"),
    path("<str:batch>/choose/", views.choose, name="choose"),
    path("<str:batch>/commit/", views.commit, name="commit"),
    path("<str:batch>/discard/", views.discard, name="discard"),
    path("<str:batch>/undo/", views.undo, name="undo"),
    path("<str:batch>/problems/", views.problems, name="problems"),
]
