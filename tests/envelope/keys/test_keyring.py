import copy
import pickle

import pytest

from envelope.keys.keyring import DataKey

SECRET = b"0123456789abcdef0123456789abcdef"


def test_a_data_key_is_gone_after_its_block() -> None:
    with DataKey(SECRET) as data_key:
        assert data_key.secret == SECRET
    assert data_key._secret == bytes(32)


def test_a_data_key_is_gone_after_a_block_that_failed() -> None:
    data_key = DataKey(SECRET)

    with pytest.raises(KeyError), data_key:
        raise KeyError
    assert data_key._secret == bytes(32)


def test_refuses_to_be_used_when_its_block_is_over() -> None:
    with DataKey(SECRET) as data_key, data_key.copied() as copy_of_it:
        assert copy_of_it.secret == data_key.secret

    for use in (lambda: data_key.secret, data_key.copied):
        with pytest.raises(ValueError, match="must be used within its block, got its end"):
            use()


def test_a_data_key_hides_itself() -> None:
    assert repr(DataKey(SECRET)) == str(DataKey(SECRET)) == f"{DataKey(SECRET)}" == "DataKey(hidden)"


def test_refuses_to_be_pickled_or_copied() -> None:
    for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="must not be copied or pickled"):
            duplicate(DataKey(SECRET))


def test_refuses_new_attributes() -> None:
    with pytest.raises(AttributeError):
        DataKey(SECRET).copy_of_secret = SECRET  # type: ignore[attr-defined]
