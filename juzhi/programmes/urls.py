"""Addresses of roll-outs."""

from django.urls import path

from juzhi.programmes import views

app_name = "programmes"
urlpatterns = [
    path("of/<str:organisation>/", views.organisation, name="organisation"),
    path("of/<str:organisation>/open_programme/", views.open_programme, name="open_programme"),
    path("planned/<str:planned_unit>/confirm_unit/", views.confirm_unit, name="confirm_unit"),
    path("planned/<str:planned_unit>/drop_unit/", views.drop_unit, name="drop_unit"),
    path("<str:programme>/", views.programme, name="programme"),
    path("<str:programme>/units/", views.units, name="units"),
    path("<str:programme>/plan_wave/", views.plan_wave, name="plan_wave"),
    path("<str:programme>/plan_unit/", views.plan_unit, name="plan_unit"),
    path("<str:programme>/close_programme/", views.close_programme, name="close_programme"),
]
