"""What members write about a person: panels edited in place, notes, owner, files."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings

from crm.models import Member
from talentpool.forms.facts import OwnFieldsForm, WishesForm
from talentpool.forms.panels import Lines, PanelForm, Text
from talentpool.identity.emails import clean_email
from talentpool.models import NoteKind
from talentpool.person import Education, PersonFields, Position


class AboutForm(PanelForm):
    heading, texts = "Name and summary", ("name", "headline", "summary")
    name = forms.CharField(max_length=300, required=False)
    headline = forms.CharField(max_length=500, required=False)
    summary = Text(max_length=20_000, rows=8)


class ContactForm(PanelForm):
    heading, texts = "Contact", ("location", "country")
    lists = {"emails": "emails", "phones": "phones", "links": "links"}
    emails = Lines(label="E-mail addresses", help_text="One a line; the first is written to.")
    phones = Lines(label="Phone numbers", help_text="One a line, with the country's code where it is another.")
    links = Lines(label="Links", help_text="One a line.")
    location = forms.CharField(label="Lives in", max_length=300, required=False)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", max_length=2, required=False, label="Country", help_text="Two letters, such as US.",
        error_messages={"invalid": "Two letters, such as US."},
    )  # fmt: skip

    def clean_emails(self) -> tuple[str, ...]:
        emails: tuple[str, ...] = self.cleaned_data["emails"]
        if wrong := next((each for each in emails if not clean_email(each)), None):
            raise forms.ValidationError(f"“{wrong[:80]}” is no e-mail address.")
        return emails

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class SkillsForm(PanelForm):
    heading = "Skills"
    lists = {"skills": "skills", "languages": "languages", "certificates": "certificates"}
    skills = Lines(help_text="One a line.", widget=forms.Textarea(attrs={"rows": 8}))
    languages = Lines(help_text="One a line.")
    certificates = Lines(help_text="One a line.")


class Partial(forms.RegexField):
    """A date as exactly as it is known."""

    def __init__(self, **kwargs: Any) -> None:
        message = "Write a year, or a year and month: 2019 or 2019-04."
        super().__init__(
            r"^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
            required=False, max_length=10, error_messages={"invalid": message}, **kwargs,
        )  # fmt: skip


class PeriodForm(forms.Form):
    kind: ClassVar[type[Position] | type[Education]]
    field: ClassVar[str]
    heading: ClassVar[str]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start", ""), cleaned.get("end", "")
        if start and end and end[: len(start)] < start[: len(end)]:
            self.add_error("end", "It ends before it begins.")
        if not self.errors and not any(
            value for name, value in cleaned.items() if name not in ("start", "end", "current")
        ):
            raise forms.ValidationError("Say at least what or where it was.")
        return cleaned

    def changes(self, before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What to edit: the entry as it was goes, as it is now comes; nothing where it stayed the same."""
        after = [self.kind(**self.cleaned_data).to_json()]
        return {} if list(before) == after else {self.field: {"add": after, "remove": list(before)}}


class PostForm(PeriodForm):
    kind, field, heading = Position, "positions", "A post"
    title = forms.CharField(max_length=300, required=False)
    employer = forms.CharField(max_length=300, required=False)
    location = forms.CharField(max_length=300, required=False)
    start = Partial(label="Began", help_text="2019 or 2019-04.")
    end = Partial(label="Ended")
    current = forms.BooleanField(label="Still there", required=False)
    text = Text(label="What it was", max_length=10_000)


class StudyForm(PeriodForm):
    kind, field, heading = Education, "education", "Education"
    school = forms.CharField(max_length=300, required=False)
    degree = forms.CharField(max_length=300, required=False)
    area = forms.CharField(label="Subject", max_length=300, required=False)
    start = Partial(label="Began")
    end = Partial(label="Ended", help_text="2019 or 2019-04; may lie ahead.")


PANELS: dict[str, type[PanelForm]] = {
    "about": AboutForm,
    "contact": ContactForm,
    "skills": SkillsForm,
    "wants": WishesForm,
    "own": OwnFieldsForm,
}
ENTRIES: dict[str, type[PeriodForm]] = {"career": PostForm, "education": StudyForm}


class NewCandidateForm(forms.Form):
    name = forms.CharField(max_length=300)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(max_length=40, required=False)
    link = forms.CharField(label="Profile link", max_length=500, required=False)
    title = forms.CharField(label="Job title", max_length=300, required=False)
    employer = forms.CharField(max_length=300, required=False)
    location = forms.CharField(label="Lives in", max_length=300, required=False)
    skills = Lines(help_text="One a line.")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email and not clean_email(email):
            raise forms.ValidationError("That is no e-mail address.")
        return email

    @property
    def person(self) -> PersonFields:
        values = self.cleaned_data
        post = Position(title=values["title"], employer=values["employer"], current=True)
        return PersonFields(
            name=values["name"],
            headline=" · ".join(part for part in (values["title"], values["employer"]) if part),
            emails=tuple(filter(None, [values["email"]])),
            phones=tuple(filter(None, [values["phone"]])),
            links=tuple(filter(None, [values["link"]])),
            location=values["location"],
            positions=(post,) if post.title or post.employer else (),
            skills=values["skills"],
        )


class NoteTextForm(forms.Form):
    text = forms.CharField(
        label="A note",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": True}),
        help_text="@ and a colleague's name tells her of it.",
    )


class NoteForm(NoteTextForm):
    kind = forms.ChoiceField(label="Of", choices=NoteKind.choices, required=False)

    def clean_kind(self) -> NoteKind:
        return NoteKind(self.cleaned_data["kind"] or NoteKind.NOTE)


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(Member.objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Member.objects.active()  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Such as “asked for it by e-mail on 3 March”; it is kept in the audit log.",
    )
    sure = forms.BooleanField(label="I know that this can't be undone")


class FileForm(forms.Form):
    file = forms.FileField(label="A file of this person", max_length=255)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.CANDIDATE_FILE_MAX_BYTES:
            limit = settings.CANDIDATE_FILE_MAX_BYTES // 2**20
            raise forms.ValidationError(f"The file is larger than {limit} MB, the limit for one file.")
        return file


class SuggestionForm(forms.Form):
    key = forms.RegexField(r"^\d{1,18}-\d{1,6}$")
    do = forms.ChoiceField(choices=[("accept", "Right"), ("dismiss", "Wrong")])
