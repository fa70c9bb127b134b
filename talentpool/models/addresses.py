"""All addresses of a person in SQL: what somebody wished at one of them holds at the others."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Lookup

# Of a candidate's two columns: in lower case, the address that is written to among them.
ADDRESSES = """array_append(
    ARRAY(
        SELECT lower(btrim(point ->> 'value')) FROM jsonb_array_elements({points}) point
        WHERE point ->> 'kind' = 'email'
    ),
    lower(btrim({email}))
)"""


class AddressesOfPerson(Func):
    """The addresses as an array."""

    output_field = ArrayField(models.CharField())

    def __init__(self, email: F | models.OuterRef, contact_points: F | models.OuterRef, **extra: Any) -> None:
        super().__init__(email, contact_points, **extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:  # type: ignore[override]
        email, contact_points = (compiler.compile(each) for each in self.source_expressions)
        sql = ADDRESSES.format(email=email[0], points=contact_points[0])
        return sql, (*contact_points[1], *email[1])


@models.CharField.register_lookup
class OneOf(Lookup):
    """`address__one_of=AddressesOfPerson(…)`: = ANY, which can use the address's index."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY ({right})", (*left_params, *right_params)
