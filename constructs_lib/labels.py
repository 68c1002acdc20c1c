"""What KMS takes as the description and the tags of a key."""

import re
from collections.abc import Mapping

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in

_LONGEST_DESCRIPTION = 8192  # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html

# https://docs.aws.amazon.com/kms/latest/APIReference/API_Tag.html
_MOST_TAGS, _LONGEST_KEY, _LONGEST_VALUE = 50, 128, 256
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/allocation-tag-restrictions.html
_TAG = re.compile(r"[\w .:/=+@-]*")


def check_description(description: object) -> None:
    """Refuse a description that is no text or too long.

    Raises:
        ConfigurationError: If KMS would refuse it.
    """
    if description is None:
        return
    if not isinstance(description, str):
        raise ConfigurationError(f"description must be a text, got {description!r}")
    if len(description) > _LONGEST_DESCRIPTION:
        raise ConfigurationError(
            f"description must be at most {_LONGEST_DESCRIPTION} characters, got {len(description)}"
        )


def check_tags(tags: object) -> None:
    """Refuse tags that are no texts, too many, too long, reserved or of characters that tags do not have.

    Raises:
        ConfigurationError: If KMS would refuse them.
    """
    if not isinstance(tags, Mapping):
        raise ConfigurationError(f"tags must be a mapping of names to values, got {tags!r}")
    if len(tags) > _MOST_TAGS:
        raise ConfigurationError(f"tags must be at most {_MOST_TAGS}, got {len(tags)}")
    for name, value in tags.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise ConfigurationError(f"tags must have texts as keys and values, got {name!r}: {value!r}")
        if not 1 <= len(name) <= _LONGEST_KEY or name.lower().startswith("aws:"):
            raise ConfigurationError(
                f"tags must have keys of 1 to {_LONGEST_KEY} characters that do not begin with aws:, got {name!r}"
            )
        if len(value) > _LONGEST_VALUE:
            raise ConfigurationError(
                f"tags must have values of at most {_LONGEST_VALUE} characters, got {len(value)} for {name!r}"
            )
        for text in (name, value):
            if not _TAG.fullmatch(text) and not tokens_in(text):
                raise ConfigurationError(f"tags must be of letters, digits, spaces and _.:/=+@-, got {text!r}")
