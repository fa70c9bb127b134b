"""Looking through mail that came in, and deciding about what waits."""

from typing import Any

from django import forms

from talentpool.identity.emails import clean_email
from talentpool.models import MailOutcome


class MailFilterForm(forms.Form):
    """Which mails to show: of one outcome, those before an id."""

    outcome = forms.ChoiceField(
        choices=[(MailOutcome.REVIEW, MailOutcome.REVIEW.label), ("all", "All that came")], required=False
    )
    before = forms.RegexField(r"^\d{1,18}$", required=False)


class AcceptForm(forms.Form):
    as_whom = forms.ChoiceField(
        label="Whose mail is it?",
        choices=[
            ("sender", "The sender’s own: the one who sent it is the candidate"),
            ("inside", "Forwarded: the candidate is whoever wrote the mail inside it, or the résumé’s"),
            ("other", "About somebody else, named here:"),
        ],
        initial="sender",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="Their name", max_length=300, required=False)
    email = forms.CharField(label="Their e-mail address", max_length=254, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("as_whom") == "other" and not clean_email(cleaned.get("email") or ""):
            self.add_error("email", "Say whose mail it is by an e-mail address.")
        return cleaned
