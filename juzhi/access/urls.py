"""Addresses of accounts and rights."""

from django.urls import path

from juzhi.access import views

app_name = "access"
urlpatterns = [
    path("", views.grants, name="grants"),
    path("duties/", views.duties, name="duties"),
    path("invitations/<str:token>/", views.accept, name="accept"),
    path("persons/<str:person>/", views.of_person, name="of_person"),
    path("<str:organisation>/", views.organisation_grants, name="organisation_grants"),
    path("<str:organisation>/grant/", views.grant, name="grant"),
    path("<str:organisation>/grantees/", views.grantees, name="grantees"),
    path("<str:organisation>/invite/<str:person>/", views.invite, name="invite"),
    path("<str:organisation>/<str:grant>/revoke/", views.revoke, name="revoke"),
]
