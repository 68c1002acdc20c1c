from pathlib import Path

from local_aws.settings import Settings


def test_settings_are_read_as_they_were_written() -> None:
    settings = Settings(
        folder=Path("folder"),
        certificate=Path("folder/certificate"),
        private_key=Path("folder/key"),
        account="111122223333",
        region="eu-central-1",
        access_key_id="AKIA",
        secret_access_key="secret",
        installer_environment={"PATH": "/bin\n"},
    )

    assert settings.to_line().count("\n") == 1
    assert Settings.from_line(settings.to_line()) == settings
