import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy

USE = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}
GRANT = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*"}


@pytest.fixture(scope="module")
def somebody(aws: LocalAws) -> tuple[str, Any]:
    """One role for the whole file, that IAM lets use keys, and a client of it."""
    role = aws.create_role("somebody-with-conditions", USE, path="/team/")
    return role, aws.session(aws.assume(role)).client("kms")


@pytest.fixture
def may_generate(
    aws: LocalAws, somebody: tuple[str, Any], make_key_policy: Callable[..., dict[str, Any]], account_root: str
) -> Callable[[Mapping[str, Any], Mapping[str, str]], bool]:
    """Say whether a role may make a data key under a condition of the key policy."""
    role, kms = somebody

    def ask(condition: Mapping[str, Any], context: Mapping[str, str]) -> bool:
        here = json.loads(json.dumps(condition).replace("ROLE", role).replace("ACCOUNT", aws.account))
        policy = make_key_policy({**USE, "Principal": {"AWS": account_root}, "Condition": here})
        key = aws.session().client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
        try:
            kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017  # anything else is a bug
            return False
        return True

    return ask


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        ({"ArnEquals": {"aws:PrincipalArn": "ROLE"}}, {}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/other"}}, {}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"tenant": "a"}, True),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"tenant": "b"}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"tenant": "a", "Tenant": "b"}, False),
        ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}, {"tenant": "a"}, True),
        ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}, {"other": "a"}, False),
        ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}, {"tenant": "a", "b": "c"}, False),
        ({"Null": {"kms:EncryptionContextKeys": "false"}}, {}, False),
        ({"StringEquals": {"kms:CallerAccount": "ACCOUNT"}}, {}, True),
        ({"StringEquals": {"kms:CallerAccount": "999999999999"}}, {}, False),
        ({"Null": {"kms:ViaService": "true"}}, {}, True),
        ({"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}, {}, False),
    ],
)
def test_a_condition_of_a_key_policy_is_decided(
    may_generate: Callable[[Mapping[str, Any], Mapping[str, str]], bool],
    condition: Mapping[str, Any],
    context: Mapping[str, str],
    *,
    allowed: bool,
) -> None:
    assert may_generate(condition, context) is allowed


def test_refuses_a_grant_for_oneself_where_only_aws_may_have_one(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Callable[..., dict[str, Any]], account_root: str
) -> None:
    role = make_role(GRANT)
    for_aws = {
        **GRANT,
        "Principal": {"AWS": account_root},
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
    }
    key = aws.session().client("kms").create_key(Policy=json.dumps(make_key_policy(for_aws)))["KeyMetadata"]["KeyId"]

    with pytest.raises(ClientError, match="kms:CreateGrant"):
        aws.session(aws.assume(role)).client("kms").create_grant(
            KeyId=key, GranteePrincipal=role, Operations=["Decrypt"]
        )


def test_refuses_to_decrypt_with_another_context(aws: LocalAws) -> None:
    kms = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    wrapped = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"tenant": "a"})["CiphertextBlob"]

    with pytest.raises(ClientError, match="InvalidCiphertextException"):
        kms.decrypt(KeyId=key, CiphertextBlob=wrapped, EncryptionContext={"tenant": "b"})


WINDOW, PERIOD = "kms:ScheduleKeyDeletionPendingWindowInDays", "kms:RotationPeriodInDays"
BYPASS = "kms:BypassPolicyLockoutSafetyCheck"
SCHEDULE, ROTATE, PUT = "schedule_key_deletion", "enable_key_rotation", "put_key_policy"


