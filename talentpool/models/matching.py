"""What matching compares: each record's traits, the blocking keys that bring records together, how frequent names are,
and how careful an organisation wants it done.

The triggers stand here too: whoever writes traits has the record looked at, and blocking keys go with their record.
"""

from functools import partial
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.tenancy.constraints import RowsOfTenant
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import LeanTenantModel, TenantModel
from crm.tenancy.moving import Moving
from talentpool.models.outboxes import into_outbox
from talentpool.models.owned import OfCandidate
from talentpool.models.profile import Profile


def _numbers() -> Any:
    return ArrayField(models.IntegerField(), default=list)


class PersonTraits(OfCandidate):
    """One record in the columns that talentpool.identity.score compares; talentpool.identity.person_traits makes them.

    A row for each profile, and one for what people here added to a person by hand. Rows follow their profile: merging
    changes nothing but `candidate`.
    """

    derived = True

    # None: added by hand. The constraint's index begins with it.
    profile = TenantForeignKey(Profile, models.CASCADE, null=True, db_index=False, related_name="+")
    given = models.CharField(max_length=60)
    middle = models.CharField(max_length=60)
    family = models.CharField(max_length=120)
    family_parts = ArrayField(models.CharField(max_length=60), default=list)
    given_sound = models.CharField(max_length=60)
    name_forms = _numbers()
    generation = models.CharField(max_length=2)
    born = models.CharField(max_length=8)
    town = models.CharField(max_length=60)
    postcode = models.CharField(max_length=10)
    street = models.CharField(max_length=60)
    title = models.CharField(max_length=60)
    employers = _numbers()
    employer_years = _numbers()
    work_years = _numbers()
    schools = _numbers()
    skills = _numbers()
    emails = _numbers()
    mailboxes = ArrayField(models.CharField(max_length=40), default=list)
    phones = _numbers()
    pages = _numbers()
    linkedin = _numbers()
    given_bits = models.FloatField()  # what it is worth that two records have this name: rare names are worth more
    family_bits = models.FloatField()
    blocks = ArrayField(models.BigIntegerField(), default=list)

    moving: ClassVar[Moving] = Moving(
        plain=[
            *("family_parts", "name_forms", "employers", "employer_years", "work_years", "schools", "skills", "emails"),
            *("mailboxes", "phones", "pages", "linkedin", "blocks"),
        ]
    )

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "profile", "origin"], nulls_distinct=False, name="person_traits_once"
            ),
        ]


class MatchBlock(LeanTenantModel):
    """A blocking key of a record. The narrowest of tables, for a record has fifteen.

    Written when the record's turn to be compared comes, for of two records the later one finds the other; removed with
    the record, by a trigger.
    """

    pk = models.CompositePrimaryKey("tenant_id", "k", "traits_id")
    k = models.BigIntegerField()
    traits_id = models.BigIntegerField()  # no key: MatchOutbox and the triggers of PersonTraits keep both in step

    moving: ClassVar[Moving] = Moving(left_out="made from the traits when they are compared")

    class Meta:
        constraints = [RowsOfTenant(name="matchblock_rows_of_tenant")]


class MatchOutbox(LeanTenantModel):
    """Records that have still to be compared with the pool: those of one statement, a thousand at most.

    Triggers write, talentpool.actions.finding drains.
    """

    traits_ids = ArrayField(models.BigIntegerField())
    # Of an import or another act upon many: they wait behind what came alone.
    many = models.BooleanField(default=False, db_default=False)
    keyed = models.BooleanField(default=False, db_default=False)  # whether their rows of MatchBlock are there
    at = models.DateTimeField(db_default=models.functions.Now())

    moving: ClassVar[Moving] = Moving(left_out="triggers fill it when the traits arrive")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "many", "id"], name="match_outbox_in_order")]


class NamePart(models.TextChoices):
    GIVEN = "given", "First name"
    FAMILY = "family", "Last name"


class NameCount(TenantModel):
    """How many records of the pool have a name, counted by the schedule; names of one record are left out."""

    part = models.CharField(max_length=6, choices=NamePart.choices)
    name = models.CharField(max_length=120)
    records = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "part", "name"], name="name_count_once"),
        ]


class MatchingRules(TenantModel):
    """How careful an organisation wants people brought together; one row, made when it is first needed."""

    automatic = models.BooleanField(default=True)
    caution = models.FloatField(default=0)  # bits above the threshold that the size of the pool asks for
    ask_less = models.FloatField(default=0)  # bits above the lowest score that is asked about
    career_gate = models.BooleanField(default=False)
    phone_gate = models.BooleanField(default=False)
    records = models.PositiveBigIntegerField(default=0)  # traits in the pool when they were last counted
    counted_at = models.DateTimeField(null=True, blank=True)
    frequent = ArrayField(models.IntegerField(), default=list)  # employers and schools of many: sharing one says little

    looking: Any = models.JSONField(
        default=dict
    )  # how far going through the pool came: talentpool.actions.arrived_many

    moving: ClassVar[Moving] = Moving(replaces=True, plain=("frequent", "looking"), emptied=("looking",))

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="matching_rules_once"),
        ]


# Traits are replaced, never changed in what their blocking keys are made of. When they go over to another person, that
# person is compared anew.
_MOVED = "SELECT n.tenant_id, n.id FROM old_rows o JOIN new_rows n USING (id) WHERE o.candidate_id <> n.candidate_id"
_waiting = partial(into_outbox, "talentpool_matchoutbox", "traits_ids")
_referencing: Any = pgtrigger.Referencing  # it has no types
pgtrigger.register(
    pgtrigger.Trigger(
        name="match_traits_insert",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=_referencing(new="rows"),
        func=f"{_waiting('SELECT tenant_id, id FROM rows')}; RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="match_traits_update",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=_referencing(old="old_rows", new="new_rows"),
        func=f"{_waiting(_MOVED)}; RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="match_traits_delete",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=_referencing(old="rows"),
        func="""
            DELETE FROM talentpool_matchblock AS b
            USING (SELECT tenant_id, id, unnest(blocks) AS k FROM rows) AS gone
            WHERE b.tenant_id = gone.tenant_id AND b.k = gone.k AND b.traits_id = gone.id;
            RETURN NULL;
        """,
    ),
)(PersonTraits)
