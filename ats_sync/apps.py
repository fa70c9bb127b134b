from django.apps import AppConfig


class AtsSyncConfig(AppConfig):
    name = "ats_sync"
    verbose_name = "ATS sync"

    def ready(self) -> None:
        from ats_sync import home, receivers  # noqa: F401  (cards and receivers register themselves)
        from ats_sync.actions import adding  # noqa: F401  (so does its kind of background run)
        from ats_sync.tracker import AtsTracker
        from talentpool import tracking

        tracking.register(AtsTracker())
