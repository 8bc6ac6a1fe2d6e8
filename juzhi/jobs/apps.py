"""The capability as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "juzhi.jobs"
    label = "jobs"
