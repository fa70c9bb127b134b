"""What the panels of a person's page are edited with."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from talentpool.models import Candidate


class Text(forms.CharField):
    """Several lines, with line ends as they are stored."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).replace("\r\n", "\n")


class Lines(forms.CharField):
    """A list, one value a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=20_000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        return tuple(dict.fromkeys(line for line in lines if line))


class PanelForm(forms.Form):
    """One panel of a person's page. `changes` says what to edit, and only where it differs from what is shown."""

    heading: ClassVar[str]
    texts: ClassVar[Sequence[str]] = ()
    lists: ClassVar[Mapping[str, str]] = {}  # field of PersonFields -> field of the form

    @classmethod
    def shown(cls, person: Candidate) -> dict[str, Any]:
        points = {"emails": "email", "phones": "phone", "links": "link"}
        values: dict[str, Any] = {name: getattr(person, name) for name in cls.texts}
        for name in cls.lists:
            kind = points.get(name)
            values[name] = (
                [p["value"] for p in person.contact_points if p.get("kind") == kind] if kind else getattr(person, name)
            )
        return values

    def changes(self, person: Candidate) -> dict[str, Any]:
        before, after = self.shown(person), self.cleaned_data
        edits: dict[str, Any] = {n: after[n] for n in self.texts if after[n] != before[n]}
        for name in self.lists:
            added = [value for value in after[name] if value not in before[name]]
            removed = [value for value in before[name] if value not in after[name]]
            if added or removed:
                edits[name] = {"add": added, "remove": removed}
        return edits
