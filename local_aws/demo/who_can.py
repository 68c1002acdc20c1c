"""Two tables: who can do what with the envelope key, tried out, and what the account recorded of it."""

from typing import Any

from local_aws.demo.deployment import CONTEXT, Deployment
from local_aws.demo.narration import Narration
from local_aws.demo.people import DENIED
from local_aws.demo.refusals import wrapped_data_key

_ALLOWED = {
    "recovery": {"unwrap"},
    "auditor": {"read policy"},
    "encrypting function": {"generate"},
    "decrypting function": {"unwrap"},
    # It generates under the archive key, not under this one.
    "re-encrypting function": {"unwrap"},
    "function of arrivals": {"generate"},
    "account administrator": {"read policy", "change policy"},
    # The least execution policy lets the deployer manage the account's keys, and the key policy leaves that to IAM.
    "deployer": {"read policy", "change policy"},
    "stranger with kms:*": {"read policy", "change policy"},
    "stranger with secretsmanager:*": {"read policy", "change policy"},  # and with kms:*
}
"""What each may do; whoever is not named here may do nothing with the key."""


def show_who_can(deployment: Deployment, message: bytes, narration: Narration) -> None:
    """Have everybody try everything and compare with what was meant."""
    narration.heading("Who can do what with the envelope key: tried, each as its own role")
    policy = deployment.people["account administrator"].kms.get_key_policy(KeyId=deployment.key_arn)["Policy"]
    key: dict[str, Any] = {"KeyId": deployment.key_arn}
    tries: dict[str, tuple[str, dict[str, Any]]] = {
        "encrypt": ("encrypt", {**key, "Plaintext": b"x", "EncryptionContext": CONTEXT}),
        "generate": ("generate_data_key", {**key, "NumberOfBytes": 32, "EncryptionContext": CONTEXT}),
        "unwrap": ("decrypt", {**key, "CiphertextBlob": wrapped_data_key(message), "EncryptionContext": CONTEXT}),
        "read policy": ("get_key_policy", key),
        "change policy": ("put_key_policy", {**key, "Policy": policy}),
    }
    rows, surprises = [], []
    for name, person in deployment.people.items():
        row = [name]
        for what, (operation, parameters) in tries.items():
            error, _ = person.attempt(operation, **parameters)
            may = what in _ALLOWED.get(name, set())
            if (error == "") != may or error not in {"", DENIED}:
                surprises.append(f"{name}: {what} {error or 'was allowed'}")
            row.append("-" if error else "yes")
        rows.append(row)
    narration.table(["", *tries], rows)
    narration.check("everybody can do what was meant and nothing else", surprises, [], "; ".join(surprises))
    narration.say("who may change the policy can let himself in: IAM decides who that is, and each change is recorded")


def show_recorded_calls(deployment: Deployment, narration: Narration) -> None:
    """Show who used the key, as the account recorded it."""
    narration.heading("Recorded by the account: every use of the envelope key")
    names = {person.role_arn: person.name for person in deployment.people.values()}
    calls = [
        call
        for call in deployment.aws.recorded_calls()
        if call.operation in {"GenerateDataKey", "Decrypt", "Encrypt"} and call.resource in {"", deployment.key_arn}
    ]
    counted: dict[tuple[str, str, str, str], int] = {}
    for call in calls:
        context = ", ".join(f"{key}={value}" for key, value in sorted(call.encryption_context.items()))
        context = context.replace(deployment.bucket, "messages")
        row = (names.get(call.principal, call.principal), call.operation, context, call.error or "allowed")
        counted[row] = counted.get(row, 0) + 1
    narration.table(
        ["who", "operation", "encryption context", "outcome", "times"], [[*row, str(n)] for row, n in counted.items()]
    )
    users = {row[0] for row in counted if row[3] == "allowed"}
    functions = {"encrypting function", "decrypting function", "re-encrypting function", "function of arrivals"}
    expected = {*functions, "recovery"}
    narration.check("nobody but the functions and recovery ever used it", users, expected)
