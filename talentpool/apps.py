from django.apps import AppConfig


class TalentpoolConfig(AppConfig):
    name = "talentpool"
    verbose_name = "Talent pool"

    def ready(self) -> None:
        from talentpool.actions import sources  # noqa: F401  (and so does its kind of background run)
