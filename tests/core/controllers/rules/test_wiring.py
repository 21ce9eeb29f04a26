from __future__ import annotations

import pytest

from core.controllers.rules.plan import plan
from core.ports import Draft
from tests.core.controllers.briefs import MakeBrief

Step = tuple[str, dict[str, object]]
A = "<attachment-0>"


def steps(brief: MakeBrief, text: str, *files: str) -> list[Step]:
    """Return what is planned where everything can be run."""
    pieces = plan(brief(text, *files, everything=True))
    return [(piece.type, dict(piece.args)) for piece in pieces if isinstance(piece, Draft)]


@pytest.mark.parametrize(
    "text",
    [
        "Segment this picture. This will divide it into regions.",
        "I need help with segmentation of my photo. Please divide it into segments.",
        "Segment the objects in the picture and give me the segmentation.",
        "Segment the picture so that I can identify individual things.",
        "Segment this picture and save it as a segmentation map.",
    ],
)
def test_what_is_wished_for_twice_is_done_once(brief: MakeBrief, text: str) -> None:
    """A wish in other words is the same wish: nothing is segmented again that is segmented already."""
    assert steps(brief, text, "a.jpg") == [("image-segmentation", {"image": A})]


@pytest.mark.parametrize("called", ["speech", "audio", "enhanced speech"])
def test_what_takes_a_new_form_keeps_its_name(brief: MakeBrief, called: str) -> None:
    """Speech that was cleaned is still "the speech", and it is the cleaned one that is meant."""
    found = steps(brief, f"Convert 'good morning' into speech, enhance its quality, then transcribe the {called}.")
    assert found == [
        ("text-to-speech", {"text": "good morning"}),
        ("audio-to-audio", {"audio": "<resource-0>"}),
        ("automatic-speech-recognition", {"audio": "<resource-1>"}),
    ]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Classify the emotion of the speaker.", "audio-classification"),
        ("I want to understand the emotion expressed in it.", "audio-classification"),
        ("Transcribe it and tell me the emotion of the text.", "text-classification"),
        ("Transcribe it, say that aloud and classify its emotion.", "audio-classification"),
    ],
)
def test_a_mood_is_heard_where_there_is_only_sound(brief: MakeBrief, text: str, type_: str) -> None:
    """What a voice feels is told from the voice, and what a transcript feels from its words."""
    assert steps(brief, text, "a.wav")[-1][0] == type_


@pytest.mark.parametrize(
    "text",
    [
        "I have a question: 'What is the main colour?'. Make this picture blue, then answer my question.",
        "Make this picture blue. Then I have a question: 'What is the main colour?'",
    ],
)
def test_a_question_is_asked_where_it_is_told(brief: MakeBrief, text: str) -> None:
    """A question told after an edit is about the edited picture."""
    assert steps(brief, text, "a.jpg")[-1] == (
        "visual-question-answering",
        {"image": "<resource-0>", "question": "What is the main colour?"},
    )


@pytest.mark.parametrize(
    "wish", ["edit the transformed picture", "modify it accordingly", "it should be edited based on the description"]
)
def test_an_edit_without_words_of_its_own_takes_those_that_were_told(brief: MakeBrief, wish: str) -> None:
    """What shall be changed stands in the description, wherever that was told."""
    found = steps(brief, f"I have a picture and a description: 'A red ball on grass'. Then {wish}.", "a.jpg")
    assert found == [("image-to-image", {"image": A, "prompt": "A red ball on grass"})]


@pytest.mark.parametrize("verb", ["visualizes", "illustrates", "depicts"])
def test_what_a_film_shows_is_not_drawn_besides(brief: MakeBrief, verb: str) -> None:
    """The verb that tells what a film is about wishes for no picture."""
    assert [type_ for type_, _ in steps(brief, f"Create a video that {verb} 'a day at sea'.")] == ["text-to-video"]


@pytest.mark.parametrize("named", ["the answer", "the main topic", "that topic"])
def test_a_picture_of_an_answer_is_drawn_from_it(brief: MakeBrief, named: str) -> None:
    """What was asked before and is spoken of now is drawn as it was answered."""
    found = steps(brief, f"What is the main topic of this document? Then draw a picture of {named}.", "a.pdf")
    assert found[-1] == ("text-to-image", {"prompt": "<resource-0>"})


