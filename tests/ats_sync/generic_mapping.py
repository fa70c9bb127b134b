"""How an organisation would map the plain simulated ATS."""

import json
from typing import Any

STATES = {"in progress": "open", "declined": "rejected", "hired": "hired", "withdrawn": "withdrawn"}
PAGINGS: dict[str, dict[str, Any]] = {
    "page": {"kind": "page", "parameter": "page", "size_parameter": "size", "size": 7, "total": "$.total"},
    "offset": {"kind": "offset", "parameter": "offset", "size_parameter": "size", "size": 7},
    "cursor": {"kind": "cursor", "parameter": "cursor", "size_parameter": "size", "size": 7, "next": "$.next"},
    "link": {"kind": "link", "size_parameter": "size", "size": 7, "next": "$.next", "total": "$.total"},
}
FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "reason": ("reasons", {"id": "$.id", "name": "$.name"}),
    "user": ("users", {"id": "$.id", "name": "$.name", "email": "$.email"}),
    "stage": ("stages", {"id": "$.id", "name": "$.name"}),
    "job": (
        "jobs",
        {"id": "$.id", "title": "$.title", "is_open": "$.open", "location": "$.place", "text": "$.description"},
    ),
    "person": (
        "people",
        {
            "id": "$.id",
            "given_name": "$.names.first",
            "family_name": "$.names.last",
            "emails": "$.emails[*].value",
            "phones": "$.phones[*].value",
            "links": "$.urls",
            "location": "$.city",
            "tags": "$.labels[*].text",
            "updated_at": "$.updated",
        },
    ),
    "application": (
        "applications",
        {
            "id": "$.id",
            "person": "$.who.id",
            "job": "$.vacancy",
            "stage": "$.step.id",
            "stage_name": "$.step.title",
            "state": {"path": "$.status", "values": STATES},
            "reason": "$.reason",
            "applied_at": "$.applied",
            "updated_at": "$.updated",
        },
    ),
    "note": (
        "notes",
        {"id": "$.id", "person": "$.person", "text": "$.body", "author": ["$.nobody", "$.by"], "at": "$.written"},
    ),
    "file": (
        "files",
        {
            "id": "$.id",
            "person": "$.person",
            "name": "$.file_name",
            "url": "$.href",
            "is_resume": {"path": "$.kind", "values": {"resume": "yes", "*": "no"}},
        },
    ),
    "offer": ("offers", {"id": "$.id", "application": "$.application", "words": "$.status"}),
}


def mapping(paging: str = "page", **changes: Any) -> dict[str, Any]:
    lists = {
        kind: {
            "path": f"/api/{path}",
            "rows": "$.items[*]",
            "fields": fields,
            "paging": PAGINGS[paging],
            "since": {"parameter": "updated_since", "as": "milliseconds"},
            "one": f"/api/{path}/{{id}}",
            "one_row": "$.item",
        }
        for kind, (path, fields) in FIELDS.items()
    }
    return {"name": "Plain", "auth": {"kind": "bearer"}, "lists": lists} | changes


def mapping_text(paging: str = "page", **changes: Any) -> str:
    return json.dumps(mapping(paging, **changes))
