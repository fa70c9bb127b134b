"""Jobs that are opened here, and the families that jobs are in."""

from typing import Any

from django import forms
from django.db.models.functions import Lower

from talentpool.models import JobFamily, OwnPipeline


class FamilyForm(forms.Form):
    family = forms.ModelChoiceField(JobFamily.objects.none(), label="Job family", required=False, empty_label="None")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family = self.fields["family"]
        assert isinstance(family, forms.ModelChoiceField)
        family.queryset = JobFamily.objects.order_by(Lower("name"))


class JobForm(FamilyForm):
    title = forms.CharField(label="Title", max_length=300)
    location = forms.CharField(label="Location", max_length=300, required=False)
    department = forms.CharField(label="Department", max_length=200, required=False)

    field_order = ("title", "location", "department", "family")


class FamilyNameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=100)


class OwnPipelineForm(forms.Form):
    own_pipeline = forms.ChoiceField(label="A pipeline by itself", choices=OwnPipeline.choices, required=False)
