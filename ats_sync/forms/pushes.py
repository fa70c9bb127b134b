"""What is sent to the ATS: people, stages, rejections, notes and files."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ats_sync.models import AtsRecord, Connection
from ats_sync.queries.choices import open_jobs, stages_for, words
from ats_sync.vocabulary import Kind
from talentpool.models import Candidate, CandidateTag, File, Note

MOST_SHOWN = 50


class ConnectionChoiceForm(forms.Form):
    """Which of the running connections; the first one unless another is said."""

    connection = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def chosen(self, running: Sequence[Connection]) -> Connection | None:
        wanted = self.cleaned_data.get("connection") if self.is_valid() else None
        return next((each for each in running if each.pk == wanted), running[0] if running and not wanted else None)


class AddForm(forms.Form):
    job = forms.ChoiceField(label="Job", required=False)
    source = forms.ChoiceField(label="Source in the ATS", required=False)

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job, source = self.fields["job"], self.fields["source"]
        assert isinstance(job, forms.ChoiceField)
        assert isinstance(source, forms.ChoiceField)
        job.choices = [("", "No job yet: as a prospect"), *open_jobs(connection)]
        source.choices = [("", "As the ATS sees fit"), *words(connection, Kind.SOURCE)]


class MoveForm(forms.Form):
    stage = forms.ChoiceField(label="To the stage")

    def __init__(self, *args: Any, record: AtsRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ChoiceField)
        stage.choices = stages_for(record)


class RejectForm(forms.Form):
    reason = forms.ChoiceField(label="Reason", required=False)

    def __init__(self, *args: Any, record: AtsRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reasons = words(record.connection, Kind.REASON)
        reason.choices = reasons if reasons else [("", "Without a reason")]
        reason.required = bool(reasons)


class SendForm(forms.Form):
    """Notes, files and tags of the person's that go along. What was sent once is not sent twice."""

    notes = forms.ModelMultipleChoiceField(
        Note.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Notes"
    )
    documents = forms.ModelMultipleChoiceField(
        File.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Files"
    )
    resume = forms.BooleanField(required=False, label="The files are résumés")
    tags = forms.ModelMultipleChoiceField(
        CandidateTag.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Tags"
    )

    def __init__(self, *args: Any, person: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Note.objects.filter(candidate=person).exclude(by=None).order_by("-at", "-pk")
        files = File.objects.filter(candidate=person).exclude(by=None).order_by("-pk")
        self._offer("notes", own, lambda note: f"{note.text[:120]} ({note.at:%-d %b %Y})")
        self._offer("documents", files, str)
        self._offer(
            "tags", CandidateTag.objects.filter(candidate=person).select_related("tag"), lambda each: each.tag.name
        )

    def _offer(self, name: str, rows: Any, label: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        shown = list(rows.values_list("pk", flat=True)[:MOST_SHOWN])
        field.queryset = rows.filter(pk__in=shown)
        field.label_from_instance = label  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("notes", "documents", "tags")):
            raise forms.ValidationError("Choose what is to be sent.")
        return cleaned
