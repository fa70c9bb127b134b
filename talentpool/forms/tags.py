"""Tags as the settings change them."""

from typing import Any

from django import forms

from talentpool.models import Tag, TagColour


class TagSettingForm(forms.Form):
    name = forms.CharField(max_length=60)
    colour = forms.ChoiceField(choices=TagColour.choices, widget=forms.RadioSelect)

    def clean_colour(self) -> TagColour:
        return TagColour(self.cleaned_data["colour"])


class TagMergeForm(forms.Form):
    into = forms.ModelChoiceField(Tag.objects.none(), label="Merge into", empty_label="Choose a tag")

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Tag.objects.exclude(pk=tag.pk)  # type: ignore[attr-defined]
