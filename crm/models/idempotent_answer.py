from typing import ClassVar

from django.db import models

from crm.models.api_token import ApiToken
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class IdempotentAnswer(TenantModel):
    """What a POST with an `Idempotency-Key` was answered, so that the same request again is not done twice.

    Written in the transaction of the work itself (`crm.rest.idempotency`), so a row that can be read is complete.
    """

    token = TenantForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    moving: ClassVar[Moving] = Moving(left_out="answers to the tokens that stay behind, kept for a day")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "token", "key"], name="idempotent_answer_once"),
        ]
        indexes = [models.Index(fields=["tenant", "created_at"], name="idempotent_answer_age")]

    def __str__(self) -> str:
        return self.key
