"""The capability as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "juzhi.web"
    label = "web"
