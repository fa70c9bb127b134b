"""What is said to copy a pipeline, and to merge it into another."""

from typing import Any

from django import forms

from talentpool.models import Pipeline, Stage


class CopyForm(forms.Form):
    name = forms.CharField(label="Name of the copy", max_length=200)
    with_people = forms.BooleanField(label="With its people, each at their stage", required=False)


class MergeIntoForm(forms.Form):
    """Into which pipeline."""

    into = forms.ModelChoiceField(Pipeline.objects.none(), label="Into", empty_label=None)

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)
        into.queryset = Pipeline.objects.current().exclude(pk=pipeline.pk).order_by("name", "pk")


class StagesForm(forms.Form):
    """Of every stage here, where its people go there: the one of that name, else the one as far from the beginning."""

    def __init__(self, *args: Any, pipeline: Pipeline, into: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = list(into.stages.order_by("position"))
        by_name = {stage.name.casefold(): stage for stage in there}
        self.names: dict[str, int] = {}
        for stage in pipeline.stages.order_by("position"):
            guess = by_name.get(stage.name.casefold(), there[min(stage.position, len(there) - 1)])
            field = forms.ModelChoiceField(into.stages.all(), label=stage.name, initial=guess.pk, empty_label=None)
            self.fields[f"stage-{stage.pk}"] = field
            self.names[f"stage-{stage.pk}"] = stage.pk

    @property
    def stages(self) -> dict[int, Stage]:
        return {pk: self.cleaned_data[name] for name, pk in self.names.items()}

    @property
    def guessed(self) -> dict[int, Stage]:
        """As it begins, before anybody said otherwise."""
        known = Stage.objects.in_bulk([field.initial for field in self.fields.values()])
        return {pk: known[self.fields[name].initial] for name, pk in self.names.items()}
