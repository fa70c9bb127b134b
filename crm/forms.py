"""What members fill in about their organisation, each other and themselves."""

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from crm.models import Invitation, Member, Role, Tenant, User
from crm.models.api_token import Scope
from crm.models.user import Theme

Choices = list[tuple[str, Any]]
if TYPE_CHECKING:
    OfTenant = forms.ModelForm[Tenant]
    OfUser = forms.ModelForm[User]
else:  # Django's own forms take no parameter
    OfTenant = OfUser = forms.ModelForm


@cache
def time_zone_choices() -> Choices:
    """Zones of places, grouped by continent; Etc/GMT+3 and the like confuse more people than they help."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zoneinfo.available_timezones()):
        continent, _, place = name.partition("/")
        if place and continent not in {"Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right"}:
            groups.setdefault(continent, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *groups.items()]


class TimeZoneField(forms.ChoiceField):
    def __init__(self, *, first: str = "", **kwargs: Any) -> None:
        super().__init__(choices=lambda: [*([("", first)] if first else []), *time_zone_choices()], **kwargs)


class OrganisationForm(OfTenant):
    language = forms.ChoiceField(
        label="Language of your letters",
        choices=settings.LANGUAGES,
        help_text="Of what stands beneath each. Pages for candidates and agencies are in the language that their "
        "browser asks for, and in this one where it asks for none of these.",
    )
    time_zone = TimeZoneField(help_text="Reports and campaigns count their days in it; each member may have another.")

    class Meta:
        model = Tenant
        fields = (
            "name",
            "country",
            "language",
            "time_zone",
            "postal_address",
            "sender_name",
            "sender_email",
            "contact_gap_days",
            "consent_required",
            "hold_conversations",
        )
        labels = {
            "name": "Name",
            "country": "Country",
            "postal_address": "Postal address",
            "sender_name": "Sender’s name",
            "sender_email": "Sender’s e-mail address",
            "contact_gap_days": "Days between two messages",
            "consent_required": "Write only to people who agreed to it",
            "hold_conversations": "Leave people to the colleague who is talking with them",
        }
        help_texts = {
            "name": "As candidates know you; it stands in every message.",
            "country": "Two letters, such as US or DE. Phone numbers without a country are read as of this one.",
            "sender_email": "Campaigns come from this address, and replies go to it.",
            "contact_gap_days": "Nobody hears from you twice within so many days, whoever writes. 0 turns this off.",
            "consent_required": "Otherwise a legitimate interest is enough. Who unsubscribed is left alone either way.",
            "hold_conversations": "Campaigns pass over whom somebody else called, met or wrote with within 30 days. "
            "Otherwise they only say how many they are.",
        }
        widgets = {"postal_address": forms.Textarea(attrs={"rows": 3})}

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.RECRUITER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class JoinForm(forms.Form):
    """Somebody new chooses how she is called and a password."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least ten characters; a few words that nobody else would put together do well.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "password" in self.cleaned_data:
            someone = User(email=self.invitation.email, name=self.cleaned_data.get("name", ""))
            try:
                validate_password(self.cleaned_data["password"], someone)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ProfileForm(OfUser):
    time_zone = TimeZoneField(
        required=False, first="As the organisation", help_text="In which you see all dates and times."
    )
    theme = forms.ChoiceField(label="Theme", choices=Theme.choices, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ("name", "time_zone", "theme")
        labels = {"name": "Your name"}
        help_texts = {"name": "As your colleagues see it beside what you do."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)
    next = forms.CharField(required=False)


class AuditFilterForm(forms.Form):
    """Which entries of the audit log to show. Kinds are the nouns that verbs begin with."""

    member = forms.ModelChoiceField(Member.objects.none(), required=False, label="Who", empty_label="Anyone")
    kind = forms.ChoiceField(required=False, label="What")
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.RegexField(r"^\d{1,18}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["member"]
        assert isinstance(members, forms.ModelChoiceField)
        members.queryset = Member.objects.order_by("name", "id")
        what = self.fields["kind"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [("", "Anything"), *((kind, kind.replace("_", " ").capitalize()) for kind in kinds)]


class TokenForm(forms.Form):
    """A token's name, what it may do, and how long."""

    name = forms.CharField(label="Name", max_length=100, help_text="What it is for, such as “Career site”.")
    scopes = forms.MultipleChoiceField(label="May", choices=Scope.choices, widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label="Works for",
        choices=[("90", "90 days"), ("365", "a year"), ("0", "as long as nobody revokes it")],
        coerce=int,
        initial="365",
    )


class MoveInForm(forms.Form):
    file = forms.FileField(
        label="Drop the zip here",
        help_text="A pool that was moved out of Rapport, as one zip.",
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        max_length=255,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MOVE_IN_MAX_BYTES:
            limit = settings.MOVE_IN_MAX_BYTES / 2**30
            raise forms.ValidationError(
                f"It is larger than {limit:g} GB. Ask whoever runs Rapport to bring it in there."
            )
        return file
