"""What hangs on a candidate."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import LeanTenantModel


class OfCandidate(LeanTenantModel):
    """A row about a person: `candidate` says whose it is now, `origin` whose it was when it came.

    Merging people sets `candidate` to the survivor, unmerging sets it back by `origin`, which nothing ever changes. So
    a unique constraint with `candidate` in it needs `origin` too. A table of which a person may have one row only says
    in `once` beside what (one entry a pipeline): of two merged people who both have one, the first by `first_of` is
    the survivor's, and the other stays behind with who was absorbed until the merge is undone.

    A row also keeps its person in the pool when the import that brought her is undone, unless the model is `derived`:
    made by Rapport of profiles, and said by nobody.
    Erasing the person removes the row, or, where `stays_without` is given, sets these columns and leaves it.
    """

    once: ClassVar[tuple[str, ...]] = ()
    first_of: ClassVar[tuple[str, ...]] = ("pk",)
    derived: ClassVar[bool] = False
    stays_without: ClassVar[Mapping[str, Any] | None] = None

    candidate = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="%(class)s_set")
    origin = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+", db_index=False)

    class Meta(LeanTenantModel.Meta):
        abstract = True
