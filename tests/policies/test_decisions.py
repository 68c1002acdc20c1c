"""What was meant for each class of callers is what an independent IAM engine decides under the rendered policies."""

from collections.abc import Callable

import pytest

from constructs_lib.actions import SYMMETRIC_KEY
from tests.policies.scenes import SCENES
from tests.support.intent import EVERY_ACTION, Row, decisions, read_table
from tests.support.askers import everybody_else
from tests.support.policy_judge import KmsKey
from tests.support.scene import PlayedScene, Scene
