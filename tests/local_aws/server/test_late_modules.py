import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from local_aws import LocalAws

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import json, os, sys, threading
from local_aws.server import serve
from local_aws.server.late_modules import LATE, is_loaded, when_loaded

def loaded():
    return sorted(name for name in LATE & sys.modules.keys() if is_loaded(sys.modules[name]))

before = loaded()
extended = []
when_loaded("ministack.services.cognito", lambda: extended.append("cognito"))
cognito = sys.modules["ministack.services.cognito"]
seen = []
threads = [threading.Thread(target=lambda: seen.append(callable(cognito._create_user_pool))) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
try:
    cognito._no_such_thing
except AttributeError as error:
    missing = str(error)
state = os.listdir(os.environ["STATE_DIR"])
print(json.dumps([before, sorted(LATE - sys.modules.keys()), seen, loaded(), missing, state, extended]))
"""


def test_what_few_stacks_use_is_loaded_when_it_is_asked_for_and_whole(tmp_path: Path) -> None:
    environment = {"STATE_DIR": str(tmp_path), "AUTH": "true"}

    answer = subprocess.run(  # noqa: S603  # the program above
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    before, unknown, seen, after, missing, state, extended = json.loads(answer.stdout)
    assert before == unknown == []
    assert seen == [True] * 8
    assert after == ["ministack.services.cognito"]
    assert extended == ["cognito"]
    assert missing == "module 'ministack.services.cognito' has no attribute '_no_such_thing'"
    assert "cognito-rsa-key.pem" in state


def test_a_service_that_is_loaded_late_answers_and_writes_into_the_private_folder(aws: LocalAws) -> None:
    session: Any = aws.session()
    client = session.client("cognito-idp")

    client.create_user_pool(PoolName="people")

    assert [each["Name"] for each in client.list_user_pools(MaxResults=9)["UserPools"]] == ["people"]
    assert (aws.ca_bundle.parent.parent / "state" / "cognito-rsa-key.pem").is_file()
