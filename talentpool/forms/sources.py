"""What members say about a source."""

from typing import Any

from django import forms

from talentpool.models import Source
from talentpool.models.source import SourceKind

TRUST = [(80, "More than others"), (50, "Like others"), (20, "Less than others")]


class SourceForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    kind = forms.ChoiceField(label="Kind", choices=SourceKind.choices)
    trust = forms.TypedChoiceField(label="Trusted", choices=TRUST, coerce=int, initial=50)

    def __init__(self, *args: Any, source: Source | None = None, **kwargs: Any) -> None:
        if source:
            kwargs["initial"] = {"name": source.name, "kind": source.kind, "trust": source.trust}
        super().__init__(*args, **kwargs)
        trust = self.fields["trust"]
        assert isinstance(trust, forms.TypedChoiceField)
        if source and source.trust not in dict(TRUST):
            trust.choices = sorted([*TRUST, (source.trust, str(source.trust))], reverse=True)
