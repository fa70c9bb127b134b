from decimal import Decimal

import pytest

from talentpool.fees import Fee
from talentpool.wishes import Salary


@pytest.mark.parametrize(
    ("written", "kept", "words"),
    [
        ("20 %", "20 %", "20 % of the first year’s pay"),
        ("22,5%", "22.5 %", "22.5 % of the first year’s pay"),
        ("33.30 percent", "33.3 %", "33.3 % of the first year’s pay"),
        ("100 %", "100 %", "100 % of the first year’s pay"),
        ("9,000 USD", "9000 USD", "USD 9,000"),
        ("€12k", "12000 EUR", "EUR 12,000"),
        ("12.500,50 EUR", "12500.5 EUR", "EUR 12,500.5"),
    ],
)
def test_fee_is_read_from_what_people_write_and_kept_in_one_form(written, kept, words):
    fee = Fee.read(written)
    assert (fee.text, fee.words("{:,}".format)) == (kept, words)
    assert Fee.read(fee.text) == fee


@pytest.mark.parametrize(
    "written",
    ["", "nothing", "0 %", "101 %", "9000", "20", "20 % or 9000 USD", "40 USD an hour", "9000-12000 USD", "-5 %"],
)
def test_what_is_no_fee_is_none(written):
    assert Fee.read(written) is None


@pytest.mark.parametrize(
    ("fee", "wanted", "saved"),
    [
        ("20 %", "USD 90000 year", "about USD 18,000"),
        ("20 %", "EUR 5000-6000 month", "about EUR 12,000"),
        ("20 %", "90000 year", "20 % of the first year’s pay"),
        ("20 %", "", "20 % of the first year’s pay"),
        ("9000 USD", "EUR 60000 year", "USD 9,000"),
    ],
)
def test_saving_is_told_in_money_where_somebody_says_what_pay_they_want(fee, wanted, saved):
    assert Fee.read(fee).saved(Salary.read(wanted), "{:,}".format) == saved


def test_share_of_a_fee_is_exact():
    assert Fee.read("33,33 %") == Fee(Decimal("33.33"))
