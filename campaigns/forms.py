"""What members fill in about a campaign, what lists are asked for, and what candidates wish."""

from django import forms

WISHES = [("stop", "stop"), ("stop_all", "stop_all"), ("pause", "pause"), ("undo", "undo")]


class WishForm(forms.Form):
    wish = forms.ChoiceField(choices=WISHES)
