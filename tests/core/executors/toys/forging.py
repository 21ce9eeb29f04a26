"""forge: what a child could do that was taken over by the file it opened."""

import json
import os
import pickle
import socket
import stat
import time
from collections.abc import Iterator

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="forge",
    summary="Write to the bot behind the worker's back.",
    takes=(Take(name="how", kinds=(Kind.TEXT,)),),
    gives=(Give(name="text", kind=Kind.TEXT),),
)


class _Bomb:
    """Unpickled, it leaves a file behind."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return (open, ("/tmp/jarvis-was-here", "w"))  # noqa: S108 - must not come to be


def _lines() -> Iterator[socket.socket]:
    """Yield this process's sockets: one of them leads to the bot."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are numbers here
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue


def _file(data: bytes) -> int:
    file = os.memfd_create("forged")
    os.write(file, data)
    return file


def _over(*answers: object) -> bytes:
    return json.dumps([{"op": "over", "loaded": [], "all": [[one, 0] for one in answers]}, []]).encode()


def _letter(how: str, job: int) -> tuple[bytes, list[int]]:  # noqa: C901, PLR0912 - one case each
    answer: dict[str, object] = {"op": "done", "id": job, "outputs": "{}"}
    match how:
        case "pickle":
            return pickle.dumps(_Bomb()), []
        case "no letter":
            return b"[[1, 2", []
        case "no answer":
            return _over({**answer, "op": "format"}), []
        case "another job's answer":
            return _over({**answer, "id": job + 1}), []
        case "wrong fields":
            return json.dumps([{"op": "progress", "id": job, "fraction": "half"}, []]).encode(), []
        case "an early end":
            return _over(), []
        case "bytes that are not there":
            outputs = json.dumps({"text": {"media": [7, "image", "image/png", "../../x"]}})
            return json.dumps([{"op": "part", "all": [[{**answer, "outputs": outputs}, 0]]}, []]).encode(), []
        case "more bytes than there are":
            return json.dumps([{"op": "over", "loaded": [], "all": [[answer, 3]]}, []]).encode(), []
        case "the same answer twice":
            return _over(answer, answer), []
        case "deep":
            return b"[" * 30_000, []
        case "a pipe":
            return b"10", [os.pipe()[0]]
        case "a short file":
            return b"1000", [_file(b"[]")]
        case "sizes that lie":
            text = json.dumps([answer, [1 << 40]]).encode()
            return b"%d" % len(text), [_file(text)]
        case "negative sizes":
            text = json.dumps([answer, [-5, 5]]).encode()
            return b"%d" % len(text), [_file(text)]
        case "many files":
            return b"2", [_file(b"[]") for _ in range(50)]
        case _:
            raise ValueError(how)


@expert(TYPE, Model(id="toy/forger"))
class Forger(Expert):
    """Sends the bot a letter of its own."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        packet, files = _letter(inputs["how"], vars(steer)["_job"])
        for line in _lines():
            socket.send_fds(line, [packet], files)
        time.sleep(60)
        return {"text": "done"}
