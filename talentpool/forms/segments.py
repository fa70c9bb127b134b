"""Segments: named, shared, changed."""

from typing import Any

from django import forms
from django.http import QueryDict

from crm.models import Member
from talentpool.models import Pipeline, Schedule, Segment, SegmentAlert, Sharing, Tag
from talentpool.models.schedule import MOST_A_RUN
from talentpool.queries.members import members_who_see_people
from talentpool.queries.segments import may_change


class SharingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name, and who sees the segment beside who made it."""

    shared_with = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label="Which colleagues",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For “Colleagues I choose”.",
    )

    class Meta:
        model = Segment
        fields = ("name", "sharing")
        labels = {"sharing": "Who sees it"}
        help_texts = {"name": "Such as “ICU nurses, Central Valley”. It stays current by itself."}
        widgets = {"sharing": forms.RadioSelect}

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        colleagues = self.fields["shared_with"]
        assert isinstance(colleagues, forms.ModelMultipleChoiceField)
        colleagues.queryset = members_who_see_people().exclude(pk=by.pk).order_by("name", "pk")
        if self.instance.pk:
            colleagues.initial = list(self.instance.shares.values_list("member_id", flat=True))
        self.fields["sharing"].required = False

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Segment.objects.named(name, by=self.instance.by or self.by).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("A segment of that name is there already.")
        return name

    def clean_sharing(self) -> str:
        return self.cleaned_data["sharing"] or Sharing.TEAM

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sharing") == Sharing.CHOSEN and not cleaned.get("shared_with"):
            self.add_error("shared_with", "Choose at least one colleague, or say that only you see it.")
        return cleaned


class SegmentForm(SharingForm):
    """A search to be saved: as a new segment, or in place of what one asked before."""

    instead = forms.ModelChoiceField(
        Segment.objects.none(),
        label="In place of the search of",
        required=False,
        empty_label="none: a new segment",
        help_text="That segment keeps its name, its history and what uses it; who is in it is counted anew.",
    )
    field_order = ("name", "sharing", "shared_with", "instead")

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        instead = self.fields["instead"]
        assert isinstance(instead, forms.ModelChoiceField)
        theirs = Segment.objects.live().visible_to(by).filter(ready_made="")
        instead.queryset = theirs.filter(pk__in=[each.pk for each in theirs if may_change(each, by)])
        if self.data.get("instead"):
            self.fields["name"].required = False

    def clean_name(self) -> str:
        return super().clean_name() if self.cleaned_data["name"] else ""


class AlertForm(forms.Form):
    every = forms.ChoiceField(
        label="Tell me of new matches by mail", choices=[("", "Never"), *SegmentAlert.Every.choices], required=False
    )


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Into which pipeline, or with which tag; one of the two."""

    pipeline = forms.ModelChoiceField(
        Pipeline.objects.none(), label="Into the pipeline", required=False, help_text="At its first stage."
    )
    tag = forms.ModelChoiceField(Tag.objects.none(), label="Or give the tag", required=False)
    with_present = forms.BooleanField(
        label="Begin with whoever is in the segment now",
        required=False,
        help_text="Otherwise only who comes to match from now on.",
    )

    class Meta:
        model = Schedule
        fields = ("pipeline", "tag", "every", "most")
        labels = {"every": "How often", "most": "At most, each time"}
        help_texts = {"most": f"Up to {MOST_A_RUN}; the others wait for the next time."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pipeline, tag = self.fields["pipeline"], self.fields["tag"]
        assert isinstance(pipeline, forms.ModelChoiceField)
        assert isinstance(tag, forms.ModelChoiceField)
        pipeline.queryset, tag.queryset = Pipeline.objects.current(), Tag.objects.all()


class MembersForm(forms.Form):
    after = forms.CharField(max_length=60, required=False)

    @property
    def cursor(self) -> str:
        self.full_clean()
        return str(self.cleaned_data.get("after", ""))


def search_query(segment: Segment) -> str:
    """The end of the address that runs a segment's search."""
    query = QueryDict(mutable=True)
    if segment.text:
        query["q"] = segment.text
    for name, values in segment.facets.items():
        query.setlist(name, list(values))
    if segment.text and segment.exactly:
        query["exactly"] = "on"
    query.setlist("less", segment.less)
    return query.urlencode()
