from typing import Any

from django import forms

from crm.models import Member
from talentpool.actions.pipelines import MOST_STAGES, StagePlan
from talentpool.models import EntryRule, Pipeline, PipelineEntry, PipelineSetting, Stage
from talentpool.queries.job_pipelines import pipeline_setting
from talentpool.queries.pipeline_list import Group, Wanted
from talentpool.queries.pipelines import Only, Step, last_step


class PipelineForm(forms.ModelForm):  # type: ignore[type-arg]
    owner = forms.ModelChoiceField(Member.objects.none(), label="Owner", required=False, empty_label=None)

    class Meta:
        model = Pipeline
        fields = ("name", "job_title", "need", "owner", "follows_job")
        widgets = {"need": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "name": "Name",
            "job_title": "Job title",
            "need": "What is it for?",
            "follows_job": "Goes with its job",
        }
        help_texts = {
            "name": "How your colleagues will find it, such as “Critical care nurses”.",
            "job_title": "The title these people would be hired for.",
            "need": "When and why you will need them.",
            "follows_job": "It is put away when the job closes, and back when it opens again.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = Member.objects.filter(removed_at=None) | Member.objects.filter(pk=self.instance.owner_id or 0)
        owner.queryset = owner.queryset.order_by("name", "pk")
        if not self.instance.job_id:
            del self.fields["follows_job"]

    def clean_owner(self) -> Member | None:
        return self.cleaned_data["owner"] or (self.instance.owner if self.instance.pk else None)


class StageNamesField(forms.CharField):
    """Stages as text, one a line."""

    def __init__(self) -> None:
        super().__init__(
            label="Stages",
            help_text=f"One a line, in their order; up to {MOST_STAGES}.",
            widget=forms.Textarea(attrs={"rows": 6}),
            max_length=2000,
        )

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class NewPipelineForm(PipelineForm):
    stages = StageNamesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].empty_label = "You"  # type: ignore[attr-defined]
        self.fields["stages"].initial = "\n".join(pipeline_setting().stage_names)


class SettingForm(forms.Form):
    for_jobs = forms.BooleanField(
        label="Each open job has a pipeline by itself",
        help_text="Whoever brings the job: an ATS, a file, a colleague. It belongs to the first of the hiring team who "
        "is a member here. A job’s own page can say otherwise.",
        required=False,
    )
    stages = StageNamesField()

    @staticmethod
    def initial_of(setting: PipelineSetting) -> dict[str, Any]:
        return {"for_jobs": setting.for_jobs, "stages": "\n".join(setting.stage_names)}