@pytest.mark.parametrize("named", ["my reference text", "the reference text", "the original text"])
def test_a_result_is_compared_with_the_text_that_is_named(brief: MakeBrief, named: str) -> None:
    """One side of the comparison is the text that was told, the other the newest result."""
    told = "I have a reference text 'How are you?'. It is my original text. Extract the text of this picture"
    found = steps(brief, f"{told}, generate a conversational response, then compare it with {named}.", "a.jpg")
    assert found[-1] == ("sentence-similarity", {"text": "<resource-1>", "sentences": ["How are you?"]})


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("I have a picture of a table that I need to classify.", "tabular-classification"),
        ("Classify the picture into a table format.", "tabular-classification"),
        ("Classify the picture.", "image-classification"),
        ("I want to know its class.", "image-classification"),
    ],
)
def test_tables_are_classified_as_tables(brief: MakeBrief, text: str, type_: str) -> None:
    """A picture is classified as what it is said to show."""
    assert [found for found, _ in steps(brief, text, "a.jpg")] == [type_]


@pytest.mark.parametrize("named", ["the second one", "b.jpg", "the table"])
def test_one_of_several_is_meant_by_what_was_told_of_it(brief: MakeBrief, named: str) -> None:
    """A picture is meant by its place, its name, or what the message says it shows."""
    text = f"I have a photo a.jpg. I also have a table in b.jpg. Classify {named}."
    assert [args for _, args in steps(brief, text, "a.jpg", "b.jpg")] in (
        [{"image": "<attachment-1>"}],
        [{"table": "<attachment-1>"}],
    )


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Read the names in the picture, tag the entities, then say the result aloud.", "<resource-1>"),
        ("Read the names in the picture, tag the entities, then say the text aloud.", "<resource-0>"),
    ],
)
def test_the_result_is_the_newest(brief: MakeBrief, text: str, last: str) -> None:
    """By "the result" is meant what the step before found, by "the text" what was read."""
    assert steps(brief, text, "a.jpg")[-1] == ("text-to-speech", {"text": last})


@pytest.mark.parametrize("wish", ["Change the background to blue", "Make it look like a painting"])
@pytest.mark.parametrize("called", ["the new image", "the generated picture", "the edited photo"])
def test_a_picture_that_there_is_is_not_drawn(brief: MakeBrief, wish: str, called: str) -> None:
    """By "the new picture" is meant the one that the step before made."""
    found = steps(brief, f"{wish} and detect the objects in {called}.", "a.jpg")
    assert [type_ for type_, _ in found] == ["image-to-image", "object-detection"]
    assert found[1][1] == {"image": "<resource-0>"}


@pytest.mark.parametrize(
    "said", ["generate a natural-sounding audio response", "give me the answer in an audio format"]
)
def test_an_answer_is_said_and_not_what_it_is_called(brief: MakeBrief, said: str) -> None:
    """What is spoken is the answer itself."""
    found = steps(brief, f"What is the total on this invoice? Then {said}.", "a.pdf")
    assert [type_ for type_, _ in found] == ["document-question-answering", "text-to-speech"]
    assert found[1][1] == {"text": "<resource-0>"}


@pytest.mark.parametrize("wish", ["Draw it.", "Generate a picture based on this description."])
def test_a_picture_of_what_a_file_says_is_drawn_from_its_words(brief: MakeBrief, wish: str) -> None:
    """What only points to a recording is heard first."""
    assert steps(brief, f"I have a recording that describes a scene. {wish}", "a.wav") == [
        ("automatic-speech-recognition", {"audio": A}),
        ("text-to-image", {"prompt": "<resource-0>"}),
    ]


@pytest.mark.parametrize(
    ("text", "files", "task"),
    [
        ("Find out how similar 'A dog' and 'A puppy' are.", (), "sentence-similarity"),
        ("I want to find the emotion expressed in this voice recording.", ("a.wav",), "audio-classification"),
        ("What's said in the 2nd recording?", ("a.wav", "b.wav"), "automatic-speech-recognition"),
    ],
)
def test_one_wish_is_one_task(brief: MakeBrief, text: str, files: tuple[str, ...], task: str) -> None:
    """Neither the end of a sentence nor a participle nor a number makes a second wish."""
    assert [type_ for type_, _ in steps(brief, text, *files)] == [task]


@pytest.mark.parametrize("text", ["What does the file say?", "What does this say?", "What is written in there?"])
def test_what_a_text_says_is_told_in_short(brief: MakeBrief, text: str) -> None:
    """Nothing has to be read off a file of text, so nobody is asked for a picture."""
    assert steps(brief, text, "a.txt") == [("summarization", {"text": A})]
    assert steps(brief, text, "a.png")[0][0] != "summarization"
