import gc

from core.language.shared import shared


class Heavy:
    pass


def test_one_for_all_until_nobody_holds_it() -> None:
    """Two holders get the same object; when both let go, the next one gets a new one."""
    made: list[int] = []

    @shared
    def heavy() -> Heavy:
        made.append(1)
        return Heavy()

    first, second = heavy(), heavy()
    assert first is second
    del first, second
    gc.collect()
    assert isinstance(heavy(), Heavy)
    assert len(made) == 2
