"""Connecting an ATS: its credentials, and how it is kept in step."""

from typing import Any

from django import forms

from ats_sync.actions.connections import SETTINGS
from ats_sync.models import Connection
from ats_sync.providers.base import Credential, Provider

LONGEST_SECRET = 10_000  # a private key


class CredentialsForm(forms.Form):
    """A field for each credential of the provider's. Secrets are never shown again; left empty, they stay."""

    def __init__(self, *args: Any, provider: type[Provider], known: dict[str, str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for each in provider.credentials:
            self.fields[each.name] = _field(each, (known or {}).get(each.name, ""))

    @property
    def credentials(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "name"}


class ConnectForm(CredentialsForm):
    name = forms.CharField(label="What it is called here", max_length=100)

    def __init__(self, *args: Any, provider: type[Provider], **kwargs: Any):
        kwargs.setdefault("initial", {"name": provider.name})
        super().__init__(*args, provider=provider, **kwargs)


def _field(credential: Credential, known: str) -> forms.CharField:
    help_text = credential.help
    if credential.secret and known:
        help_text = f"{help_text} Leave it empty to keep the one that is there.".strip()
    return forms.CharField(
        label=credential.label,
        help_text=help_text,
        required=credential.required and not known,
        max_length=LONGEST_SECRET,
        initial="" if credential.secret else known,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}) if credential.secret else forms.TextInput(),
    )


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Connection
        fields = ("name", "stale_minutes", "poll_seconds", "makes_pipelines", "wants_eeo")
        labels = {
            "name": "What it is called here",
            "stale_minutes": "Minutes after which a state counts as old",
            "poll_seconds": "Seconds between two rounds",
            "makes_pipelines": "Make a pipeline for each open job",
            "wants_eeo": "Take answers to questions on equal opportunity, too",
        }
        help_texts = {
            "stale_minutes": "Nobody of this ATS is written to on a state that is older: the message waits.",
            "poll_seconds": "What no webhook told is found by the next round.",
            "makes_pipelines": "It belongs to the first of the hiring team who is a member here, and goes "
            "with its job. What jobs begin with stands on the page of pipelines.",
            "wants_eeo": "Off by default: neither they come into the pool, nor fields of the ATS’s own whose "
            "names tell that they are about it.",
        }

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS if name in self.cleaned_data}


class EndingForm(forms.Form):
    what_came = forms.ChoiceField(
        label="What becomes of what came by it?",
        choices=[("keep", "Keep it: people, applications, notes and files stay in the pool"), ("remove", "Remove it")],
        initial="keep",
        required=False,
        widget=forms.RadioSelect,
    )
