"""Odoo's recruitment over its External API: XML-RPC at /xmlrpc/2/common and /xmlrpc/2/object.

Where the facts are from: odoo.com/documentation (External RPC API), addons/hr_recruitment, addons/mail and
addons/rpc of odoo/odoo, and a real system that was watched (marked † in our list of contracts).

| what | how |
|---|---|
| sign in | `authenticate(db, login, key, {})` gives the user's number or False; every call carries db, number and key |
| errors | faults in an answer of 200: 1 a traceback, 2 what a person did wrong or a record that is no more, 3 a wrong key, |
| | 4 a right that is lacking; only a proxy in front of Odoo answers with 429 or 5xx |
| lists | `search_read(domain, fields, offset, limit, order)`; archived rows, the refused ones, only with |
| | `active_test: False` in the context † |
| time | write_date is shown in whole seconds, in UTC, and is the beginning of the transaction: rows of one act share it † |
| fields | one that the user may not read fails the whole call †, and `fields_get` leaves it out |
| stages | of all jobs †; who is hired is in the folded one, “Contract Signed” |
| mail | creating or moving somebody posts the stage's template to them †, not with `tracking_disable` |
| deletions | leave no trace † |
| webhooks | none |

Guessed: the words of faults but for their first ones, and that a proxy says 429 with Retry-After.
"""

import xmlrpc.client
from typing import Any, ClassVar
from xml.parsers.expat import ExpatError

from tests.simulators.ats.dialect import Answer, Refusal, Request, route
from tests.simulators.ats.dialects._odoo_domains import BadDomain, in_order, matches
from tests.simulators.ats.dialects._odoo_models import Models
from tests.simulators.ats.dialects._odoo_writes import Crash, Writes
from tests.simulators.ats.limits import Limiter, TokenBucket
from tests.simulators.ats.world import NotPossible, NotThere, World

TRACEBACK, WARNING, DENIED, FORBIDDEN = 1, 2, 3, 4
FAULT_OF = {401: DENIED, 403: FORBIDDEN, 404: WARNING, 422: WARNING, 400: TRACEBACK}