class PipelinesForm(forms.Form):
    """Which pipelines the list shows; what can't be read is left out."""

    show = forms.ChoiceField(choices=Group.choices, required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Name", max_length=200, required=False, strip=True)
    owner = forms.ModelChoiceField(Member.objects.none(), label="Owner", required=False, empty_label="Anybody")
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = Member.objects.filter(pk__in=Pipeline.objects.values("owner")).order_by("name", "pk")
        self.full_clean()

    @property
    def wanted(self) -> Wanted:
        said = self.cleaned_data
        name = "".join(letter for letter in said.get("q", "") if letter.isprintable())
        return Wanted(Group(said.get("show", "")), said.get("owner"), name, said.get("page") or 1)


class MoveForm(forms.Form):
    """One card to one stage of the pipeline; `version` is the one the mover saw."""

    entry = forms.ModelChoiceField(PipelineEntry.objects.none())
    stage = forms.ModelChoiceField(Stage.objects.none())
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    because = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = PipelineEntry.objects.shown().filter(pipeline=pipeline)
        entries = entries.select_related("stage", "candidate", "pipeline")
        self.fields["entry"].queryset = entries  # type: ignore[attr-defined]
        self.fields["stage"].queryset = pipeline.stages.all()  # type: ignore[attr-defined]
        missing = {"invalid_choice": "That person is no longer in this pipeline."}
        self.fields["entry"].error_messages |= missing
        self.fields["stage"].error_messages |= {"invalid_choice": "That stage is no longer there."}

    @property
    def first_error(self) -> str:
        return next(str(error) for errors in self.errors.values() for error in errors)


class PutBackForm(forms.Form):
    candidate = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    stage = forms.ModelChoiceField(Stage.objects.none())

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = pipeline.stages.all()  # type: ignore[attr-defined]


class EntriesForm(forms.Form):
    """What to do with the entries chosen in the list view."""

    selected = forms.TypedMultipleChoiceField(coerce=int)
    do = forms.ChoiceField(choices=[("move", "Move"), ("remove", "Remove"), ("write", "Write to them")])
    stage = forms.ModelChoiceField(Stage.objects.none(), required=False)
    because = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = pipeline.stages.all()  # type: ignore[attr-defined]
        ids = PipelineEntry.objects.filter(pipeline=pipeline, pk__in=self._wanted()).values_list("pk", flat=True)
        self.fields["selected"].choices = [(str(pk), pk) for pk in ids]  # type: ignore[attr-defined]
        self.fields["selected"].error_messages |= {"required": "Nobody is chosen."}

    @property
    def first_error(self) -> str:
        return next(str(error) for errors in self.errors.values() for error in errors)

    def _wanted(self) -> list[int]:
        values = self.data.getlist("selected") if self.is_bound else []  # type: ignore[attr-defined]
        return [int(value) for value in values if value.isdecimal() and len(value) < 19][:5000]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("do") == "move" and not cleaned.get("stage"):
            self.add_error("stage", "Choose a stage to move them to.")
        return cleaned


class ListForm(forms.Form):
    """What the address of a list of a pipeline's people may say; what can't be read is left out."""

    stage = forms.ModelChoiceField(Stage.objects.none(), required=False, empty_label="All stages")
    only = forms.ChoiceField(choices=Only.choices, required=False)
    after = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = pipeline.stages.all()  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def at_stage(self) -> Stage | None:
        stage: Stage | None = self.cleaned_data.get("stage")
        return stage

    @property
    def shown(self) -> Only:
        return Only(self.cleaned_data.get("only", ""))

    @property
    def cursor(self) -> str:
        return str(self.cleaned_data.get("after", ""))


class StepForm(forms.Form):
    """In the address after a step: what was moved or removed and from where, so that it can be undone."""

    moved = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    removed = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    back = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    def step_in(self, pipeline: Pipeline) -> Step | None:
        return last_step(pipeline, **self.cleaned_data) if self.is_valid() else None


class StageForm(forms.Form):
    """One line of the stages page; an empty name removes the stage."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="Stage", max_length=80, required=False)
    order = forms.IntegerField(label="Place", min_value=1, max_value=99, required=False)
    most = forms.IntegerField(label="People at most", min_value=1, max_value=100_000, required=False)
    rules = forms.MultipleChoiceField(
        label="Who enters it needs",
        choices=[(rule.value, rule.label.capitalize()) for rule in EntryRule],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @property
    def plan(self) -> StagePlan:
        said = self.cleaned_data
        return StagePlan(said.get("id"), said["name"], said.get("rules") or [], said.get("most"))


StageFormSet = forms.formset_factory(StageForm, extra=1, max_num=MOST_STAGES + 1, absolute_max=40)


def stages_initial(pipeline: Pipeline) -> list[dict[str, Any]]:
    return [
        {"id": stage.pk, "name": stage.name, "order": n, "rules": stage.rules, "most": stage.most}
        for n, stage in enumerate(pipeline.stages.all(), 1)
    ]


def stages_in_order(forms: Any) -> list[StagePlan]:
    """What the stages page asks for, by place; a line whose name was emptied is left out."""
    lines = [form for form in forms if form.cleaned_data.get("name")]
    return [line.plan for line in sorted(lines, key=lambda line: line.cleaned_data.get("order") or 99)]


class EntryForm(forms.Form):
    """Who looks after a person in a pipeline, and until when the next step is to be done."""

    owner = forms.ModelChoiceField(Member.objects.none(), label="Looked after by", required=False)
    due_on = forms.DateField(
        label="Next step until", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, entry: PipelineEntry, **kwargs: Any) -> None:
        kwargs["initial"] = {"owner": entry.owner_id, "due_on": entry.due_on}
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        kept = Member.objects.filter(removed_at=None) | Member.objects.filter(pk=entry.owner_id or 0)
        owner.queryset = kept.order_by("name", "pk")
        owner.empty_label = f"{entry.pipeline.owner.name}, as the pipeline"


class CommentForm(forms.Form):
    text = forms.CharField(label="Comment", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}))


class MembershipForm(forms.Form):
    """Where people are put: at a stage of a pipeline that is there, or into a new one."""

    stage = forms.ChoiceField(label="Pipeline and stage", required=False)
    name = forms.CharField(label="Name of the new pipeline", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = Stage.objects.filter(pipeline__archived_at=None).select_related("pipeline")
        groups: dict[str, list[tuple[str, str]]] = {}
        for stage in stages.order_by("pipeline__name", "pipeline_id", "position"):
            groups.setdefault(stage.pipeline.name, []).append((str(stage.pk), stage.name))
        self.fields["stage"].choices = [("", "A new pipeline"), *groups.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stage"):
            cleaned["stage"] = Stage.objects.select_related("pipeline").get(pk=cleaned["stage"])
        elif not self.errors and not cleaned.get("name"):
            self.add_error("name", "Give the new pipeline a name, or choose one that is there.")
        return cleaned
