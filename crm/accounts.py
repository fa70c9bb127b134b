"""How allauth behaves here: nobody signs up by herself, for an organisation's invitation is the way in."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    # Its own words are not there in all languages of ours.
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail address and password don’t belong together."),
        "too_many_login_attempts": gettext_lazy("That was too often. Try again later."),
        "rate_limited": gettext_lazy("That was too often. Try again later."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
