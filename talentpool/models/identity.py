from typing import ClassVar

from django.db import models

from crm.encryption import EncryptedTextField
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving, Ref
from talentpool.identity.keys import KeyKind
from talentpool.models.owned import OfCandidate
from talentpool.models.profile import Profile


class IdentityKey(OfCandidate):
    """A normalised mark of a person, so that finding her again is an index lookup.

    Not unique: a household shares a phone, and some a mailbox. Whether a shared key means one person is decided by
    `talentpool.identity.matching`.
    """

    derived = True

    profile = TenantForeignKey(Profile, models.CASCADE, null=True, related_name="+")  # None: from an edit
    kind = models.CharField(max_length=10, choices=KeyKind.choices)
    value = models.CharField(max_length=300)

    moving: ClassVar[Moving] = Moving(
        refs={"value": [Ref("talentpool.Source", form=r"(\d+):.*", when=("kind", "external"))]}
    )

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "kind", "value", "origin", "profile"], nulls_distinct=False, name="identity_key_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class ErasureSecret(TenantModel):
    """What the hashes of ErasedKey are keyed with; made when the first person is erased.

    It moves with the pool, for without it nobody could tell in the new place who must not come back.
    """

    secret = EncryptedTextField()  # hexadecimal

    moving: ClassVar[Moving] = Moving(opened=["secret"])

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="erasure_secret_one_each"),
        ]

    def __str__(self) -> str:
        return "the secret of erased keys"


class ErasedKey(TenantModel):
    """That somebody who had this key was erased, so that no import brings her back. Keyed hashes only: nobody can read
    from the table whose they were, but whoever sends the same key again is recognised."""

    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "hash"], name="erased_key_once"),
        ]

    def __str__(self) -> str:
        return f"erased key of {self.at:%Y-%m-%d}"
