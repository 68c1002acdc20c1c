from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from envelope.keys.kms_clients import ClientOfRegion, KmsClient
from tests.support.fake_kms import FakeKms


def test_a_client_is_made_when_it_is_asked_for_and_once() -> None:
    made: list[str] = []

    def make(region: str) -> KmsClient:
        made.append(region)
        return FakeKms()

    clients = ClientOfRegion(make)
    assert made == []

    assert clients("eu-central-1") is clients("eu-central-1")
    assert clients("us-west-2") is not clients("eu-central-1")
    assert made == ["eu-central-1", "us-west-2"]


def test_threads_that_ask_at_once_get_one_client() -> None:
    made: list[FakeKms] = []
    barrier = Barrier(4)

    def make(region: str) -> KmsClient:
        made.append(FakeKms()(region))
        return made[-1]

    clients = ClientOfRegion(make)

    def ask(_: int) -> KmsClient:
        barrier.wait()
        return clients("eu-central-1")

    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(ask, range(4)))

    assert given == made * 4
