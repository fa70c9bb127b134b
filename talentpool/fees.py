"""What an agency is paid for a hire: a share of the first year's pay, or an amount.

Kept as a text of one form, as wishes are: "20 %" or "9000 USD" (ISO 4217). Pure.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from talentpool.wishes import InWords, Salary

_SHARE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:%|per ?cent\b)\s*", re.IGNORECASE)
_NOT_WITH = ("hour", "day", "month")


@dataclass(frozen=True, slots=True)
class Fee:
    """`number` is a percentage where there is no currency, and else an amount of it."""

    number: Decimal
    currency: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From what people write: “20 %”, “22,5%”, “9,000 USD”, “€12k”; None for what is neither."""
        if match := _SHARE.fullmatch(text):
            percent = Decimal(match[1].replace(",", "."))
            return cls(percent) if 0 < percent <= 100 else None
        amount = Salary.read(text)
        if not amount or not amount.currency or amount.low != amount.high or amount.per in _NOT_WITH or "%" in text:
            return None
        return cls(Decimal(f"{round(amount.low, 2).normalize():f}"), amount.currency)

    @property
    def text(self) -> str:
        return f"{self.number.normalize():f} {self.currency or '%'}"

    def words(self, number: InWords) -> str:
        if self.currency:
            return f"{self.currency} {number(self.number)}"
        return f"{self.number.normalize():f} % of the first year’s pay"

    def saved(self, wanted: Salary | None, number: InWords) -> str:
        """What hiring somebody without the agency saves; `wanted` is the pay that she asks for."""
        if self.currency or wanted is None or not wanted.currency:
            return self.words(number)
        return f"about {wanted.currency} {number(round(wanted.a_year * self.number / 100, 0))}"