class Odoo(Writes):
    title = "Odoo"
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": False}

    def __init__(
        self,
        world: World,
        *,
        db: str = "odoo-db",
        login: str = "recruiter@employer.example",
        key: str = "odoo-key",
        version: int = 19,
        rate: float = 0,
    ) -> None:
        """`rate`: calls a second that the proxy in front of it lets pass; 0 is without end."""
        super().__init__(world)
        self.db, self.login, self.key, self.version = db, login, key, version
        self.models = Models(world, version)
        self.limiter = TokenBucket(rate, max(1, round(rate))) if rate else None
        self.uid = next((user.id for user in world.users if user.admin), 2)
        self.forbidden_fields: set[str] = set()  # model.field
        self.forbidden_models: set[str] = set()
        self.mails = []
        self.calls: list[tuple[str, str]] = []  # model, method

    def credentials(self) -> dict[str, Any]:
        return {"db": self.db, "login": self.login, "key": self.key}

    def forget_tokens(self) -> None:
        """The key is taken back."""
        self.key = ""

    # The two addresses

    @route("POST", "/xmlrpc/2/common", open=True)
    def common(self, request: Request) -> Answer:
        params, method = understood(request)
        if method == "version":
            return spoken(
                {"server_version": f"{self.version}.0", "server_version_info": [self.version, 0, 0, "final", 0]}
            )
        if method == "authenticate":
            db, login, key, _ = params
            if db != self.db:
                return fault(TRACEBACK, f'Traceback …\npsycopg2.OperationalError: database "{db}" does not exist')
            return spoken(self.uid if self.key and (login, key) == (self.login, self.key) else False)
        return fault(TRACEBACK, f"Traceback …\nNameError: Method not found: {method}")

    @route("POST", "/xmlrpc/2/object")
    def object(self, request: Request) -> Answer:
        params, _ = understood(request)
        model, method = params[3], params[4]
        args, how = (params[5] if len(params) > 5 else []), dict(params[6] if len(params) > 6 else {})
        self.calls.append((model, method))
        hidden = self.faults.strikes("forbid_field", request.path, request.method)
        try:
            return spoken(self.execute(model, method, args, how, {hidden.field} if hidden else set()))
        except (Crash, BadDomain) as error:
            return fault(TRACEBACK, f"Traceback (most recent call last):\n  …\n{error}")
        except (NotThere, NotPossible) as error:
            return fault(WARNING, f"{error}\nRecord does not exist or has been deleted.")

    def authenticate(self, request: Request) -> str:
        if request.path != "/xmlrpc/2/object":
            return "anybody"
        params, method = understood(request)
        if method != "execute_kw" or len(params) < 5:
            raise Refusal(400, f"Traceback …\nNameError: Method not available {method}")
        if not self.key or list(params[:3]) != [self.db, self.uid, self.key]:
            raise Refusal(401, "Access Denied")
        return self.login

    def limiter_for(self, request: Request) -> Limiter | None:
        return self.limiter

    def refused(self, refusal: Refusal) -> Answer:
        is_address = refusal.message == "Resource not found"  # there is no such address, so nobody speaks XML-RPC
        if refusal.status in FAULT_OF and not is_address:
            return fault(FAULT_OF[refusal.status], refusal.message)
        headers = {"Content-Type": "text/html", **refusal.headers}
        return Answer(b"<html><body>The proxy in front of Odoo says no</body></html>", refusal.status, headers)

    def forbidden_field(self, name: str, answer: Answer) -> Answer:
        """Nothing is left out silently: see `execute`."""
        return answer

    # Methods of models

    def execute(self, model: str, method: str, args: list[Any], how: dict[str, Any], hidden: set[str]) -> Any:
        if model not in self.models.all:
            raise Refusal(422, f"Object {model} doesn't exist")
        if model in self.forbidden_models:
            raise Refusal(403, f"You are not allowed to access '{model}' records.")
        hidden |= {name.removeprefix(f"{model}.") for name in self.forbidden_fields if name.startswith(f"{model}.")}
        context = how.pop("context", {})
        if method == "fields_get":
            fields = self.models.all[model].fields
            asked = (args[0] if args else how.get("allfields")) or fields
            shown = {name: fields[name] for name in asked if name in fields and name not in hidden}
            return {name: {"type": each.kind, "string": each.label or name} for name, each in shown.items()}
        if method in ("search_read", "search", "search_count"):
            return self.search(model, method, args, how, context, hidden)
        if method == "create":
            return self.create(model, args[0], context)
        if method == "write":
            return self.write(model, args[0], args[1], context)
        if method == "message_post" and model in ("hr.applicant", "hr.candidate"):
            return self.message_post(model, args[0], *args[1:], **how)
        raise Crash(f"AttributeError: The method '{model}.{method}' does not exist")

    def search(
        self, model: str, method: str, args: list[Any], how: dict[str, Any], context: dict[str, Any], hidden: set[str]
    ) -> Any:
        known = self.models.all[model].fields
        domain = args[0] if args else how.get("domain", [])
        wanted = how.get("fields") or sorted(set(known) - hidden)
        used = {term[0] for term in domain if isinstance(term, list)}
        if shut := sorted(hidden & ({*wanted} | used)):
            raise Refusal(403, f"You do not have enough rights to access the fields {','.join(shut)!r} on {model}.")
        if unknown := sorted(set(wanted) - set(known)):
            raise Crash(f"ValueError: Invalid field {unknown[0]!r} on model {model!r}")
        if context.get("active_test", True) and "active" in known and "active" not in used:
            domain = ["&", ["active", "=", True], *anded(domain)] if domain else [["active", "=", True]]
        found = [row for row in self.models.all[model].rows() if matches(domain, known, row)]
        if method == "search_count":
            return len(found)
        found = in_order(found, how.get("order") or "id", known)
        start, limit = how.get("offset") or 0, how.get("limit") or len(found)
        found = found[start : start + limit]
        if method == "search":
            return [row.id for row in found]
        return [{"id": row.id} | {name: known[name].shown(row) for name in wanted} for row in found]


def anded(domain: list[Any]) -> list[Any]:
    """One expression, where terms that merely stand side by side are meant to hold together."""
    open_, terms = 0, 0
    for term in domain:
        terms += isinstance(term, list)
        open_ += term in ("&", "|")
    return ["&"] * (terms - open_ - 1) + domain


def understood(request: Request) -> tuple[tuple[Any, ...], str]:
    try:
        params, method = xmlrpc.client.loads(request.body)
    except (ExpatError, xmlrpc.client.ResponseError, ValueError, TypeError):
        raise Refusal(400, "Traceback …\nxml.parsers.expat.ExpatError: not well-formed") from None
    return params, method or ""


def spoken(value: Any) -> Answer:
    return Answer(xmlrpc.client.dumps((value,), methodresponse=True).encode(), 200, {"Content-Type": "text/xml"})


def fault(code: int, text: str) -> Answer:
    body = xmlrpc.client.dumps(xmlrpc.client.Fault(code, text))
    return Answer(body.encode(), 200, {"Content-Type": "text/xml"})


DIALECT = Odoo
