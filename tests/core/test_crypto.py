"""Secrets at rest."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from apps.core.crypto import CannotDecrypt, decrypt, encrypt, keyed_hash, needs_rotation

OLD = "1:" + base64.b64encode(b"a" * 32).decode()
NEW = "2:" + base64.b64encode(b"b" * 32).decode()


def test_a_secret_comes_back_only_for_its_purpose():
    stored = encrypt("mật khẩu", "setting")

    assert decrypt(stored, "setting") == "mật khẩu"
    assert "mật khẩu".encode() not in stored
    with pytest.raises(CannotDecrypt):
        decrypt(stored, "webhook")


def test_the_same_secret_never_looks_the_same():
    assert encrypt("x", "setting") != encrypt("x", "setting")


@pytest.mark.parametrize("place", [0, 1, 5, 20, -1])
def test_a_changed_byte_is_noticed(place):
    stored = bytearray(encrypt("x" * 20, "setting"))
    stored[place] ^= 1

    with pytest.raises(CannotDecrypt):
        decrypt(bytes(stored), "setting")


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x01\x01" + b"0" * 12])
def test_rubbish_is_refused(stored):
    with pytest.raises(CannotDecrypt):
        decrypt(stored, "setting")


def test_a_new_key_reads_what_the_old_one_wrote():
    with override_settings(FIELD_KEYS=OLD):
        stored = encrypt("x", "setting")
    with override_settings(FIELD_KEYS=f"{NEW},{OLD}"):
        assert decrypt(stored, "setting") == "x"
        assert needs_rotation(stored)
        assert not needs_rotation(encrypt("x", "setting"))
    with override_settings(FIELD_KEYS=NEW), pytest.raises(CannotDecrypt):
        decrypt(stored, "setting")


@pytest.mark.parametrize("keys", ["", "1", "x:y", "1:YQ==", "0:" + OLD[2:], "300:" + OLD[2:], OLD + ",!"])
def test_bad_keys_stop_the_start(keys):
    with override_settings(FIELD_KEYS=keys), pytest.raises(ImproperlyConfigured):
        encrypt("x", "setting")


def test_hashes_of_short_secrets_depend_on_the_purpose():
    assert keyed_hash("123456", "a") != keyed_hash("123456", "b")
    assert len(keyed_hash("123456", "a")) == 64
