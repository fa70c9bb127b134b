from django.apps import AppConfig


class AtsSyncConfig(AppConfig):
    name = "ats_sync"
    verbose_name = "ATS sync"

    def ready(self) -> None:
        from ats_sync import home, receivers  # noqa: F401  (cards and receivers register themselves)
        from ats_sync.actions import adding, removal, rights  # noqa: F401  (so do kinds of background runs)
        from ats_sync.actions.file_reading import reader_of
        from ats_sync.tracker import AtsTracker
        from talentpool import tracking
        from talentpool.actions.drop_readers import register_reader

        tracking.register(AtsTracker())
        register_reader(reader_of)
