"""Every address of the house."""

from django.urls import include, path

urlpatterns = [
    path("", include("juzhi.portal.urls")),
    path("", include("juzhi.web.urls")),
    path("", include("juzhi.network.urls")),
    path("people/", include("juzhi.people.urls")),
    path("members/", include("juzhi.members.urls")),
    path("programmes/", include("juzhi.programmes.urls")),
    path("access/", include("juzhi.access.urls")),
    path("account/", include("allauth.urls")),
    path("imports/", include("juzhi.imports.urls")),
    path("figures/", include("juzhi.figures.urls")),
    path("journal/", include("juzhi.journal.urls")),
    path("jobs/", include("juzhi.jobs.urls")),
    path("files/", include("juzhi.files.urls")),
]

handler500 = "juzhi.web.views.broken"
