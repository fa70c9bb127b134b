import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured

from crm.encryption import EncryptedTextField

field = EncryptedTextField()


def test_secret_is_stored_encrypted_and_read_back():
    stored = field.get_prep_value("sésame")
    assert "sésame" not in stored
    assert field.from_db_value(stored) == "sésame"


def test_secret_survives_a_change_of_keys(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    stored = field.get_prep_value("sesame")
    settings.FIELD_KEYS = [new, old]
    assert field.from_db_value(stored) == "sesame"
    settings.FIELD_KEYS = [new]
    with pytest.raises(InvalidToken):
        field.from_db_value(stored)


def test_secret_without_a_key_is_refused(settings):
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured):
        field.get_prep_value("sesame")


def test_nothing_stays_nothing():
    assert (field.get_prep_value(None), field.from_db_value(None)) == (None, None)
