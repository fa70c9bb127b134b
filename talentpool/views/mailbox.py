"""Settings of the organisation's own mailbox."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.mailboxes import remove_mailbox, save_mailbox, try_mailbox
from talentpool.forms.mailbox import MailboxForm
from talentpool.models import Mailbox


@require(Permission.MANAGE_ORGANISATION)
def mailbox(request: MemberRequest) -> HttpResponse:
    found = Mailbox.objects.first()
    form = MailboxForm(request.POST if request.method == "POST" else None, mailbox=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_mailbox(form.cleaned_data, by=request.member)
            messages.success(request, "Saved. Try it out, to see that it can be read.")
            return redirect("talentpool:mailbox", request.tenant.slug)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "mailbox": found}
    return render_page(request, "talentpool/mailbox.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def mailbox_test(request: MemberRequest) -> HttpResponse:
    try:
        waiting = try_mailbox(get_object_or_404(Mailbox))
        number = f"{waiting:,} {'mail lies' if waiting == 1 else 'mails lie'}"
        messages.success(request, f"It can be read: {number} in it now. Those are left alone; new ones come in.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:mailbox", request.tenant.slug)


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def mailbox_remove(request: MemberRequest) -> HttpResponse:
    remove_mailbox(get_object_or_404(Mailbox), by=request.member)
    messages.success(request, "The mailbox is no longer looked into. What came from it stays.")
    return redirect("talentpool:mailbox", request.tenant.slug)
