"""How findings are answered."""

import pytest

from constructs_lib.wiring.findings import as_found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("arn:aws:s3:::orders/*", "arn:aws:s3:::orders/*"),
        ({"Ref": "Bucket"}, "<Bucket>"),
        ({"Fn::Select": [0, ["a", "b"]]}, '{"Fn::Select":[0,["a","b"]]}'),
        ({"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/in/*"]]}, "<Bucket.Arn>/in/*"),
        ({"Fn::Join": ["", [{"Fn::ImportValue": "Data:Bucket"}, "/*"]]}, "Data:Bucket/*"),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::x/*"]]}, "arn:<AWS::Partition>:s3:::x/*"),
    ],
)
def test_a_resource_is_written_as_the_packs_write_it(value: object, found: str) -> None:
    assert as_found(value) == found
