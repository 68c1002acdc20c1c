"""Calls of IAM that change who takes a role and what it may do: what rules tell and what is counted in the copy."""

ROLE_CALLS = (
    "UpdateAssumeRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "CreateRole",
    "DeleteRole",
)
"""Of a role. CreateRole is one, since a role of the same name takes the place of one that a policy names by its name.

Changes of tags, descriptions and session lengths are none. AcquireRole, which makes a role from a template, does not
say its name in the request; that a role of the name had to be deleted before is told.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

POLICY_CALLS = ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy")
"""Of a managed policy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""
