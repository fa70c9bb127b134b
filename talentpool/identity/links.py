"""Addresses of people's pages on the web: which of them name one person, and the same page under its many spellings.

A page of a network where one account is one person is a key ("linkedin:ada-lovelace"); a repository, a company or an
unknown site is only a link.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

# Host without www., mobile and locale subdomains -> network, and the shape of the path whose first group names the
# account.
ACCOUNTS = {
    "linkedin.com": ("linkedin", re.compile(r"^(?:mwlite/)?in/([^/]+)(?:/.*)?$")),
    "github.com": ("github", re.compile(r"^([a-z0-9-]+)$")),
    "gitlab.com": ("gitlab", re.compile(r"^([a-z0-9_.-]+)$")),
    "bitbucket.org": ("bitbucket", re.compile(r"^([a-z0-9_-]+)$")),
    "xing.com": ("xing", re.compile(r"^profile/([^/]+)(?:/.*)?$")),
    "stackoverflow.com": ("stackoverflow", re.compile(r"^users/(\d+)(?:/.*)?$")),
    "twitter.com": ("x", re.compile(r"^@?(\w{1,15})$")),
    "x.com": ("x", re.compile(r"^@?(\w{1,15})$")),
    "facebook.com": ("facebook", re.compile(r"^([a-z0-9.]{5,})$")),
    "instagram.com": ("instagram", re.compile(r"^([a-z0-9._]+)$")),
    "medium.com": ("medium", re.compile(r"^@([^/]+)$")),
    "dev.to": ("dev.to", re.compile(r"^(\w+)$")),
    "behance.net": ("behance", re.compile(r"^([^/]+)$")),
    "dribbble.com": ("dribbble", re.compile(r"^([^/]+)$")),
    "kaggle.com": ("kaggle", re.compile(r"^([a-z0-9-]+)$")),
    "huggingface.co": ("huggingface", re.compile(r"^([^/]+)$")),
    "researchgate.net": ("researchgate", re.compile(r"^profile/([^/]+)$")),
    "orcid.org": ("orcid", re.compile(r"^(\d{4}-\d{4}-\d{4}-\d{3}[\dx])$")),
    "about.me": ("about.me", re.compile(r"^([^/]+)$")),
}
PAGES_OF_NOBODY = frozenset(
    """
    about blog business careers company contact directory enterprise events explore explorer features feed groups
    hashtag help home i intent issues jobs join legal login marketplace messages notifications orgs pages people pricing
    privacy pulls search security settings share sharer shop signup sponsors stories tags terms topics trending watch
    """.split()  # noqa: SIM905
)
SUBDOMAIN = re.compile(r"^(?:www|m|mobile|touch|[a-z]{2}(?:-[a-z]{2})?)\.")


@lru_cache(maxsize=20_000)
def clean_link(text: str) -> str:
    """The address with scheme and lower-case host, without fragment; empty when no browser should follow it."""
    address = text.strip()
    if not address or re.search(r"\s", address) or len(address) > 2000:
        return ""
    if "://" not in address:
        address = f"https://{address.lstrip('/')}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or "." not in host:
        return ""
    where = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")
    return where + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


@lru_cache(maxsize=20_000)
def link_key(text: str) -> str:
    """“network:account” where the link names one person's account, else nothing."""
    link = clean_link(text)
    if not link:
        return ""
    parts = urlsplit(link)
    host, path = parts.hostname or "", unquote(parts.path).strip("/").casefold()
    if host.endswith(".github.io") and not path:
        return f"github:{host.removesuffix('.github.io')}"
    host = SUBDOMAIN.sub("", host)
    if host == "facebook.com" and path == "profile.php":
        return f"facebook:{number}" if (number := "".join(parse_qs(parts.query).get("id", []))) else ""
    network, shape = ACCOUNTS.get(host, ("", None))
    found = shape.match(path) if shape else None
    return f"{network}:{found[1]}" if found and found[1] not in PAGES_OF_NOBODY else ""


@lru_cache(maxsize=20_000)
def same_page(text: str) -> str:
    """What two spellings of one page have in common: its key, or the address without scheme, www and a closing
    slash."""
    return link_key(text) or re.sub(r"^https?://(?:www\.)?", "", clean_link(text))


def comparable_linkedin(text: str) -> str:
    """The public LinkedIn name; nothing for an account's internal number (ACoAA…), which can't be compared with it."""
    network, _, account = link_key(text).partition(":")
    return account if network == "linkedin" and not account.startswith("acoaa") else ""
