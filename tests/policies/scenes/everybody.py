"""What is meant for those whom a key does not name: the same for every key, but for who administers it."""

_NEVER = """
    deployer without IAM               | *                 | -               | IAM is silent
    deployer of another account's*     | *                 | -               | another account
    stranger                           | *                 | -               | not named
    stranger of another account        | *                 | -               | another account
    root user of another account       | *                 | -               | another account
    *'s namesake elsewhere             | *                 | -               | another account
    service that was not named         | *                 | -               | not named
    somebody unsigned                  | *                 | -               | unsigned
"""

WHEN_IAM_ADMINISTERS = f"""{_NEVER}
    account administrator              | *                 | inspect, change | IAM administers
    key administrator through IAM      | *                 | inspect, change | IAM administers
    stranger with kms:*                | *                 | inspect, change | IAM administers
    root user                          | *                 | inspect, change | IAM administers
    deployer of another Region         | *                 | inspect, change | IAM administers
    deployer on another path           | *                 | inspect, change | IAM administers
"""

WHEN_ONLY_NAMED_ADMINISTER = f"""{_NEVER}
    account administrator              | *                 | -               | not named
    key administrator through IAM      | *                 | -               | not named
    stranger with kms:*                | *                 | -               | not named
    root user                          | *                 | -               | not named
    deployer of another Region         | *                 | -               | another name
    deployer on another path           | *                 | -               | another name
"""

DEPLOYERS = """
    deployer, deployer with kms:*, deployer re-created | *directly, *elsewhere             | inspect, change | administers
    deployer, deployer with kms:*, deployer re-created | via lambda, via rds              | inspect, change, decrypt, encrypt | creates
    deployer, deployer with kms:*, deployer re-created | creating via lambda, creating via rds | inspect, change, decrypt, encrypt, hand out | creates
    deployer                           | via dynamodb, via ec2, via events | inspect, change, decrypt, encrypt, re-encrypt | these services re-encrypt
    deployer                           | via fsx           | inspect, change, decrypt, encrypt, ReEncryptFrom | this service re-encrypts
    deployer                           | via backup, via ecr | inspect, change, decrypt, encrypt, retire | these services retire their grants
"""

ONE_KEY_ONLY = """
    *                                  | on *              | -               | one key only
"""
