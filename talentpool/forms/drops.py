"""Setting up a place that is watched for files of a source."""

from typing import Any

from django import forms

from talentpool.models import Basis, Drop, DropKind

EVERY = [(15, "Every 15 minutes"), (60, "Every hour"), (360, "Every 6 hours"), (1440, "Every day")]
OF_KIND = {
    DropKind.FOLDER: ("path",),
    DropKind.SFTP: ("host", "port", "username", "password", "private_key", "path"),
    DropKind.URL: ("url",),
}
OF_ALL = ("every_minutes", "basis", "basis_text", "is_on")
SECRETS = ("password", "private_key")


class DropForm(forms.Form):
    """Only the fields of its kind. Secrets are never shown: what is left empty stays as it is."""

    url = forms.URLField(
        label="Address of the CSV", max_length=2000, assume_scheme="https", help_text="Asked only if it has changed."
    )
    host = forms.RegexField(r"^[A-Za-z0-9.:_-]+$", label="Server", max_length=253)
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=22)
    username = forms.CharField(label="User name", max_length=120)
    password = forms.CharField(
        label="Password",
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    private_key = forms.CharField(
        label="Or a private key",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text="In OpenSSH’s format, without a passphrase. Kept encrypted, like the password.",
    )
    path = forms.CharField(label="Folder", max_length=500)
    every_minutes = forms.TypedChoiceField(label="Look", choices=EVERY, coerce=int, initial=60)
    basis = forms.ChoiceField(
        label="May these people be written to?",
        required=False,
        choices=[("", "Not yet"), *((each.value, each.label) for each in Basis)],
    )
    basis_text = forms.CharField(
        label="How they agreed, or what the interest is",
        max_length=1000,
        required=False,
        help_text="It is kept with each of them as the proof.",
    )
    is_on = forms.BooleanField(label="Watch it", required=False, initial=True)

    def __init__(self, *args: Any, kind: DropKind, drop: Drop | None = None, **kwargs: Any) -> None:
        if drop:
            kwargs["initial"] = {name: getattr(drop, name) for name in (*OF_KIND[kind], *OF_ALL) if name not in SECRETS}
        super().__init__(*args, **kwargs)
        self.kind, self.drop = kind, drop
        self.fields = {name: self.fields[name] for name in (*OF_KIND[kind], *OF_ALL)}
        if kind is DropKind.SFTP and drop:
            self.fields["password"].help_text = "Leave it empty to keep what is there."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("basis") == Basis.CONSENT and not cleaned.get("basis_text", "").strip():
            self.add_error("basis_text", "Say how they agreed, so that it can be shown when somebody asks.")
        if self.kind is DropKind.SFTP and not self.drop and not any(cleaned.get(name) for name in SECRETS):
            self.add_error("password", "Give a password or a private key.")
        return cleaned


class KindForm(forms.Form):
    kind = forms.ChoiceField(choices=DropKind.choices)


class SavedColumnsForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)


class HostKeyForm(forms.Form):
    key = forms.CharField(max_length=1000)
