"""Every address. Pages of an organisation lie below /o/<slug>/; `crm.middleware.organisation` takes the slug off."""

from django.urls import include, path

from crm import api

organisation = [
    path("", include("talentpool.urls")),  # people/, pipelines/, imports/
    path("", include("ats_sync.urls")),  # settings/ats/
    path("campaigns/", include("campaigns.urls")),
    path("reports/", include("analytics.urls")),
    path("sourcing/", include("sourcing.urls")),
    path("", include("crm.organisation_urls")),
]

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("o/<slug:organisation>/", include(organisation)),
    path("api/v1/", api.urls),
    path("", include("talentpool.public_urls")),
    path("", include("campaigns.public_urls")),
    path("", include("ats_sync.public_urls")),
    path("", include("crm.public_urls")),
]
