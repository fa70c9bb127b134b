"""Reading across e-mail that came in: whose address it is, what waits, what was written with a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q

from crm.models import Member, Tenant, User
from crm.rendering import org_reverse
from crm.tenancy.scope import current_tenant_id
from talentpool.identity.emails import PROVIDERS, clean_email
from talentpool.intake.mail.letters import read_letter
from talentpool.intake.mail.recipients import target_of
from talentpool.models import IncomingMail, MailContent, MailLetter
from talentpool.queries.messages import Letter, letters_source

PAGE = 50
SHOWN = 50_000  # characters of a mail that is looked at
# Domains of which everybody may have an address: a colleague's says nothing about the others.
_FREE = PROVIDERS.keys() | frozenset(
    """
    aol.com att.net bluewin.ch btinternet.com comcast.net free.fr gmx.at gmx.ch gmx.de gmx.net laposte.net libero.it
    mail.com mail.ru naver.com orange.fr qq.com sapo.pt t-online.de terra.com.br uol.com.br web.de ziggo.nl 163.com
    """.split()  # noqa: SIM905
)


def member_with(email: str, *, removed: bool = False) -> Member | None:
    """Whose confirmed address this is. Joining by a letter has confirmed the first one; others confirm themselves."""
    if not email:
        return None
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    unconfirmed = EmailAddress.objects.filter(email__iexact=email, verified=False).values("user")
    users = User.objects.filter(Q(email=email) | Q(pk__in=confirmed)).exclude(pk__in=unconfirmed)
    members = Member.objects.filter(user__in=users, removed_at__isnull=not removed)
    found: Member | None = members.select_related("user").first()
    return found


def is_rapports(email: str) -> bool:
    """An address of Rapport itself, where mail from would be our own come back."""
    domain = email.rpartition("@")[2]
    sender = clean_email(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return bool(email) and (domain == settings.INBOUND_DOMAIN or email == sender or target_of(email) is not None)


def own_addresses() -> Callable[[str], bool]:
    """Tells the organisation's own addresses from candidates': its members', what it sends from, its domains."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    members = {email for each in Member.objects.values_list("user__email", flat=True) if (email := clean_email(each))}
    known = members | {clean_email(tenant.sender_email)}
    domains = {email.rpartition("@")[2] for email in known if email} - _FREE

    def is_ours(email: str) -> bool:
        return email in known or is_rapports(email) or email.rpartition("@")[2] in domains

    return is_ours


def answers_lately(member: Member, since: object) -> int:
    return int(IncomingMail.objects.filter(member=member, answered_at__gt=since).count())


def people_of(mails: Sequence[IncomingMail]) -> dict[int, list[tuple[int, str]]]:
    """Of each mail the people it was kept with, as id and name."""
    letters = MailLetter.objects.filter(mail__in=[mail.pk for mail in mails], candidate__erased_at=None)
    found: dict[int, list[tuple[int, str]]] = {mail.pk: [] for mail in mails}
    for letter in letters.select_related("candidate").order_by("pk"):
        person = (letter.candidate_id, str(letter.candidate))
        if letter.mail_id and person not in found[letter.mail_id]:
            found[letter.mail_id].append(person)
    return found


def thread_of(letter: MailLetter) -> list[MailLetter]:
    """The letters of the same correspondence with the same person, oldest first."""
    same = MailLetter.objects.filter(candidate=letter.candidate_id, thread=letter.thread)
    return list(same.select_related("member").order_by("at", "pk")[:200])


@letters_source
def letters_by_mail(candidate_id: int, limit: int) -> Sequence[Letter]:
    """What members brought in of their own correspondence, beside what campaigns wrote."""
    kept = MailLetter.objects.filter(candidate=candidate_id).select_related("member", "tenant")
    return [
        Letter(
            at=each.at,
            subject=str(each),
            state="Came by e-mail" if each.is_from_person else "Was sent by e-mail",
            by=each.member.name if each.member else "",
            url=org_reverse("talentpool:letter", candidate_id, each.pk, slug=each.tenant.slug),
        )
        for each in kept.order_by("-at", "-pk")[:limit]
    ]


def own_mails(member: Member) -> list[IncomingMail]:
    """The newest that came to the member's addresses or that she sent."""
    theirs = IncomingMail.objects.filter(Q(member=member) | Q(address__member=member))
    return list(theirs.select_related("member").order_by("-pk")[:PAGE])


def mail_page(*, everything: bool, before: int) -> tuple[list[IncomingMail], int | None]:
    """Newest first, those that wait or all, and the id that the next page begins before."""
    rows = IncomingMail.objects.select_related("member").order_by("-pk")
    if not everything:
        rows = rows.to_review()
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


@dataclass(frozen=True)
class ShownLetter:
    """A mail to look at: its text, and the names and sizes of its files; nothing of it is run or fetched."""

    text: str
    to: tuple[str, ...]
    files: tuple[tuple[str, int], ...]


def shown_letter(mail: IncomingMail) -> ShownLetter | None:
    content = MailContent.objects.filter(mail=mail).first()
    if content is None:
        return None
    letter = read_letter(bytes(content.content))
    files = [(each.name, len(each.content)) for each in letter.attachments]
    files += [(f"{each.subject or 'mail'} (a whole mail)", len(each.text)) for each in letter.enclosed]
    return ShownLetter(letter.text[:SHOWN], tuple(map(str, letter.to[:20])), tuple(files[:200]))
