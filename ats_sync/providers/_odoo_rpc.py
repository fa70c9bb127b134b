"""XML-RPC with Odoo: signing in, calling, which fields may be read, and reading answers that could be anybody's.

Facts from Odoo's External RPC API page and its source (addons/rpc, formerly odoo/addons/base/controllers/rpc.py).
"""

import re
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.parsers import expat

from ats_sync.providers.base import Access
from ats_sync.providers.client import MOST_BYTES
from ats_sync.providers.errors import Down, Forbidden, NotThere, Refused, SignInRefused

TRACEBACK, DENIED, FORBIDDEN = 1, 3, 4  # codes of faults; 2 is what the person who asks did wrong
MOST_DEPTH = 40
FIELDS_LAST = 24 * 3600  # seconds after which is asked anew which fields may be read
SAID = 300
MOST_OWN = 200
OWN_TYPES = ("char", "text", "selection", "boolean", "integer", "float", "monetary", "date", "datetime", "many2one")
LARGEST_ID = 2**31 - 1
Row = Mapping[str, Any]
Domain = Sequence[Any]

# What passes by itself: two that wrote at once, a database that restarts.
_PASSING = re.compile(
    r"could not serialize|deadlock detected|LockNotAvailable|server closed|PoolError|too many clients"
)
_NO_DATABASE = re.compile(r"database \"[^\"]*\" does not exist|Database not found")
# XML has no way to write these, and Odoo's reader ends in a traceback.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BROKEN = (expat.ExpatError, xmlrpc.client.ResponseError, ValueError, TypeError, LookupError, AttributeError)


class Unsafe(ValueError):
    """XML that declares something, or is nested without end: no answer of Odoo's is so."""


