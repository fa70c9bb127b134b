from django.apps import AppConfig


class TalentpoolConfig(AppConfig):
    name = "talentpool"
    verbose_name = "Talent pool"

    def ready(self) -> None:
        from talentpool import home, home_relations, portal  # noqa: F401  (cards and the portal register themselves)
        from talentpool.actions import look_through, match_pairs, sources  # noqa: F401  (so do their kinds of background run)
