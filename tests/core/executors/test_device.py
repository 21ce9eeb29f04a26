import anyio
import pytest

from core.executors.device import Device, find_devices
from core.executors.gauge import visible
from tests.core.executors.pools import echo, silent, toy_pool

pytestmark = pytest.mark.anyio


@pytest.mark.slow
async def test_devices_are_found_and_bounded() -> None:
    """The processor is always there; asked for twice, it has half of the memory each time."""
    pytest.importorskip("torch")
    (whole,) = await find_devices(["cpu"])
    assert whole.name == "cpu"
    assert whole.memory is not None
    assert whole.memory > 100_000_000
    halves = await find_devices(["cpu"], memory=1000, cpus=2)
    assert [device.memory for device in halves] == [500, 500]
    assert await find_devices(["cuda:77"]) == []


async def test_a_pool_opens_when_its_devices_are_known() -> None:
    """Jobs that come before wait for it."""

    async def find() -> list[Device]:
        await anyio.sleep(0.3)
        return [Device(), Device()]

    async with toy_pool(devices=find) as pool:
        assert pool.offers()
        assert pool.status().slots == ()
        with anyio.fail_after(20):
            assert str((await pool.run(echo("hello"), silent))["text"]).startswith("hello")
        assert len(pool.status().slots) == 2


async def test_a_pool_without_devices_offers_nothing() -> None:
    """What cannot run is known before it is asked for."""

    async def find() -> list[Device]:
        return []

    async with toy_pool(devices=find) as pool:
        await pool.ready()
        assert pool.offers() == []


async def test_a_model_that_no_device_has_room_for_is_not_offered() -> None:
    """One device is too small for it, the other one takes it."""
    async with toy_pool(devices=[Device(memory=10)]) as pool:
        assert "toy/heavy" not in {offer.model.id for offer in pool.offers()}
    async with toy_pool(devices=[Device(memory=10), Device(memory=2000)]) as pool:
        assert "toy/heavy" in {offer.model.id for offer in pool.offers()}
        await pool.ready()
        pids = {str((await pool.run(echo(model="toy/heavy"), silent))["text"]).split()[1] for _ in range(3)}
        assert pids == {str(pool.status().slots[1].pid)}


@pytest.mark.parametrize(
    ("device", "seen", "name", "environment"),
    [
        ("cuda:1", None, "cuda", {"CUDA_VISIBLE_DEVICES": "1"}),
        ("cuda:1", "4,6", "cuda", {"CUDA_VISIBLE_DEVICES": "6"}),
        ("cpu", "4,6", "cpu", {"CUDA_VISIBLE_DEVICES": ""}),
        ("mps", None, "mps", {}),
    ],
)
def test_a_child_sees_its_own_device_only(
    device: str, seen: str | None, name: str, environment: dict[str, str]
) -> None:
    """Device numbers count among those that the machine's settings leave visible."""
    assert visible(device, seen) == (name, environment)
