"""The rules by which one value is shown where sources differ."""

from typing import Literal

from ninja import Field, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from talentpool.actions.field_rules import change_rules
from talentpool.identity.rules import Lists, Order, Rules
from talentpool.models import SourceKind
from talentpool.queries.statements import current_rules

router = Router()
Group = Literal["names", "about", "place", "contact", "career", "education", "skills", "wishes", "custom"]


class RuleIn(Schema):
    order: Order = Field(Order.BALANCED, description="balanced: the freshest, a point of trust counting as a week")
    preferred: SourceKind | Literal[""] = Field("", description="A kind of source that goes before all others.")
    lists: Lists = Field(Lists.UNITED, description="best: of lists only the one of the source that is believed")


class RulesIn(Schema):
    groups: dict[Group, RuleIn] = Field(description="Groups that are left out have the usual rule.")


class RulesOut(RulesIn):
    pass


class ChangedOut(RulesOut):
    run_id: int | None = Field(description="The background run that works everybody out anew; none if nothing changed.")


@router.get("", response=RulesOut, summary="Read the rules")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def rules_read(request: TokenRequest) -> dict[str, object]:
    return {"groups": current_rules().to_json()}


@router.put("", response=ChangedOut, summary="Change the rules")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def rules_change(request: TokenRequest, payload: RulesIn) -> dict[str, object]:
    """They hold at once; everybody is worked out anew in the background."""
    rules = Rules.from_json({group: rule.model_dump() for group, rule in payload.groups.items()})
    run = change_rules(rules, by=request.member)
    return {"groups": rules.to_json(), "run_id": run.pk if run else None}