class Rpc:
    """Calls to one Odoo as one user. The user's number and what may be read is remembered in the session."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.session: dict[str, Any] = dict(access.session)

    @property
    def version(self) -> int:
        """17 for all 17.x."""
        if "version" not in self.session:
            self.sign_in()
        return int(self.session["version"])

    def sign_in(self) -> int:
        """The user's number. Raises SignInRefused."""
        given = self.access.credentials
        told = self._ask("common", "version", ())
        uid = self._ask("common", "authenticate", (given["db"], given["login"], given["key"], {}))
        if not uid or isinstance(uid, bool) or not isinstance(uid, int):
            raise SignInRefused("Odoo does not know this login, or its key does not hold.")
        version = (told.get("server_version_info") or [0])[0] if isinstance(told, dict) else 0
        number = re.search(r"\d+", str(version))  # “saas~17” for one that runs at Odoo's
        self.remember(uid=uid, version=int(number.group()) if number else 0)
        return uid

    def call(self, model: str, method: str, *args: Any, most_bytes: int = MOST_BYTES, **how: Any) -> Any:
        """Signs in once more when the number that we remember doesn't go with the key."""
        known = self.session.get("uid")
        try:
            return self._execute(int(known or self.sign_in()), model, method, args, how, most_bytes)
        except SignInRefused:
            if not known:
                raise
        return self._execute(self.sign_in(), model, method, args, how, most_bytes)

    def fields(self, model: str, wanted: Iterable[str], *, anew: bool = False) -> list[str]:
        """Those of the wanted fields that there are in this version and that we may read: one that we may not read
        would fail the whole call."""
        wanted = set(wanted)
        known = self.session.get("fields", {}).get(model, {})
        is_fresh = wanted <= set(known.get("asked", ())) and known["at"] > time.time() - FIELDS_LAST
        if anew or not is_fresh:
            asked = sorted(wanted | set(known.get("asked", ())))
            answer = self.call(model, "fields_get", asked, attributes=["type"])
            known = {"asked": asked, "known": sorted(set(answer) & set(asked)), "at": time.time()}
            self.remember(fields={**self.session.get("fields", {}), model: known})
        return sorted(wanted & set(known["known"]))

    def own_fields(self, model: str) -> dict[str, str]:
        """Fields that the organisation added, with what they are called: as texts can be read what holds one."""
        try:
            answer = self.call(model, "fields_get", [], attributes=["type", "string"])
        except (Forbidden, Refused):
            return {}
        known = {name: about for name, about in answer.items() if name.startswith("x_") and isinstance(about, dict)}
        return {
            name: str(about.get("string") or name)
            for name, about in sorted(known.items())[:MOST_OWN]
            if about.get("type") in OWN_TYPES
        }

    def rows(
        self,
        model: str,
        wanted: Iterable[str],
        domain: Domain,
        *,
        order: str = "id",
        limit: int | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> list[dict[str, Any]]:
        """Archived ones too: to Odoo's own searches they are hidden."""
        wanted = tuple(wanted)
        how: dict[str, Any] = {"order": order, "context": {"active_test": False}, "most_bytes": most_bytes}
        if limit:
            how["limit"] = limit
        fields = self.fields(model, wanted)
        try:
            found = self.call(model, "search_read", list(domain), fields=fields, **how)
        except (Forbidden, Refused):
            fresh = self.fields(model, wanted, anew=True)  # a right was taken away, or a module removed
            if fresh == fields:
                raise
            found = self.call(model, "search_read", list(domain), fields=fresh, **how)
        if not isinstance(found, list) or not all(isinstance(row, dict) and "id" in row for row in found):
            raise Down("Odoo’s answer is no list of records.")
        return found

    def remember(self, **told: Any) -> None:
        self.session |= told
        self.access.remember(self.session)

    def _execute(self, uid: int, model: str, method: str, args: Any, how: Mapping[str, Any], most_bytes: int) -> Any:
        given = self.access.credentials
        params = (given["db"], uid, given["key"], model, method, list(args), dict(how))
        return self._ask("object", "execute_kw", params, most_bytes=most_bytes)

    def _ask(self, service: str, method: str, params: tuple[Any, ...], *, most_bytes: int = MOST_BYTES) -> Any:
        url = f"{self.access.credentials['url'].strip().rstrip('/')}/xmlrpc/2/{service}"
        try:
            text = _UNSPEAKABLE.sub("", xmlrpc.client.dumps(params, method, allow_none=True))
        except OverflowError as error:
            raise Refused("A number is too large for Odoo.") from error
        headers = {"Content-Type": "text/xml", "Accept": "text/xml"}
        try:
            answer = self.access.client.ask("POST", url, headers=headers, send=text.encode(), most_bytes=most_bytes)
        except NotThere as error:
            raise Refused("There is no Odoo at this address.") from error
        if answer.status != 200:
            raise Refused(f"Odoo is not at this address but leads elsewhere ({answer.status}).")
        try:
            return parsed(answer.content)
        except xmlrpc.client.Fault as fault:
            raise error_of(fault) from fault


def parsed(content: bytes) -> Any:
    """The value of an answer. Raises Fault, and Down for what is no XML-RPC.

    The standard library's own reader takes declarations, by which a small answer can become a huge one; so the XML is
    read here with none allowed. How long it is, is limited before.
    """
    target = xmlrpc.client.Unmarshaller(use_builtin_types=True)
    target.xml(None, None)  # type: ignore[arg-type]  # what the standard library does itself: text is decoded already
    try:
        _reader(target).Parse(content, True)
        values = target.close()
    except xmlrpc.client.Fault:
        raise
    except _BROKEN as error:
        raise Down("Odoo’s answer broke off or is no XML-RPC.") from error
    if len(values) != 1:
        raise Down("Odoo’s answer holds nothing.")
    return values[0]


def error_of(fault: xmlrpc.client.Fault) -> Exception:
    text = str(fault.faultString).strip()
    if fault.faultCode == DENIED:
        return SignInRefused("Odoo does not accept this key, or no longer.")
    if fault.faultCode == FORBIDDEN:
        return Forbidden(f"Odoo does not allow this. It says: {text[:SAID]}")
    if fault.faultCode == TRACEBACK and _NO_DATABASE.search(text):
        return SignInRefused("There is no database of this name in this Odoo.")
    if fault.faultCode == TRACEBACK and _PASSING.search(text):
        return Down("Odoo was busy with the same records.")
    said = text.rpartition("\n")[2] if fault.faultCode == TRACEBACK else text
    return Refused(f"Odoo refused it. It says: {said[:SAID]}")


def _reader(target: xmlrpc.client.Unmarshaller) -> expat.XMLParserType:
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise Unsafe("It is nested too deeply.")
        target.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        target.end(tag)

    def declared(*about: Any) -> None:
        raise Unsafe("It declares a document type.")

    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.CharacterDataHandler = target.data
    reader.StartDoctypeDeclHandler = reader.EntityDeclHandler = declared
    return reader
