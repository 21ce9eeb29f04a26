"""Experts that make pictures and films."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Outputs, Steer, hosted
from core.errors import BadInput
from core.experts import image_to_image, image_to_video, text_to_image, text_to_video
from core.hosted.expert import HostedExpert
from core.hosted.seeing import photo, seen, sent
from core.media.recipe import Recipe, painted
from core.types import Kind, Media

if TYPE_CHECKING:
    from PIL.Image import Image

    from core.remote.attempts import Ask
    from core.remote.client import Client


@dataclass(frozen=True, slots=True)
class Wish:
    """What a generator is told. None is left to the provider."""

    prompt: str
    negative: str | None
    steps: int | None
    seed: int | None

    def heard(self, client: Client) -> Wish:
        """Return what of it was heard at the other end."""
        return Wish(prompt=self.prompt, negative=None, steps=None, seed=None) if client.plain else self

    def recipe(self, model: str, size: tuple[int, int]) -> Recipe:
        """Return it as it is told in the file that came of it."""
        width, height = size
        return Recipe(
            model=model,
            prompt=self.prompt,
            negative=self.negative or "",
            steps=self.steps,
            seed=self.seed,
            width=width,
            height=height,
        )


def wish(inputs: Inputs, *, prompted: bool = True, drawn: bool = True) -> Wish:
    """Read what is wished; a seed is ``drawn`` where none is named. Raises BadInput where a prompt is missing."""
    prompt, steps, seed = (inputs.get("prompt") or "").strip(), inputs.get("steps"), inputs.get("seed")
    if not prompt and prompted:
        raise BadInput("The prompt is empty. Say in a few words what there is to see.")
    return Wish(
        prompt=prompt,
        negative=(inputs.get("negative_prompt") or "").strip() or None,
        steps=None if steps is None else int(steps),
        seed=int(seed) if seed is not None else secrets.randbelow(2**31) if drawn else None,
    )


class Generator(HostedExpert):
    """Asks for what takes its time."""

    needs: ClassVar[tuple[str, ...]] = (*HostedExpert.needs, "PIL", "av", "cv2")
    patience: ClassVar[float] = 240.0


@hosted(text_to_image.TYPE)
class HostedPainter(Generator):
    """Paints after a description."""

    tasks: ClassVar[tuple[str, ...]] = ("text-to-image",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        told = wish(inputs)
        size: dict[str, Any] = {side: int(inputs[side]) for side in ("width", "height") if inputs.get(side)}
        if len(size) == 1:
            size = dict.fromkeys(("width", "height"), next(iter(size.values())))

        async def ask(client: Client) -> Outputs:
            image = await client.hub.text_to_image(
                told.prompt, negative_prompt=told.negative, num_inference_steps=told.steps, seed=told.seed, **size
            )
            recipe = told.heard(client).recipe(self.model.id, image.size)
            return {"image": _kept(image, recipe), **recipe.seeded()}

        return ask


@hosted(image_to_image.TYPE)
class HostedRepainter(Generator):
    """Changes a picture as a text says."""

    tasks: ClassVar[tuple[str, ...]] = ("image-to-image",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        told, media = wish(inputs, drawn=False), inputs["image"]
        data = sent(photo(seen(media).image))
        more = {name: inputs[name] for name in ("strength", "seed") if inputs.get(name) is not None}

        async def ask(client: Client) -> Outputs:
            from core.media.images import named

            image = await client.hub.image_to_image(data, told.prompt, num_inference_steps=told.steps, **more)
            recipe = told.heard(client).recipe(self.model.id, image.size)
            return {"image": replace(_kept(image, recipe), name=named(media.name, ".png", "edited"))}

        return ask


@hosted(text_to_video.TYPE)
class HostedFilmer(Generator):
    """Films a description."""

    tasks: ClassVar[tuple[str, ...]] = ("text-to-video",)
    patience: ClassVar[float] = 600.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        told = wish(inputs)
        negative = [told.negative] if told.negative else None

        async def ask(client: Client) -> Outputs:
            data = await client.hub.text_to_video(
                told.prompt, negative_prompt=negative, num_inference_steps=told.steps, seed=told.seed
            )
            recipe = told.recipe(self.model.id, (0, 0))
            return {"video": film(data, recipe.named("film")), **recipe.seeded()}

        return ask


@hosted(image_to_video.TYPE)
class HostedAnimator(Generator):
    """Brings a picture to life."""

    tasks: ClassVar[tuple[str, ...]] = ("image-to-video",)
    patience: ClassVar[float] = 600.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        told = wish(inputs, prompted=False)
        data = sent(photo(seen(inputs["image"]).image))

        async def ask(client: Client) -> Outputs:
            found = await client.hub.image_to_video(
                data,
                prompt=told.prompt or None,
                negative_prompt=told.negative,
                num_inference_steps=told.steps,
                seed=told.seed,
            )
            recipe = told.recipe(self.model.id, (0, 0))
            return {"video": film(found, recipe.named("film")), **recipe.seeded()}

        return ask


def _kept(image: Image, recipe: Recipe) -> Media:
    """Decode a picture that came from outside, and return it as ours. Raises whatever its decoder raises."""
    from core.media.images import on_white, within

    within(image, "The picture")
    image.load()
    return painted(on_white(image), recipe)


def film(data: bytes, name: str) -> Media:
    """Return a film that came from outside. Raises BadInput where it is none that can be played."""
    from core.media.sniff import sniff
    from core.media.streams import opened_av, picture_stream

    form = sniff(data, "The film")
    media = Media(data=data, kind=Kind.VIDEO, mime=form.mime, name=f"{name}{form.endings[0]}")
    with opened_av(media) as container:
        stream = picture_stream(container)
        first: Any = next(container.decode(stream), None) if stream is not None else None
    if first is None:
        raise BadInput("The film holds no moving pictures.")
    return media
