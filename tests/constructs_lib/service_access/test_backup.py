"""What vaults need from a key policy."""

from constructs_lib.service_access import backup


def test_encrypt_vault_gives_exactly_this() -> None:
    use = backup.encrypt_vault()
    assert use.statements() == ()
    assert use.creator == "backup"
