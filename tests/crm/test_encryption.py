import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured

from crm.actions.encrypting import encrypt_anew
from crm.encryption import EncryptedTextField
from crm.tenancy.scope import tenant_scope
from talentpool.models import ErasureSecret

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


def test_secret_of_one_tenant_is_nothing_to_another(tenant, other_tenant):
    stored = field.get_prep_value("sesame")
    assert field.from_db_value(stored) == "sesame"
    with tenant_scope(other_tenant.pk), pytest.raises(InvalidToken):
        field.from_db_value(stored)


def test_secret_from_before_tenants_had_keys_is_read(tenant, settings):
    stored = Fernet(settings.FIELD_KEYS[0]).encrypt(b"sesame").decode()
    assert field.from_db_value(stored) == "sesame"


def test_old_key_can_go_once_all_is_encrypted_anew(tenant, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    ErasureSecret.objects.create(secret="c0ffee")
    settings.FIELD_KEYS = [new, old]
    assert encrypt_anew() == 1
    settings.FIELD_KEYS = [new]
    assert ErasureSecret.objects.get().secret == "c0ffee"