@pytest.mark.parametrize(
    ("condition", "operation", "given", "denied"),
    [
        ({"NumericLessThan": {WINDOW: "30"}}, SCHEDULE, {"PendingWindowInDays": 29}, True),
        ({"NumericLessThan": {WINDOW: "30"}}, SCHEDULE, {"PendingWindowInDays": 30}, False),
        ({"NumericLessThan": {WINDOW: "30"}}, SCHEDULE, {}, False),
        ({"NumericLessThanIfExists": {WINDOW: "30"}}, SCHEDULE, {}, True),
        ({"NumericLessThan": {WINDOW: 9}}, SCHEDULE, {"PendingWindowInDays": 10}, False),
        ({"NumericNotEquals": {WINDOW: "30"}}, SCHEDULE, {}, True),
        ({"Null": {WINDOW: "true"}}, SCHEDULE, {}, True),
        ({"Null": {WINDOW: "true"}}, SCHEDULE, {"PendingWindowInDays": 7}, False),
        ({"Null": {WINDOW: False}}, SCHEDULE, {"PendingWindowInDays": 7}, True),
        ({"NumericGreaterThan": {PERIOD: "365"}}, ROTATE, {"RotationPeriodInDays": 366}, True),
        ({"NumericGreaterThan": {PERIOD: "365"}}, ROTATE, {"RotationPeriodInDays": 365}, False),
        ({"NumericGreaterThan": {PERIOD: "365"}}, ROTATE, {"RotationPeriodInDays": 1000}, True),
        ({"NumericGreaterThan": {PERIOD: "365"}}, ROTATE, {}, False),
        ({"NumericGreaterThanEquals": {PERIOD: ["400", "500"]}}, ROTATE, {"RotationPeriodInDays": 450}, True),
        ({"Bool": {BYPASS: "true"}}, PUT, {"BypassPolicyLockoutSafetyCheck": True}, True),
        ({"Bool": {BYPASS: True}}, PUT, {"BypassPolicyLockoutSafetyCheck": True}, True),
        ({"Bool": {BYPASS: "true"}}, PUT, {"BypassPolicyLockoutSafetyCheck": False}, False),
        ({"Bool": {BYPASS: "true"}}, PUT, {}, False),
        ({"BoolIfExists": {BYPASS: "true"}}, PUT, {}, True),
        ({"Null": {BYPASS: "false"}}, PUT, {"BypassPolicyLockoutSafetyCheck": False}, True),
        ({"Null": {BYPASS: "false"}}, PUT, {}, False),
    ],
)
def test_a_guard_denies_what_it_says_whether_a_parameter_is_sent_or_not(
    aws: LocalAws,
    make_key_policy: Callable[..., dict[str, Any]],
    condition: Mapping[str, Any],
    operation: str,
    given: Mapping[str, Any],
    *,
    denied: bool,
) -> None:
    guarded = ["kms:ScheduleKeyDeletion", "kms:EnableKeyRotation", "kms:PutKeyPolicy"]
    guard = {"Effect": "Deny", "Principal": "*", "Action": guarded, "Resource": "*", "Condition": condition}
    kms: Any = aws.session().client("kms")
    policy = make_key_policy(guard)
    # Where the guard denies to put any policy, KMS takes it for a lock-out.
    key = kms.create_key(Policy=json.dumps(policy), BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["KeyId"]
    request = {**given, **({"Policy": json.dumps(policy)} if operation == PUT else {})}

    try:
        getattr(kms, operation)(KeyId=key, **request)
    except ClientError as error:
        assert "with an explicit deny in a resource-based policy" in str(error)  # noqa: PT017  # anything else is a bug
        assert denied
    else:
        assert not denied


def _grant(kms: Any, key: str, grantee: str) -> Any:
    return kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Encrypt", "Decrypt"],
                            Constraints={"EncryptionContextSubset": {"tenant": "a"}})  # fmt: skip


