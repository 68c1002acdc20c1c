"""The page on envelope encryption: what it shows synthesises, and what it says of permissions is what is granted."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

import constructs_lib
from constructs_lib import EncryptionKey
from constructs_lib.actions import READ_OBJECTS, WRITE_OBJECTS
from constructs_lib.enveloping.capacities import OBJECTS, RECORDS, REQUESTS
from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy
from tests.support.synthesised import resources, template_of

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "envelope-encryption.md").read_text()
_FAR = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def names(make_app: Callable[..., cdk.App]) -> dict[str, Any]:
    stack = cdk.Stack(make_app(), "Orders")
    keys = {
        name: EncryptionKey(stack, name, alias=name) for name in ("envelope_key", "transport_key", "operations_key")
    }
    buckets = {name: s3.Bucket(stack, name) for name in ("uploads", "messages", "opened")}
    streams = {name: kinesis.Stream(stack, name) for name in ("clicks", "sealed_clicks")}
    known = {name: getattr(constructs_lib, name) for name in constructs_lib.__all__}
    far = kms.Key.from_key_arn(stack, "Far", _FAR)
    return {"stack": stack, "cdk": cdk, "key_of_another_region": far, **keys, **buckets, **streams, **known}


def test_what_it_shows_synthesises(names: dict[str, Any]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    for block in blocks:
        exec(block, names)  # noqa: S102  # as it stands on the page

    functions = resources(template_of(names["stack"]), "AWS::Lambda::Function")
    assert sorted(each["Properties"]["Handler"].rpartition(".")[2] for each in functions.values()) == [
        "decrypt", "encrypt", "encrypt_arrivals", "encrypt_records",
    ]  # fmt: skip


def test_it_names_every_choice_and_every_action() -> None:
    choices = [each.name for each in (*AlgorithmSuite, *CommitmentPolicy)]

    assert [name for name in (*choices, *READ_OBJECTS, *WRITE_OBJECTS) if f"`{name}`" not in _PAGE] == []


def test_it_says_what_functions_get() -> None:
    for row, capacity in {"requests": REQUESTS, "objects": OBJECTS, "records": RECORDS}.items():
        (line,) = re.findall(rf"\| {row} \| [\d,]+ MB.*", _PAGE)
        assert f"{capacity.memory_size_mib:,} MB" in line
        assert (
            f"{capacity.seconds} seconds" if capacity.seconds < 100 else f"{capacity.seconds // 60} minutes"
        ) in line
