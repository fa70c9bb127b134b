"""What is said to share a pipeline, and what its guest says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talentpool.models import Pipeline, Stage


class ShareForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="E-mail address", max_length=254, help_text="The link goes there, and is hers alone."
    )
    days = forms.TypedChoiceField(
        label="Works for",
        choices=[("14", "two weeks"), ("30", "a month"), ("90", "three months")],
        coerce=int,
        initial="30",
    )
    sees_files = forms.BooleanField(
        label="May open résumés and other files",
        help_text="They may hold addresses and telephone numbers, which the page itself never shows.",
        required=False,
    )


class GuestListForm(forms.Form):
    """What the address of a shared pipeline may say; what can't be read is left out."""

    stage = forms.ModelChoiceField(Stage.objects.none(), required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = pipeline.stages.all()  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def at_stage(self) -> Stage | None:
        stage: Stage | None = self.cleaned_data.get("stage")
        return stage

    @property
    def number(self) -> int:
        return int(self.cleaned_data.get("page") or 1)


class GuestCommentForm(forms.Form):
    thumb = forms.ChoiceField(
        label=_("Would you meet this person?"),
        choices=[("up", _("Yes")), ("down", _("No")), ("", _("I can’t say yet"))],
        widget=forms.RadioSelect,
        required=False,
    )
    text = forms.CharField(
        label=_("Comment"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
