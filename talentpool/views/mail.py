"""E-mail that came in: a member's addresses, the log, one mail, what is decided about it, and a person's letters."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.mail_addresses import address_of, renew_address
from talentpool.actions.mail_review import accept_mail, block_sender, discard_mail, unblock_sender
from talentpool.forms.mail import AcceptForm, MailFilterForm
from talentpool.intake.mail.recipients import Target, Way, address_with
from talentpool.models import BlockedSender, File, IncomingMail, Mailbox, MailContent, MailLetter, MailOutcome
from talentpool.queries.mail import mail_page, own_mails, people_of, shown_letter, thread_of
from talentpool.views.candidate import frame_of, person_or_404


@require(Permission.EDIT_CANDIDATES)
@never_cache
def addresses(request: MemberRequest) -> HttpResponse:
    """The member's own two addresses, where mail for them can arrive at all, and what came of theirs."""
    mailbox = Mailbox.objects.filter(is_active=True).first()
    place = mailbox.address if mailbox else settings.INBOUND_DOMAIN
    secret = address_of(request.member)
    target = {way: address_with(Target(way, request.tenant.pk, secret.token), place) for way in Way} if place else {}
    mails = own_mails(request.member)
    context = {"targets": target, "secret": secret, "mails": _with_people(mails), "days": settings.INBOUND_REVIEW_DAYS}
    return render_page(request, "talentpool/mail_addresses.html", context)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def addresses_renew(request: MemberRequest) -> HttpResponse:
    renew_address(request.member, by=request.member)
    messages.success(request, "Your addresses are new. What still comes to the old ones waits for review.")
    return redirect("talentpool:mail_addresses", request.tenant.slug)


@require(Permission.IMPORT_CANDIDATES)
@require_GET
def mails(request: MemberRequest) -> HttpResponse:
    form = MailFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    everything = chosen.get("outcome") == "all"
    found, before = mail_page(everything=everything, before=int(chosen.get("before") or 0))
    context = {
        "mails": _with_people(found),
        "next_before": before,
        "everything": everything,
        "waiting": IncomingMail.objects.to_review().count(),
        "blocked": BlockedSender.objects.select_related("by").order_by("address"),
        "days": settings.INBOUND_REVIEW_DAYS,
    }
    return render_page(request, "talentpool/mails.html", context, partials=["mails"])


@require(Permission.IMPORT_CANDIDATES)
def mail(request: MemberRequest, pk: int) -> HttpResponse:
    return _mail_page(request, _found(pk), AcceptForm())


@require(Permission.IMPORT_CANDIDATES)
@require_GET
def mail_original(request: MemberRequest, pk: int) -> HttpResponse:
    """The bytes as they came, to save and never to show: they are a stranger's."""
    content = MailContent.objects.filter(mail=_found(pk)).first()
    if content is None:
        raise Http404("The original is not kept any more.")
    response = HttpResponse(bytes(content.content), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="mail-{pk}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def mail_accept(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = _found(pk), AcceptForm(request.POST)
    if not form.is_valid():
        return _mail_page(request, found, form, status=422)
    who = form.cleaned_data
    return _then(
        request,
        found,
        "It is being taken in.",
        lambda: accept_mail(found, who["as_whom"], name=who["name"], email=who["email"], by=request.member),
    )


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def mail_discard(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    return _then(request, found, "Discarded.", lambda: discard_mail(found, by=request.member))


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def mail_block(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    done = f"Mail from {found.sender} is left alone from now on."
    return _then(request, found, done, lambda: block_sender(found, by=request.member))


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def mail_unblock(request: MemberRequest, pk: int) -> HttpResponse:
    blocked = get_object_or_404(BlockedSender, pk=pk)
    unblock_sender(blocked, by=request.member)
    messages.success(request, f"Mail from {blocked.address} waits for review again.")
    return redirect("talentpool:mails", request.tenant.slug)


@require(Permission.VIEW_CANDIDATES)
@require_GET
def letter(request: MemberRequest, pk: int, letter_pk: int) -> HttpResponse:
    person = person_or_404(pk)
    found = get_object_or_404(MailLetter, pk=letter_pk, candidate=person)
    letters = thread_of(found)
    ids = [file for each in letters for file in each.files]
    files = {file.pk: file for file in File.objects.filter(pk__in=ids, candidate=person)}
    shown = [(each, [files[pk] for pk in each.files if pk in files]) for each in letters]
    context = frame_of(request, person, "messages", letter=found, letters=shown)
    return render_page(request, "talentpool/candidate_letter.html", context)


def _found(pk: int) -> IncomingMail:
    return get_object_or_404(IncomingMail.objects.select_related("member", "address__member"), pk=pk)


def _with_people(found: list[IncomingMail]) -> list[tuple[IncomingMail, list[tuple[int, str]]]]:
    people = people_of(found)
    return [(each, people[each.pk]) for each in found]


def _mail_page(request: MemberRequest, found: IncomingMail, form: AcceptForm, status: int = 200) -> HttpResponse:
    context = {
        "mail": found,
        "people": people_of([found])[found.pk],
        "shown": shown_letter(found),
        "form": form if found.outcome == MailOutcome.REVIEW else None,
        "days": settings.INBOUND_REVIEW_DAYS,
    }
    return render_page(request, "talentpool/mail.html", context, partials=["mail"], status=status)


def _then(request: MemberRequest, found: IncomingMail, done: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:mail", request.tenant.slug, found.pk)
