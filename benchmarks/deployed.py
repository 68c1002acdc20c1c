"""What the deployed functions do on the embedded AWS: a large object through both, a range of it, 10,000 records.

Time is that of the embedded AWS, which keeps objects in its memory and checks every byte that it is sent: it says
nothing about AWS. Memory is the functions' own, as Lambda reports it, and calls of KMS are counted by CloudTrail.
"""

import argparse
import base64
import hashlib
import io
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig

from constructs_lib.bundled_node import use_bundled_node
from local_aws import LocalAws
from tests.support.deployed_envelopes import DeployedEnvelopes

_MIB = 1 << 20
_RECORDS = 10_000
_BATCH = 4_000
_RANGE_BYTES = 1_000_000
_CONTEXT = {"tenant": "blue"}


def main() -> None:
    """Deploy, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deployed", description=__doc__)
    parser.add_argument("--mib", type=int, default=1024, help="how large the large object is")
    mib = parser.parse_args().mib
    use_bundled_node()
    from tests.support.envelopes_app import synthesised  # noqa: PLC0415  # Node is chosen before the CDK is imported

    with tempfile.TemporaryDirectory() as folder:
        assembly = synthesised(Path(folder) / "assembly")
        with LocalAws() as aws:
            envelopes = DeployedEnvelopes(aws, assembly)
            print("object         function  seconds  max memory used")
            for size in (1, mib):
                _measure_object(envelopes, size)
            _measure_range(envelopes, mib)
            _measure_records(envelopes)


def _measure_object(envelopes: DeployedEnvelopes, mib: int) -> None:
    data = os.urandom(_MIB) * mib
    expected = hashlib.sha256(data).digest()
    plain = envelopes.place["Plain"]
    envelopes.s3.upload_fileobj(io.BytesIO(data), plain, f"{mib}", Config=TransferConfig(max_concurrency=2))
    del data
    for function, source, destination in (
        ("Encrypt", ("Plain", f"{mib}"), ("Messages", f"{mib}")),
        ("Decrypt", ("Messages", f"{mib}"), ("Plain", f"opened/{mib}")),
    ):
        start = time.perf_counter()
        _answer(
            envelopes.invoke(
                function,
                source=_name(envelopes, *source),
                destination=_name(envelopes, *destination),
                encryption_context=_CONTEXT,
            )
        )
        seconds = time.perf_counter() - start
        print(f"{mib:6} MiB     {function}   {seconds:7.1f}  {envelopes.max_memory_used(function)} MB")
    found = hashlib.sha256()
    for part in envelopes.s3.get_object(Bucket=plain, Key=f"opened/{mib}")["Body"].iter_chunks(_MIB):
        found.update(part)
    assert found.digest() == expected


def _measure_range(envelopes: DeployedEnvelopes, mib: int) -> None:
    first = mib * _MIB // 2 + 12_345
    last = first + _RANGE_BYTES - 1
    expected = envelopes.s3.get_object(Bucket=envelopes.place["Plain"], Key=f"{mib}", Range=f"bytes={first}-{last}")[
        "Body"
    ].read()
    before = len(envelopes.aws.recorded_calls("s3"))
    start = time.perf_counter()
    answer = _answer(
        envelopes.invoke(
            "Decrypt",
            source=_name(envelopes, "Messages", f"{mib}"),
            range={"first": first, "last": last},
            encryption_context=_CONTEXT,
        )
    )
    seconds = time.perf_counter() - start
    assert base64.b64decode(answer["plaintext"]) == expected
    reads = len(envelopes.aws.recorded_calls("s3")) - before
    used = envelopes.max_memory_used("Decrypt")
    print(f"{_RANGE_BYTES:,} bytes from the middle of it: {seconds:.2f} s, {reads} calls of S3, {used} MB")


def _measure_records(envelopes: DeployedEnvelopes) -> None:
    records = [os.urandom(512) for _ in range(_RECORDS)]
    before = len(envelopes.key_calls())
    start = time.perf_counter()
    sealed: list[dict[str, Any]] = []
    for first in range(0, _RECORDS, _BATCH):
        batch = [
            {"plaintext": base64.b64encode(record).decode(), "encryption_context": _CONTEXT}
            for record in records[first : first + _BATCH]
        ]
        sealed += _answer(envelopes.invoke("Encrypt", records=batch))["records"]
    seconds = time.perf_counter() - start
    calls = len(envelopes.key_calls()) - before
    assert len({each["message"] for each in sealed}) == _RECORDS
    print(f"{_RECORDS:,} records of 512 bytes, {_BATCH:,} at a time: {seconds:.1f} s, {calls} calls of KMS")
    before, start = len(envelopes.key_calls()), time.perf_counter()
    _through_queues(envelopes)
    seconds, calls = time.perf_counter() - start, len(envelopes.key_calls()) - before
    print(f"{_RECORDS:,} records from queue to queue, encrypted and decrypted: {seconds:.1f} s, {calls} calls of KMS")


def _through_queues(envelopes: DeployedEnvelopes) -> None:
    sqs, place = envelopes.person.client("sqs"), envelopes.place
    for first in range(0, _RECORDS, 10):
        entries = [{"Id": str(each), "MessageBody": f"record {first + each}"} for each in range(10)]
        sqs.send_message_batch(QueueUrl=place["Records"], Entries=entries)
    while envelopes.waiting("OpenedRecords") < _RECORDS:
        time.sleep(0.1)


def _name(envelopes: DeployedEnvelopes, bucket: str, key: str) -> dict[str, str]:
    return {"bucket": envelopes.place[bucket], "key": key}


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    if "errorType" in answer:
        raise SystemExit(f"{answer['errorType']}: {answer.get('errorMessage')}")
    return answer


if __name__ == "__main__":
    main()
