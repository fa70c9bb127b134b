"""Lists of Harvest v3: filters, and pages by a cursor that may be followed by nothing else.

From the documentation's pages “Pagination” and “List endpoints” and Airbyte's notes on v3: newest id first; per_page
100 unless told otherwise, at most 500; `updated_at=gte|T1|lte|T2` with gte, lte, gt, lt; at most 50 ids in a filter of
ids; `cursor` with anything else is a 422. That an unknown parameter is a 422 too is what they report of `page`.
"""

import base64
import json
from collections.abc import Iterator
from itertools import islice
from operator import ge, gt, le, lt
from typing import Any

from tests.simulators.ats.clock import from_iso
from tests.simulators.ats.dialect import Refusal, Request
from tests.simulators.ats.dialects._greenhouse_resources import Resource
from tests.simulators.ats.dialects._greenhouse_rows import Shown
from tests.simulators.ats.world import World

MOST_A_PAGE, USUAL_PAGE, MOST_IDS = 500, 100, 50
COMPARE = {"gte": ge, "lte": le, "gt": gt, "lt": lt}
# Which column of a row a filter may be looked up by, before the row is shown.
COLUMNS = {"candidate_ids": "candidate_id", "application_ids": "application_id", "job_ids": "job_id"}
Query = dict[str, str]


def invalid(sentence: str) -> Refusal:
    return Refusal(422, sentence)


def first_query(request: Request, name: str, resource: Resource) -> tuple[Query, int | None]:
    """The filters and the id below which to go on, from the parameters or from the cursor that holds them."""
    if "cursor" in request.query:
        if len(request.query) > 1:
            raise invalid("When passing a cursor, do not include other query params.")
        return read_cursor(request.arg("cursor") or "", name)
    known = {"per_page", "ids", "fields", *resource.dates, *resource.filters, resource.hidden[0]} - {""}
    if unknown := sorted(set(request.query) - known):
        raise invalid(f"{unknown[0]} is not a valid parameter")
    return {key: values[-1] for key, values in request.query.items()}, None


def cursor(name: str, query: Query, below: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([name, query, below]).encode()).decode().rstrip("=")


def read_cursor(text: str, name: str) -> tuple[Query, int]:
    try:
        made_for, query, below = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise invalid("The cursor is invalid.") from None
    if made_for != name:
        raise invalid("The cursor is invalid.")
    return query, below


def page(world: World, resource: Resource, query: Query, below: int | None) -> tuple[list[Shown], bool]:
    """The rows and whether more follow."""
    size = whole(query.get("per_page", str(USUAL_PAGE)), "per_page")
    if not 1 <= size <= MOST_A_PAGE:
        raise invalid(f"per_page must be between 1 and {MOST_A_PAGE}")
    found = list(islice(matching(world, resource, query, below), size + 1))
    return [chosen(row, query.get("fields")) for row in found[:size]], len(found) > size


def chosen(row: Shown, fields: str | None) -> Shown:
    wanted = {"id", *(fields or "").split(",")}
    return {key: value for key, value in row.items() if key in wanted} if fields else row


def matching(world: World, resource: Resource, query: Query, below: int | None) -> Iterator[Shown]:
    ids = whole_numbers(query, "ids")
    dates = {name: window(query[name], name) for name in resource.dates if name in query}
    filters = {name: value for name, value in query.items() if name in resource.filters and name not in dates}
    parameter, mark = resource.hidden
    hides = bool(mark) and query.get(parameter) != "true"
    for name in filters:
        if name.endswith("_ids"):
            whole_numbers(query, name)
    for row in candidates_for(world, resource, query, below, ids):
        if hides and getattr(row, mark):
            continue
        if not all(in_window(getattr(row, name, None), dates[name]) for name in dates):
            continue
        shown = resource.show(world, row)
        for one in reversed(shown) if isinstance(shown, list) else (shown,):
            fits = (below is None or one["id"] < below) and (ids is None or one["id"] in ids)
            if fits and all(matches(one, resource.filters[name], value) for name, value in filters.items()):
                yield one


def candidates_for(
    world: World, resource: Resource, query: Query, below: int | None, ids: list[int] | None
) -> Iterator[Any]:
    """Rows that may fit, newest first, through an index where there is one."""
    table, factor = world.tables[resource.table], resource.factor
    top = None if below is None else (below if factor == 1 else below // factor + 1)
    wanted: set[int] | None = None if ids is None else {one // factor for one in ids}
    own = {"candidate_ids": "candidates", "application_ids": "applications", "job_ids": "jobs"}
    for name, column in COLUMNS.items():
        values = whole_numbers(query, name) if name in query else None
        if values is not None and wanted is None:
            if own[name] == resource.table:
                wanted = set(values)
            elif column in table.kind.__dataclass_fields__:
                wanted = {row.id for value in values for row in table.where(**{column: value})}
    if wanted is None:
        return table.descending(top)
    known = [one for one in sorted(wanted, reverse=True) if table.get(one) and (top is None or one < top)]
    return map(table.get, known)


def matches(shown: Shown, name: str, value: str) -> bool:
    have = shown[name]
    if name == "email_addresses":
        return value.lower() in {entry["value"].lower() for entry in have}
    if isinstance(have, bool):
        return have == (value.lower() == "true")
    wanted = {part.strip() for part in value.split(",")}
    return any(str(one) in wanted for one in (have if isinstance(have, list) else [have]))


def window(text: str, name: str) -> list[tuple[Any, int]]:
    parts = text.split("|")
    try:
        if len(parts) % 2:
            raise ValueError
        return [(COMPARE[operator], from_iso(moment)) for operator, moment in zip(parts[::2], parts[1::2], strict=True)]
    except (KeyError, ValueError):
        raise invalid(f"{name} must look like gte|2026-01-01T00:00:00Z|lte|2026-01-02T00:00:00Z") from None


def in_window(moment: int | None, bounds: list[tuple[Any, int]]) -> bool:
    return moment is not None and all(compare(moment, bound) for compare, bound in bounds)


def whole(text: str, name: str) -> int:
    if not text.lstrip("-").isdigit():
        raise invalid(f"{name} must be a whole number")
    return int(text)


def whole_numbers(query: Query, name: str) -> list[int] | None:
    if name not in query:
        return None
    values = [whole(part.strip(), name) for part in query[name].split(",") if part.strip()]
    if len(values) > MOST_IDS:
        raise invalid(f"{name} may hold at most {MOST_IDS} ids")
    return values
