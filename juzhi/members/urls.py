"""Addresses of members."""

from django.urls import path

from juzhi.members import views

app_name = "members"
urlpatterns = [
    path("", views.roster, name="roster"),
    path("export_contacts/", views.export_contacts, name="export_contacts"),
    path("persons/<str:person>/", views.of_person, name="of_person"),
    path("<str:organisation>/", views.organisation_roster, name="organisation_roster"),
    path("<str:organisation>/admit/", views.admit, name="admit"),
    path("<str:organisation>/admit/<str:person>/", views.admit_person, name="admit_person"),
    path("<str:organisation>/find_person/", views.find_person, name="find_person"),
    path("<str:organisation>/batches/", views.batches, name="batches"),
    path("<str:organisation>/batches/open/", views.open_batch, name="open_batch"),
    path("<str:organisation>/name_list/", views.name_list, name="name_list"),
    path("<str:organisation>/<str:membership>/", views.membership, name="membership"),
    path("<str:organisation>/<str:membership>/correct/", views.correct, name="correct"),
    path("<str:organisation>/<str:membership>/end/", views.end, name="end"),
]
