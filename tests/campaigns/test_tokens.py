import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.tracking.tokens import LENGTH, Claim, WrongToken, claim_of, token_for


@given(tenant=st.integers(1, 2**32 - 1), message=st.integers(0, 2**63 - 1))
def test_token_comes_back_as_its_claim_and_fits_an_address(tenant, message):
    token = token_for(tenant, message)
    assert claim_of(token) == Claim(tenant, message)
    assert len(token) == LENGTH == 36
    assert token.replace("-", "").replace("_", "").isalnum()


@given(place=st.integers(0, LENGTH - 1), letter=st.sampled_from("ABab01-_=. \né"))
def test_token_with_any_letter_changed_is_refused(place, letter):
    token = token_for(3, 77)
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(WrongToken):
            claim_of(changed)


@pytest.mark.parametrize("token", ["", "x", "A" * 35, "A" * 36, "A" * 40, "=" * 36, "😀" * 9])
def test_token_that_was_never_ours_is_refused(token):
    with pytest.raises(WrongToken):
        claim_of(token)


def test_token_of_an_older_key_is_good_while_the_key_is_a_fallback(settings):
    token = token_for(3, 77)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key"
    assert claim_of(token) == Claim(3, 77)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(WrongToken):
        claim_of(token)
