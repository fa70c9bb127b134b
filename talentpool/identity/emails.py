"""E-mail addresses made comparable: two spellings of one mailbox become one key, mailboxes of several people none.

The rules are the providers' own, published in their help pages: Gmail ignores dots and what follows a plus; Outlook,
Fastmail, iCloud, Proton and Zoho ignore what follows a plus; Yahoo what follows a minus; some sell one mailbox under
several domains. No rule is guessed for other domains.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ADDRESS = re.compile(rf"^[^@\s\"(),:;<>\[\]\\]{{1,64}}@{LABEL}(?:\.{LABEL})+$")

ROLES = frozenset(
    """
    abuse accounting accounts admin administration administrator applications apply bewerbung bewerbungen billing
    booking careers career candidatura candidature comercial contact contacto contato dataprotection datenschutz
    direction emploi empleo empleos enquiries enquiry feedback finance frontdesk general gdpr hello help helpdesk hey hi
    hiring hr hrd human.resources humanresources info infos inquiries inbox invoices it jobs job karriere kontakt legal
    mail mailbox marketing media no-reply noreply do-not-reply donotreply none noemail no-email nomail office orders
    people personal personalabteilung personnel pr press privacy postmaster reception recepcion recruit recruiting
    recruiter recruiters recruitment recrutement recursos.humanos rh rrhh root sales secretariat security sekretariat
    service shop staff stage support talent talents team test unknown vacancies webmaster welcome work
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider reads the part before the @: what cuts a tag off, what it ignores, and one domain for all."""

    domain: str
    tag: str = "+"
    ignored: str = ""


PLUS_TAGS = """
    outlook.com outlook.de outlook.fr outlook.es hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it live.com
    live.de live.co.uk msn.com fastmail.com fastmail.fm zoho.com zohomail.com hey.com posteo.de mailbox.org
""".split()  # noqa: SIM905
MINUS_TAGS = "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it ymail.com rocketmail.com".split()  # noqa: SIM905
ONE_MAILBOX = {
    Provider("gmail.com", ignored="."): ("gmail.com", "googlemail.com"),
    Provider("proton.me", ignored=".-_"): ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    Provider("icloud.com"): ("icloud.com", "me.com", "mac.com"),
    Provider("yandex.ru"): ("yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "ya.ru"),
}
PROVIDERS = {
    **{domain: Provider(domain) for domain in PLUS_TAGS},
    **{domain: Provider(domain, tag="-") for domain in MINUS_TAGS},
    **{domain: provider for provider, domains in ONE_MAILBOX.items() for domain in domains},
}


@lru_cache(maxsize=20_000)
def clean_email(text: str) -> str:
    """The address as it is shown and written to: trimmed, lower case, the domain in ASCII. Empty when it is none."""
    address = unicodedata.normalize("NFKC", text).strip().strip("<>").casefold().removeprefix("mailto:")
    local, at, domain = address.rpartition("@")
    domain = domain.rstrip(".")
    if at and not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return ""
    if ".." in local or local.strip(".") != local:
        return ""
    whole = f"{local}@{domain}"
    return whole if len(whole) <= 254 and ADDRESS.match(whole) else ""


@lru_cache(maxsize=20_000)
def email_key(text: str) -> str:
    """The mailbox behind an address, or nothing where it is no address or one that several people read."""
    local, _, domain = clean_email(text).rpartition("@")
    if not local or is_role(local):
        return ""
    if provider := PROVIDERS.get(domain):
        kept = local.split(provider.tag, 1)[0].translate(dict.fromkeys(map(ord, provider.ignored)))
        return f"{kept}@{provider.domain}" if kept and not is_role(kept) else ""
    return f"{local}@{domain}"


def is_role(local: str) -> bool:
    """Whether a function is written to and not a person: jobs@, info@, no-reply@."""
    return local.split("+", 1)[0].strip("0123456789") in ROLES
