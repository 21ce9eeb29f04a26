import pytest

from core.contract import Take, TaskType
from core.registry import Registry
from core.types import Kind

CONTROLS = ("canny", "hed", "mlsd", "openpose", "normal", "scribble", "depth", "seg")
CONTROLLED = "image prompt negative_prompt? steps? seed?"
SIGNATURES = {
    "image-classification": "image -> label:text scores:table",
    "object-detection": "image threshold? -> objects:table image:image",
    "image-segmentation": "image -> image:image segments:table",
    "image-to-image": "image prompt strength? steps? seed? -> image:image",
    "text-to-image": "prompt negative_prompt? width? height? steps? seed? -> image:image seed:number",
    "visual-question-answering": "image question -> answer:text scores:table",
    "depth-estimation": "image -> image:image",
    "zero-shot-image-classification": "image labels* -> label:text scores:table",
    "zero-shot-object-detection": "image labels* threshold? -> objects:table image:image",
    "text-overlay": "image text position? color? -> image:image",
    "audio-to-audio": "audio -> audio:audio",
    "audio-classification": "audio labels*? -> label:text scores:table",
    "text-to-video": "prompt negative_prompt? steps? seed? -> video:video seed:number",
    "image-to-video": "image prompt? negative_prompt? steps? seed? -> video:video seed:number",
    "video-classification": "video -> label:text scores:table",
    "file-information": "file -> text:text facts:table",
    "audio-conversion": "audio format? -> audio:audio",
    "video-conversion": "video audio? format? -> video:video",
    "media-probe": "file pixels seconds pages chars -> kind:text facts:table",
    **{f"{name}-control": "image -> image:image" for name in CONTROLS},
    **{
        f"{name}-text-to-image": "image prompt negative_prompt? steps? seed? -> image:image seed:number"
        for name in CONTROLS
    },
}


@pytest.fixture(scope="module")
def types() -> dict[str, TaskType]:
    """Return the declared types by name."""
    return dict(Registry.discover().types)


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(types: dict[str, TaskType], name: str) -> None:
    """Planners, plans that are stored and other places rely on these names: they do not change unnoticed."""
    declared = types[name]
    takes = " ".join(_written(take) for take in declared.takes)
    gives = " ".join(f"{give.name}:{give.kind}" for give in declared.gives)
    assert f"{takes} -> {gives}" == SIGNATURES[name]


@pytest.mark.parametrize("name", SIGNATURES)
def test_people_can_read_them(types: dict[str, TaskType], name: str) -> None:
    """Each has one sentence for planners and two requests or more in a person's words."""
    declared = types[name]
    assert declared.summary.endswith(".")
    assert "\n" not in declared.summary
    assert declared.internal or 2 <= len(declared.examples) <= 4


def test_sound_may_come_from_a_video(types: dict[str, TaskType]) -> None:
    """Whatever takes a recording takes the sound track of a film as well."""
    for name in ("audio-to-audio", "audio-classification", "audio-conversion"):
        sound = types[name].take("audio")
        assert sound is not None
        assert set(sound.kinds) == {Kind.AUDIO, Kind.VIDEO}


def _written(take: Take) -> str:
    return take.name + ("*" if take.many else "") + ("" if take.required else "?")
