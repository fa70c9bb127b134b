"""What members fill in about a campaign, what lists are asked for, and what candidates wish."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.composing.letter import Content, Organisation, compose
from campaigns.contact_gate.verdicts import HOLDING, Verdict
from campaigns.models import Audience, Campaign, CampaignState, StatusRule
from campaigns.queries.own_fields import own_merge_fields
from campaigns.queries.reports import LISTS
from crm.forms import TimeZoneField
from crm.models import Member, Tenant
from talentpool.models import Job, Phase, Pipeline, Schedule, Segment, Selection, Source, SourceKind, Stage
from talentpool.models.schedule import MOST_A_RUN
from talentpool.queries.segments import segments_for

WISHES = [("stop", "stop"), ("stop_all", "stop_all"), ("pause", "pause"), ("undo", "undo")]
MOST_JOBS = 2000  # to choose among
_ID = r"^[1-9][0-9]{0,17}$"
if TYPE_CHECKING:
    OfCampaign = forms.ModelForm[Campaign]
    OfRule = forms.ModelForm[StatusRule]
else:  # Django's own forms take no parameter
    OfCampaign = OfRule = forms.ModelForm


class WishForm(forms.Form):
    wish = forms.ChoiceField(choices=WISHES)


def _number(**kwargs: Any) -> forms.RegexField:
    return forms.RegexField(_ID, required=False, widget=forms.HiddenInput, **kwargs)


class QueryForm(forms.Form):
    """A form over a query string: what can't be read counts as not asked for."""

    def asked(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def number(self, name: str) -> int | None:
        words = self.asked(name)
        return int(words) if words else None


class CampaignListForm(QueryForm):
    state = forms.ChoiceField(choices=[("", "All"), ("open", "To be sent"), *CampaignState.choices], required=False)
    before = _number()


class PreviewForm(QueryForm):
    person = _number()
    width = forms.ChoiceField(choices=[("desk", "Desk"), ("phone", "Phone")], required=False)


class PeopleForm(QueryForm):
    list = forms.ChoiceField(choices=[(name, name) for name in LISTS], required=False)
    verdict = forms.ChoiceField(choices=[(str(verdict.value), verdict.label) for verdict in HOLDING], required=False)
    after = _number()

    @property
    def only(self) -> Verdict | None:
        number = self.number("verdict")
        return Verdict(number) if number else None


class UnknownForm(forms.Form):
    decision = forms.ChoiceField(choices=[("again", "Send again"), ("sent", "Take as sent")])
    message = _number()


class AudienceForm(forms.Form):
    """Whom it is for, as one choice among segments, pipelines with their stages, and a selection made elsewhere."""

    audience = forms.ChoiceField(label="Who gets it")

    def __init__(
        self,
        *args: Any,
        by: Member,
        campaign: Campaign | None = None,
        selection: Selection | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["audience"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = _audiences(selection, by, campaign.segment if campaign else None)

    def chosen(self) -> dict[str, Any]:
        """The fields of the campaign that say so."""
        kind, _, number = self.cleaned_data["audience"].partition(":")
        rows = {"segment": Segment, "pipeline": Pipeline, "stage": Stage, "selection": Selection}
        nobody: dict[str, Any] = dict.fromkeys(rows)
        return {"audience": Audience(kind).value, **nobody, kind: rows[kind]._default_manager.get(pk=int(number))}


def _audiences(selection: Selection | None, by: Member, kept: Segment | None) -> list[Any]:
    """A segment that this member may not see is there only where the campaign is written to it already."""
    groups: list[Any] = [("", "Choose…")]
    if selection is not None:
        groups.append((f"selection:{selection.pk}", f"Those you picked: {selection}"))
    known = dict.fromkeys([*segments_for(by), *([kept] if kept else [])])
    segments = [(f"segment:{segment.pk}", segment.name) for segment in known]
    if segments:
        groups.append(("Segments", segments))
    for pipeline in Pipeline.objects.current().prefetch_related("stages"):
        stages = [(f"stage:{stage.pk}", f"{pipeline.name}: {stage.name}") for stage in pipeline.stages.all()]
        groups.append((pipeline.name, [(f"pipeline:{pipeline.pk}", f"{pipeline.name}: everyone"), *stages]))
    return groups


def audience_value(campaign: Campaign) -> str:
    number = {
        "segment": campaign.segment_id,
        "pipeline": campaign.pipeline_id,
        "stage": campaign.stage_id,
        "selection": campaign.selection_id,
    }.get(campaign.audience)
    return f"{campaign.audience}:{number}" if number else ""


class NewCampaignForm(AudienceForm):
    name = forms.CharField(label="Name", max_length=200, help_text="For you and your colleagues; nobody else sees it.")
    field_order = ("name", "audience")


class AudienceQueryForm(QueryForm):
    """Where “Write to them” leads: ?segment=, ?pipeline=, ?stage= or ?selection=."""

    segment = _number()
    pipeline = _number()
    stage = _number()
    selection = _number()

    @property
    def value(self) -> str:
        for kind in ("selection", "segment", "stage", "pipeline"):
            if self.asked(kind):
                return f"{kind}:{self.asked(kind)}"
        return ""


class MessageForm(OfCampaign):
    class Meta:
        model = Campaign
        fields = ("name", "subject", "preheader", "body", "sender_name", "reply_to")
        labels = {
            "name": "Name",
            "subject": "Subject",
            "preheader": "First line in the mailbox",
            "body": "Message",
            "sender_name": "Sender’s name",
            "reply_to": "Replies go to",
        }
        help_texts = {
            "name": "For you and your colleagues; nobody else sees it.",
            "preheader": "What mailboxes show beside the subject.",
            "body": "Markdown: **bold**, *slanted*, [words](https://address), a list with dashes. "
            "A link alone in its paragraph and bold becomes a button.",
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 16, "spellcheck": "true"})}

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["sender_name"].widget.attrs["placeholder"] = tenant.sender_name or tenant.name
        self.fields["reply_to"].widget.attrs["placeholder"] = tenant.sender_email

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        words = {name: self.cleaned_data.get(name, "") for name in ("subject", "body", "preheader")}
        organisation = Organisation(self.tenant.name, "", "", self.tenant.language, "https://crm.invalid")
        try:
            compose(Content(**words), organisation, own_merge_fields())
        except ValidationError as problem:
            for name, problems in problem.error_dict.items():
                if name not in self.errors:
                    self.add_error(name, problems)
        return cleaned


class WhenForm(forms.Form):
    """Now or at a wall-clock time in a zone; at most so many a minute."""

    when = forms.ChoiceField(
        label="When",
        choices=[("now", "As soon as it is approved"), ("at", "At a day and time")],
        widget=forms.RadioSelect,
        initial="now",
    )
    day = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    time_zone = TimeZoneField(label="Time zone")
    per_minute = forms.IntegerField(
        label="At most so many a minute",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="A campaign that leaves slowly can be stopped when something is wrong with it.",
    )
    follow_every = forms.ChoiceField(
        label="Whoever comes to it later",
        choices=[
            ("", "Hears nothing"),
            *((each.value, f"Gets it too: {each.label.lower()}") for each in Schedule.Every),
        ],
        required=False,
        help_text="The campaign then goes on until somebody ends it.",
    )
    follow_most = forms.IntegerField(
        label="At most so many each time",
        required=False,
        min_value=1,
        max_value=MOST_A_RUN,
        help_text="The others wait for the next time.",
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if campaign.audience and not campaign.may_follow:
            del self.fields["follow_every"], self.fields["follow_most"]

    def apply(self, campaign: Campaign) -> None:
        for name in ("send_at", "time_zone", "per_minute"):
            setattr(campaign, name, self.cleaned_data[name])
        campaign.follow_every = self.cleaned_data.get("follow_every", "")
        campaign.follow_most = self.cleaned_data.get("follow_most") or campaign.follow_most

    @classmethod
    def initial_of(cls, campaign: Campaign, tenant: Tenant) -> dict[str, Any]:
        zone = campaign.time_zone or tenant.time_zone
        local = campaign.send_at.astimezone(ZoneInfo(zone)) if campaign.send_at else None
        return {
            "when": "at" if local else "now",
            "day": local.date() if local else None,
            "time": local.time().replace(second=0, microsecond=0) if local else None,
            "time_zone": zone,
            "per_minute": campaign.per_minute,
            "follow_every": campaign.follow_every,
            "follow_most": campaign.follow_most,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["send_at"] = None
        if cleaned.get("when") != "at" or self.errors:
            return cleaned
        for name, words in (("day", "Which day?"), ("time", "At what time?")):
            if cleaned.get(name) is None:
                self.add_error(name, words)
        if not self.errors:
            cleaned["send_at"] = self._moment(cleaned)
        return cleaned

    def _moment(self, cleaned: dict[str, Any]) -> datetime | None:
        zone = ZoneInfo(cleaned["time_zone"])
        moment = datetime.combine(cleaned["day"], cleaned["time"], zone)
        if moment.astimezone(ZoneInfo("UTC")).astimezone(zone).time() != cleaned["time"]:
            self.add_error("time", "On that day clocks are put forward and leave this time out.")
        elif moment < timezone.now():
            self.add_error("day", "That time has passed.")
        elif moment > timezone.now() + timedelta(days=366):
            self.add_error("day", "That is more than a year ahead.")
        return moment


class StatusRuleForm(OfRule):
    """What is said at a phase, when, and about which applications."""

    source_ids = forms.TypedMultipleChoiceField(
        label="Only applications from", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: from everywhere. Leave out an ATS that writes to people itself.",
    )  # fmt: skip
    job_ids = forms.TypedMultipleChoiceField(
        label="Only these jobs", coerce=int, required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="None chosen: all jobs.",
    )  # fmt: skip

    class Meta:
        model = StatusRule
        fields = (
            "is_on", "subject", "body", "delay_minutes", "from_hour", "until_hour", "source_ids", "job_ids",
        )  # fmt: skip
        labels = {
            "is_on": "Tell candidates",
            "subject": "Subject",
            "body": "Message",
            "delay_minutes": "Minutes to wait",
            "from_hour": "Not before (hour)",
            "until_hour": "Not after (hour)",
        }
        help_texts = {
            "is_on": "Begins with what happens from then on; nobody is told of what was before.",
            "body": "Markdown. The merge fields of campaigns, and {{ applied_job }}.",
            "delay_minutes": "Who is moved on or back before then hears nothing of it.",
            "until_hour": "In the organisation’s time zone. The same hour twice is the whole day.",
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 12, "spellcheck": "true"})}

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        kept = {"source_ids": self.instance.source_ids, "job_ids": self.instance.job_ids}
        sources = Source.objects.filter(kind=SourceKind.ATS) | Source.objects.filter(pk__in=kept["source_ids"])
        jobs = Job.objects.filter(is_open=True) | Job.objects.filter(pk__in=kept["job_ids"])
        choices = {"source_ids": sources.order_by("name"), "job_ids": jobs.order_by("title", "pk")[:MOST_JOBS]}
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = [(row.pk, str(row)) for row in rows]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        words = {name: self.cleaned_data.get(name, "") for name in ("subject", "body")}
        organisation = Organisation(self.tenant.name, "", "", self.tenant.language, "https://crm.invalid")
        try:
            compose(Content(**words), organisation, own_merge_fields(), applied_job="")
        except ValidationError as problem:
            for name, problems in problem.error_dict.items():
                if name not in self.errors:
                    self.add_error(name, problems)
        return cleaned


class PhaseForm(QueryForm):
    phase = forms.ChoiceField(choices=Phase.choices, required=False)
