from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Campaigns"

    def ready(self) -> None:
        from campaigns import home, letters, receivers  # noqa: F401  (cards, letters and receivers register themselves)
