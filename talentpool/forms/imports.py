"""Uploading a file of people, and saying what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from talentpool.custom_values import PREFIX
from talentpool.intake.columns import KEEP, LEAVE, NEW_FIELD, Field
from talentpool.intake.encodings import Guess
from talentpool.intake.sizes import refuse_size
from talentpool.models import Basis, ImportOutcome, Source, SourceKind
from talentpool.queries.custom_fields import custom_fields

NOT_YET = ""
_ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods,.json,.pdf,.doc,.docx,.xml,.odt,.rtf,.html,.htm,.zip"


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Drop a file here",
        help_text="CSV, Excel, JSON Resume, or résumés as PDF, Word, OpenDocument, RTF, HTML or text; many in a zip.",
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        max_length=255,
        allow_empty_file=True,
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), required=False, label="Where these people come from", empty_label="Somewhere new:"
    )
    new_source = forms.CharField(
        max_length=120, required=False, label="Name of the new source", help_text="For example “Spring job fair”."
    )
    new_source_kind = forms.ChoiceField(
        choices=SourceKind.choices, required=False, initial=SourceKind.OTHER, label="Kind of the new source"
    )
    basis = forms.ChoiceField(
        label="May they be written to?",
        required=False,
        choices=[
            (NOT_YET, "Not yet: they are found here, and hear nothing from us"),
            (Basis.CONSENT, "They agreed to hear from us"),
            (Basis.LEGITIMATE_INTEREST, "Legitimate interest: they have reason to expect it"),
        ],
        initial=NOT_YET,
        widget=forms.RadioSelect,
    )
    basis_text = forms.CharField(
        max_length=1000,
        required=False,
        label="How they agreed, or what the interest is",
        help_text="It is kept with each of them as the proof.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.queryset = Source.objects.order_by("name")

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        refuse_size(file.size or 0, settings.IMPORT_MAX_CSV_BYTES)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("source") and not (cleaned.get("new_source") or "").strip():
            self.add_error("new_source", "Choose a source, or give the new one a name.")
        if cleaned.get("basis") == Basis.CONSENT and not (cleaned.get("basis_text") or "").strip():
            self.add_error("basis_text", "Say how they agreed, so that it can be shown when somebody asks.")
        return cleaned


class EncodingForm(forms.Form):
    encoding = forms.ChoiceField(label="Encoding", widget=forms.RadioSelect)

    def __init__(self, *args: Any, guesses: Sequence[Guess], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        encoding = self.fields["encoding"]
        assert isinstance(encoding, forms.ChoiceField)
        encoding.choices = [(guess.encoding, guess.label) for guess in guesses]
        self.guesses = guesses


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label="Sheet")

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheet = self.fields["sheet"]
        assert isinstance(sheet, forms.ChoiceField)
        sheet.choices = [(name, name) for name in sheets]


class ColumnsForm(forms.Form):
    """One choice a column, in the order of the file."""

    CHOICES = (
        ("", [(KEEP, "Keep under its own heading"), (LEAVE, "Leave out")]),
        ("Who", [(each.value, each.label) for each in list(Field)[:6]]),
        ("More", [(each.value, each.label) for each in list(Field)[6:]]),
    )

    def __init__(
        self, *args: Any, headings: Sequence[str], columns: Sequence[str], may_define: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = [(each.name, each.label) for each in custom_fields()]
        own += [(NEW_FIELD, "A new field of your own")] if may_define else []
        choices = [*self.CHOICES, *([("Your own", own)] if own else [])]
        for number, (heading, column) in enumerate(zip(headings, columns, strict=True)):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                choices=choices, required=False, initial=column, label=heading
            )

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        who = {Field.NAME, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.EMAIL, Field.PHONE, Field.LINK}
        if not self.errors and not who & set(cleaned.values()):
            raise ValidationError("Choose at least one column that holds names, e-mail addresses, phones or links.")
        own = [each for each in cleaned.values() if each.startswith(PREFIX) and each != NEW_FIELD]
        if len(own) > len(set(own)):
            raise ValidationError("Two columns can’t become the same field of your own.")
        return cleaned


class ImportRowsForm(forms.Form):
    """Which rows to show: of one outcome, after a row number; and after which one of those who stayed."""

    outcome = forms.ChoiceField(choices=[("", "To look at"), *ImportOutcome.choices], required=False)
    after = forms.RegexField(r"^\d{1,9}$", required=False)
    stayed = forms.RegexField(r"^\d{1,18}$", required=False)


class ImportKeptForm(forms.Form):
    """Who would stay: for which reason, after which candidate. What nobody knows keeps nobody."""

    reason = forms.CharField(max_length=100, required=False)
    after = forms.RegexField(r"^\d{1,18}$", required=False)

    @property
    def word(self) -> str:
        return str(self.cleaned_data.get("reason") or "") if self.is_valid() else ""

    @property
    def row(self) -> int:
        return int(self.cleaned_data.get("after") or 0) if self.is_valid() else 0
