"""Addresses of the face itself."""

from django.urls import path

from juzhi.web import views

app_name = "web"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("face/", views.choose_face, name="choose_face"),
    path("favicon.ico", views.favicon, name="favicon"),
]
