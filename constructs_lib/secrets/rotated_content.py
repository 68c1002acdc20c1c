"""Rotated content: what a rotation function draws must be what its secrets hold."""

from typing import TYPE_CHECKING, cast

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.generated import Generated

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from constructs_lib.secrets.secret_content import Content

_CONTENT = "_cdk_key_management_rotated_content"


def remember_content(function: "lambda_.Function", content: "Content", *, beside: tuple[str, ...] = ()) -> None:
    """Have a function know what it draws, for the secrets that it will rotate.

    Args:
        function: Of a `RotationFunction`.
        content: What it was told.
        beside: Fields that it reads beside the drawn one. Default: none.
    """
    vars(function)[_CONTENT] = (content, beside)


def check_rotated_content(content: "Content", function: "lambda_.IFunction") -> None:
    """Refuse a secret that the function would fail to rotate, or of which it would overwrite another field.

    A new value may be drawn otherwise than the first one: only text or JSON and the fields are compared.

    Args:
        content: What the secret holds.
        function: What rotates it. Of one that is not of a `RotationFunction` nobody knows what it draws.

    Raises:
        ConfigurationError: If one is a text and the other JSON, or the drawn fields differ.
    """
    # An alias has the function behind it.
    remembered = getattr(getattr(function, "lambda_", function), _CONTENT, None)
    if remembered is None:
        return
    drawn, beside = cast("tuple[Content, tuple[str, ...]]", remembered)
    wanted = drawn.field_names or ()
    if isinstance(drawn, Generated):
        wanted = () if drawn.generated_field is None else (*beside, drawn.generated_field)
    is_text = drawn.field_names is None
    own = content.generated_field if isinstance(content, Generated) else None
    is_other = isinstance(drawn, Generated) and own is not None and own not in wanted
    missing = set(wanted) - set(content.field_names or ())
    if is_text is not (content.field_names is None) or missing or is_other:
        raise ConfigurationError(
            f"content must be what the RotationFunction {function.node.path} makes, {_said(is_text, wanted)}, got "
            f"{_said(content.field_names is None, content.field_names or (), own)}"
        )


def _said(is_text: bool, fields: tuple[str, ...], drawn: str | None = None) -> str:  # noqa: FBT001  # of this module
    if is_text:
        return "a text"
    return f"JSON with {', '.join(fields)}" + (f", of which {drawn} is drawn" if drawn else "")
