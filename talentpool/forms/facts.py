"""What a person wants of work, and the organisation's own fields, edited as panels of the person's page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from crm.models import Member
from talentpool.custom_values import CustomKind
from talentpool.forms.panels import Lines, PanelForm, Text
from talentpool.models import Candidate, CustomField
from talentpool.queries.custom_fields import custom_fields
from talentpool.wishes import CURRENCIES, REMOTE_WORDS, Salary, read_wish

PER = [("year", "a year"), ("month", "a month"), ("day", "a day"), ("hour", "an hour")]


class WishesForm(PanelForm):
    heading = "What they want"
    texts = ("availability", "remote", "relocate")
    lists = {"interests": "interests", "wanted_places": "wanted_places", "permits": "permits"}
    interests = Lines(label="Work they want", help_text="One a line, such as Night shifts.")
    wanted_places = Lines(label="Places they want", help_text="One a line.")
    lowest = forms.DecimalField(label="Pay from", min_value=0, max_digits=12, decimal_places=2, required=False)
    highest = forms.DecimalField(label="Pay up to", min_value=0, max_digits=12, decimal_places=2, required=False)
    currency = forms.ChoiceField(
        label="Currency of the pay", choices=[("", "—"), *((each, each) for each in sorted(CURRENCIES))], required=False
    )
    per = forms.ChoiceField(label="Pay is for", choices=PER, required=False)
    availability = forms.CharField(
        label="Available",
        max_length=100,
        required=False,
        help_text="A date such as 2027-01, a notice period such as 3 months, or now.",
    )
    remote = forms.ChoiceField(
        label="Where they work",
        choices=[("", "Not known"), *((each.value, words) for each, words in REMOTE_WORDS.items())],
        required=False,
    )
    relocate = forms.ChoiceField(
        label="Moving",
        choices=[("", "Not known"), ("yes", "Would move"), ("no", "Stays where they live")],
        required=False,
    )
    permits = Lines(label="May work in", help_text="One country a line: DE citizen, or US visa until 2027-05.")

    @classmethod
    def shown(cls, person: Candidate) -> dict[str, Any]:
        salary = Salary.read(person.wants.get("salary", ""))
        pay: dict[str, Any] = {"per": "year"}
        if salary:
            pay = {"lowest": salary.low, "highest": salary.high, "currency": salary.currency, "per": salary.per}
        return {
            **{name: person.wants.get(name, "") for name in cls.texts},
            **{name: person.wants.get(name, []) for name in cls.lists},
            **pay,
        }

    def clean_availability(self) -> str:
        return self._read("availability", self.cleaned_data["availability"])

    def clean_permits(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._read("permits", each) for each in self.cleaned_data["permits"]))

    def _read(self, name: str, text: str) -> str:
        read = read_wish(name, text)
        if text and not read:
            raise ValidationError(f"“{text[:80]}” can’t be read.")
        return read

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lowest, highest = cleaned.get("lowest"), cleaned.get("highest")
        if lowest and highest and highest < lowest:
            self.add_error("highest", "It is less than where it begins.")
        return cleaned

    def changes(self, person: Candidate) -> dict[str, Any]:
        edits = super().changes(person)
        said = self.cleaned_data
        low, high = said["lowest"] or said["highest"], said["highest"] or said["lowest"]
        salary = Salary(low, high, said["currency"], said["per"] or "year").text if low else ""
        return edits | ({"salary": salary} if salary != person.wants.get("salary", "") else {})


class OwnFieldsForm(PanelForm):
    """Made of the organisation's own fields; a value is read and refused by the field's kind when it is saved."""

    heading = "Your own fields"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = custom_fields()
        for field in self.own:
            self.fields[field.key] = _control(field, (self.initial or {}).get(field.key, ""))

    @classmethod
    def shown(cls, person: Candidate) -> dict[str, Any]:
        values: dict[str, Any] = dict(person.custom)
        for field in custom_fields():
            if field.kind == CustomKind.CHOICES and field.key in values:
                values[field.key] = values[field.key].split("; ")
        return values

    def changes(self, person: Candidate) -> dict[str, Any]:
        said = {each: _as_text(self.cleaned_data[each.key]) for each in self.own}
        return {field.name: text for field, text in said.items() if text != person.custom.get(field.key, "")}


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def _control(field: CustomField, now: Any) -> forms.Field:
    kind = CustomKind(field.kind)
    about: dict[str, Any] = {"label": field.label, "help_text": field.help_text, "required": False}
    if kind is CustomKind.LONG_TEXT:
        return Text(rows=4, label=field.label, help_text=field.help_text)
    if kind is CustomKind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **about)
    if kind is CustomKind.YES_NO:
        return forms.ChoiceField(choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")], **about)
    if kind is CustomKind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *_offered(field, [now])], **about)
    if kind is CustomKind.CHOICES:
        return forms.MultipleChoiceField(
            choices=_offered(field, now or []), widget=forms.CheckboxSelectMultiple, **about
        )
    if kind is CustomKind.MEMBER:
        there = Q(removed_at=None) | Q(pk=int(now) if str(now).isdecimal() else None)
        members = [(str(each.pk), each.name) for each in Member.objects.filter(there)]
        return forms.ChoiceField(choices=[("", "Nobody"), *members], **about)
    if kind is CustomKind.MONEY and not field.help_text:
        about["help_text"] = "With its currency, such as 1200 EUR."
    return forms.CharField(max_length=1_000, **about)


def _offered(field: CustomField, now: Sequence[str]) -> list[tuple[str, str]]:
    """What can be chosen, and what the person has though it is no longer offered."""
    past = [each for each in field.past_choices if each in now]
    return [*((each, each) for each in field.choices), *((each, f"{each} (no longer offered)") for each in past)]
