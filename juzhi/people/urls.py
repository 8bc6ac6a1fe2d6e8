"""Addresses of people."""

from django.urls import path

from juzhi.people import views

app_name = "people"
urlpatterns = [
    path("mine/contacts/", views.mine_contacts, name="mine_contacts"),
    path("mine/name/", views.mine_name, name="mine_name"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/number/", views.number_of_duplicates, name="number_of_duplicates"),
    path("duplicates/tell_apart/", views.tell_apart, name="tell_apart"),
    path("duplicates/reconsider/", views.reconsider, name="reconsider"),
    path("<str:person>/", views.person, name="person"),
    path("<str:person>/reveal/", views.reveal, name="reveal"),
    path("<str:person>/correct/", views.correct, name="correct"),
    path("<str:person>/change_contacts/", views.change_contacts, name="change_contacts"),
    path("<str:person>/add_name/", views.add_name, name="add_name"),
    path("<str:person>/forget/", views.forget, name="forget"),
    path("<str:person>/mark_deceased/", views.mark_deceased, name="mark_deceased"),
]
