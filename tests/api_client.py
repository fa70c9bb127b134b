"""A program with a token, as the API meets it."""

import json

from django.test import Client

from crm.actions.tokens import issue_token
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope


class ApiClient:
    def __init__(self, secret: str = "") -> None:
        self.browser = Client()
        self.secret = secret

    def send(self, method, path, body=None, *, headers=None, **extra):
        """`body` is sent as JSON; a string is sent as it stands."""
        given = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        content = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return self.browser.generic(
            method,
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers=given | (headers or {}),
            **extra,
        )

    def get(self, path, **parameters):
        given = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self.browser.get(f"/api/v1{path}", parameters, headers=given)

    def post(self, path, body=None, *, key=""):
        return self.send("POST", path, body, headers={"Idempotency-Key": key} if key else {})

    def patch(self, path, body):
        return self.send("PATCH", path, body)

    def put(self, path, body):
        return self.send("PUT", path, body)

    def upload(self, path, files, key="", **fields):
        headers = {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})
        return self.browser.post(f"/api/v1{path}", fields | files, headers=headers)


def program_of(member, *scopes: Scope) -> ApiClient:
    """With all scopes unless some are named; its member's scope need not be the current one."""
    with tenant_scope(member.tenant_id):
        _, secret = issue_token(member, "test program", [scope.value for scope in scopes or tuple(Scope)])
    return ApiClient(secret)