def _sign(kms: Any, key: str, _role: str) -> Any:
    return kms.sign(KeyId=key, Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256")


def _generate_mac(kms: Any, key: str, _role: str) -> Any:
    return kms.generate_mac(KeyId=key, Message=b"x", MacAlgorithm="HMAC_SHA_256")


def _data_key_pair(kms: Any, key: str, _role: str) -> Any:
    return kms.generate_data_key_pair(KeyId=key, KeyPairSpec="ECC_NIST_P256")


SIGN = {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}
MAC = {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}


@pytest.mark.parametrize(
    ("call", "kind", "condition", "other"),
    [
        (_sign, SIGN, {"StringEquals": {"kms:SigningAlgorithm": "RSASSA_PSS_SHA_256"}}, "RSASSA_PSS_SHA_512"),
        (_sign, SIGN, {"StringEquals": {"kms:MessageType": "RAW"}}, "DIGEST"),
        (_sign, SIGN, {"StringEquals": {"kms:KeyUsage": "SIGN_VERIFY"}}, "ENCRYPT_DECRYPT"),
        (_sign, SIGN, {"StringEquals": {"kms:KeySpec": "RSA_2048"}}, "RSA_4096"),
        (_generate_mac, MAC, {"StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256"}}, "HMAC_SHA_512"),
        (_generate_mac, MAC, {"StringEquals": {"kms:KeyOrigin": "AWS_KMS"}}, "EXTERNAL"),
        (_generate_mac, MAC, {"Bool": {"kms:MultiRegion": "false"}}, "true"),
        (_data_key_pair, {}, {"StringEquals": {"kms:DataKeyPairSpec": "ECC_NIST_P256"}}, "RSA_2048"),
        (_data_key_pair, {}, {"StringEquals": {"kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}}, "RSAES_OAEP_SHA_256"),
        (_grant, {}, {"ArnEquals": {"kms:GranteePrincipal": "ROLE"}}, "arn:aws:iam::111122223333:role/other"),
        (
            _grant,
            {},
            {"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}},
            "EncryptionContextEquals",
        ),
        (_grant, {}, {"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, "b"),
        (_grant, {}, {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "Decrypt"]}}, "Encrypt"),
        (_grant, {}, {"Bool": {"kms:GrantIsForAWSResource": "false"}}, "true"),
    ],
)
def test_a_condition_on_a_request_or_its_key_is_decided(
    aws: LocalAws,
    somebody: tuple[str, Any],
    make_key_policy: Callable[..., dict[str, Any]],
    *,
    call: Callable[[Any, str, str], Any],
    kind: Mapping[str, str],
    condition: Mapping[str, Any],
    other: str,
) -> None:
    role, person = somebody
    ((operator, ((name, value),)),) = ((each, tuple(keys.items())) for each, keys in condition.items())
    actions = ["kms:Sign", "kms:GenerateMac", "kms:GenerateDataKeyPair", "kms:CreateGrant"]

    def key(wanted: object) -> str:
        use = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": actions, "Resource": "*"}
        document = json.dumps(make_key_policy({**use, "Condition": {operator: {name: wanted}}})).replace("ROLE", role)
        admin: Any = aws.session().client("kms")
        return str(admin.create_key(Policy=document, **kind)["KeyMetadata"]["KeyId"])

    assert call(person, key(value), role)
    with pytest.raises(ClientError, match=r"no (resource|identity)-based policy allows"):
        call(person, key(other), role)


@pytest.mark.parametrize(("name", "value"), [("kms:RequestAlias", "alias/NAME"), ("kms:ResourceAliases", "alias/NAME")])
def test_an_alias_can_be_asked_for(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Callable[..., dict[str, Any]], name: str, value: str
) -> None:
    role = make_role()
    suffix = name.rpartition(":")[2]
    condition = {"ForAnyValue:StringEquals": {name: value.replace("NAME", suffix)}}
    use = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "kms:Encrypt", "Resource": "*"}
    admin = aws.session().client("kms")
    key = admin.create_key(Policy=json.dumps(make_key_policy({**use, "Condition": condition})))["KeyMetadata"]["KeyId"]
    person = aws.session(aws.assume(role)).client("kms")
    with pytest.raises(ClientError, match="AccessDenied"):
        person.encrypt(KeyId=key, Plaintext=b"x")

    admin.create_alias(AliasName=f"alias/{suffix}", TargetKeyId=key)

    assert person.encrypt(KeyId=f"alias/{suffix}", Plaintext=b"x")["KeyId"].endswith(key)
