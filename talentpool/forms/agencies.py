"""What members agree with agencies, and what agencies fill in about people."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.models import User
from talentpool.fees import Fee
from talentpool.identity.emails import clean_email
from talentpool.models import Agency, AgencyInvitation, AgencyJob, Job, SubmissionState

if TYPE_CHECKING:
    OfAgency = forms.ModelForm[Agency]
else:  # Django's own forms take no parameter
    OfAgency = forms.ModelForm


class AgencyForm(OfAgency):
    class Meta:
        model = Agency
        fields = ("name", "contact_name", "contact_email", "ownership_days", "known_days", "fee", "terms")
        labels = {
            "contact_name": "Contact",
            "contact_email": "Their e-mail address",
            "ownership_days": "A person is theirs for so many days",
            "known_days": "Known already, when they came to us within so many days",
            "fee": "Fee for a hire",
            "terms": "What was agreed",
        }
        help_texts = {
            "ownership_days": "From the first valid claim on. Claims that run keep the period they began with.",
            "known_days": "From any other source. Who came before that may be claimed.",
            "fee": "A share of the first year’s pay, such as 20 %, or an amount, such as 9000 USD: what your own people"
            " save, whom you see before you open a job to them.",
            "terms": "The agency reads it in its portal.",
        }
        widgets = {"terms": forms.Textarea(attrs={"rows": 3})}

    def clean_fee(self) -> str:
        text = self.cleaned_data["fee"].strip()
        if not text:
            return ""
        fee = Fee.read(text)
        if fee is None:
            raise forms.ValidationError(
                f"“{text}” is no fee. Write a share such as 20 %, or an amount such as 9000 USD."
            )
        return fee.text


class AgencyInvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)


class OpeningForm(forms.Form):
    job = forms.ModelChoiceField(Job.objects.none(), label="Job", empty_label=None)
    words = forms.CharField(
        label="What they should know",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Shown to this agency beside the job.",
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job = self.fields["job"]
        assert isinstance(job, forms.ModelChoiceField)
        opened = AgencyJob.objects.filter(agency=agency, closed_at=None).values("job")
        job.queryset = Job.objects.filter(is_open=True).exclude(pk__in=opened)


class SubmissionStateForm(forms.Form):
    state = forms.ChoiceField(choices=SubmissionState.choices)


class AgencyJoinForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=200)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, *args: Any, invitation: AgencyInvitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = invitation.email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self._email, name=self.data.get("name", "")))
        return password


class SubmissionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=300)
    email = forms.CharField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    file = forms.FileField(
        label=_("Résumé"),
        max_length=255,
        help_text=_("PDF, Word, OpenDocument, RTF, HTML or text."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.doc,.docx,.odt,.rtf,.html,.htm,.txt,.json"}),
    )
    message = forms.CharField(
        label=_("Why this person"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreed_on = forms.DateField(label=_("When the person agreed"), widget=forms.DateInput(attrs={"type": "date"}))
    agreed = forms.BooleanField()

    def __init__(self, *args: Any, organisation: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statement = str(
            format_lazy(
                _(
                    "This person knows that we submit them to {organisation} for this job, and has agreed that"
                    " {organisation} keeps and uses what we send to decide about it."
                ),
                organisation=organisation,
            )
        )
        self.fields["agreed"].label = self.statement

    def clean_email(self) -> str:
        email = clean_email(self.cleaned_data["email"])
        if not email:
            raise forms.ValidationError(_("This is not an e-mail address."))
        return email

    def clean_agreed_on(self) -> date:
        day: date = self.cleaned_data["agreed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.CANDIDATE_FILE_MAX_BYTES:
            limit = settings.CANDIDATE_FILE_MAX_BYTES // 2**20
            raise forms.ValidationError(_("It is larger than %(limit)d MB.") % {"limit": limit})
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = " ".join(value.split()) if name != "message" else value.strip()
        return cleaned
