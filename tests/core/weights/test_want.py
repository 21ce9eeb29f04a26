"""What a model consists of."""

import pytest

from core.contract import Model
from core.weights.want import wants


@pytest.mark.parametrize("pickled", [True, False])
def test_pickles_of_parts(pickled: bool) -> None:
    """Whoever lets a model's pickles in lets in those of its vocoder, too: SpeechT5 has both; nobody else does."""
    model = Model(id="org/speech", parts={"vocoder": "org/vocoder", "itself": "org/speech"}, pickled=pickled)
    assert [(want.id, want.pickled) for want in wants(model)] == [("org/vocoder", pickled), ("org/speech", pickled)]
