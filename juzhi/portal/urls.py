"""Addresses of the pages made of several capabilities."""

from django.urls import path

from juzhi.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("workbench/", views.workbench, name="workbench"),
    path("search/", views.search, name="search"),
    path("mine/", views.mine, name="mine"),
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/list/", views.complaint_list, name="complaint_list"),
    path("complaints/<str:complaint>/answer/", views.answer_complaint, name="answer_complaint"),
]
