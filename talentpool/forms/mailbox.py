from typing import Any

from django import forms

from crm.outgoing import OutgoingError, public_addresses
from talentpool.models import Mailbox, MailboxEncryption


class MailboxForm(forms.Form):
    """The organisation's IMAP mailbox; the password that is there is never shown again."""

    address = forms.EmailField(
        label="Its address", max_length=254, help_text="Such as rapport@your-company.com, an account of its own."
    )
    host = forms.CharField(label="Mail server (IMAP)", max_length=253)
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=993)
    encryption = forms.ChoiceField(label="Encryption", choices=MailboxEncryption.choices)
    user = forms.CharField(label="User name", max_length=254)
    secret = forms.CharField(
        label="Password",
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    folder = forms.CharField(label="Folder", max_length=200, initial="INBOX")
    is_active = forms.BooleanField(label="Look into it every minute", required=False, initial=True)

    def __init__(self, *args: Any, mailbox: Mailbox | None, **kwargs: Any) -> None:
        if mailbox:
            names = ("address", "host", "port", "encryption", "user", "folder", "is_active")
            kwargs["initial"] = {name: getattr(mailbox, name) for name in names}
        super().__init__(*args, **kwargs)
        if mailbox:
            self.fields["secret"].help_text = "Leave it empty to keep the one that is there."

    def clean_folder(self) -> str:
        folder = str(self.cleaned_data["folder"])
        if not folder.isprintable():
            raise forms.ValidationError("A folder’s name is one line of letters.")
        return folder

    def clean_host(self) -> str:
        """A name that isn't known now may be later; one that leads inward is refused at once, and at every look."""
        host = str(self.cleaned_data["host"]).strip().lower()
        try:
            public_addresses(host, 993)
        except OutgoingError as error:
            if error.permanent:
                raise forms.ValidationError(str(error)) from error
        return host
