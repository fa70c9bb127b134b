"""What members write about working with people: who follows, what is to be done by when, what is mailed to them."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from crm.models import Member
from talentpool.dates import EARLIEST, LATEST, Due, due_on
from talentpool.models import Task
from talentpool.queries.members import members_who_see_people


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member who may see people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Member.objects.none(), **kwargs)


class OfMembers(forms.Form):
    """A form whose member fields offer the members of today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MemberField):
                field.queryset = members_who_see_people()


class WatchForm(OfMembers):
    member = MemberField(label="Follower", required=False, empty_label="Choose somebody")


class TaskForm(OfMembers):
    text = forms.CharField(label="What is to be done", max_length=500)
    day = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(
        label="At",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Without it the reminder comes in the morning.",
    )  # fmt: skip
    assignee = MemberField(label="Who", empty_label=None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("at") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", "On which day?")
        return cleaned

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError("That day is too far away.")
        return day

    @property
    def due(self) -> Due:
        """In the zone of who fills the form in."""
        zone = timezone.get_current_timezone()
        return due_on(self.cleaned_data.get("day"), self.cleaned_data.get("at"), zone)

    @staticmethod
    def shown(task: Task) -> dict[str, Any]:
        due = timezone.localtime(task.due_at) if task.due_at else None
        return {
            "text": task.text,
            "day": due.date() if due else None,
            "at": due.time() if due and not task.whole_day else None,
            "assignee": task.assignee_id,
        }


class TaskStepForm(forms.Form):
    """A step of a task by one button."""

    do = forms.ChoiceField(
        choices=[
            ("done", "Done"),
            ("reopen", "Not done"),
            ("hour", "In an hour"),
            ("tomorrow", "Tomorrow"),
            ("week", "In a week"),
        ]
    )


class TaskFilterForm(OfMembers):
    """Which tasks to show: one's own open ones, unless something else is asked for."""

    STATES = (("open", "To do"), ("overdue", "Overdue"), ("done", "Done"))

    who = forms.CharField(required=False)
    state = forms.ChoiceField(label="Which", choices=STATES, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        others = members_who_see_people().exclude(pk=member.pk).values_list("pk", "name")
        choices = [("", "Mine"), ("all", "Everybody’s"), ("asked", "Those I gave others"), *others]
        self.fields["who"] = forms.ChoiceField(label="Whose", choices=choices, required=False)
        self.full_clean()

    @property
    def who_value(self) -> str:
        return str(self.cleaned_data.get("who") or "")

    @property
    def state_value(self) -> str:
        return str(self.cleaned_data.get("state") or "open")

    @property
    def page_number(self) -> int:
        return int(self.cleaned_data.get("page") or 1)


class NoticeForm(forms.Form):
    mentions = forms.BooleanField(required=False, label="When a colleague mentions me in a note")
    tasks = forms.BooleanField(required=False, label="When a task of mine is due")
    digest = forms.BooleanField(
        required=False,
        label="Each morning, what happened with the people I follow",
        help_text="On days without news nothing is sent.",
    )
