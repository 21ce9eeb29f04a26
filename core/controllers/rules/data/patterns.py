"""What wordings ask for which task type. Data only.

A pattern is a row of concepts (capitals, see :mod:`core.controllers.rules.data.words`) or plain words that must come in
this order within one clause:

- ``A B``    at most four other words between, none of them a preposition
- ``A > B``  as above, and no "the", "this", "my" between: something new is wanted
- ``A .. B`` anything between
- ``A + B``  next to each other
- ``A/B``    one or the other
- ``!A``     nowhere in the clause
- ``=A``     nothing else in the clause
- ``^A``     at the clause's start (after words of politeness)
- ``*...``   surely: wins over longer ones
- ``~...``   weak: a noun or participle, which as often names the result of an earlier step

Longer patterns win over shorter ones. A name starting with ``@`` stands for several task types; the kind of what it
is applied to decides (:mod:`core.controllers.rules.choose`).
"""

from __future__ import annotations

LANGUAGE: dict[str, str] = {
    "text-classification": """
        SENTIMENT !AUDIO !STYLE | =POLAR | THAT/WH .. POLAR !AUDIO !STYLE | SAY QUOTE .. POLAR | ^AUX PERSON .. LIKING
        | CLASSIFY/ANALYSE/TELL/DETECT/FIND/ESTIMATE .. SENTIMENT !AUDIO | WH .. SENTIMENT !AUDIO
        | ^AUX .. POLAR | POLAR + or + POLAR | ANALYSE/TELL .. POLAR | sound/sounds .. POLAR
        | text + classification | CLASSIFY + TEXTY !TABLE | SENTIMENT + analysis | ^AUX .. POLAR .. or .. POLAR
        | WH .. author .. SENTIMENT | ^how + POLAR | TELL/FIND/THAT .. PERSON .. LIKING
        | ^how .. PERSON .. feel/feels | call/consider/find/regard .. POLAR""",
    "token-classification": """
        FIND/EXTRACT/CLASSIFY/DETECT/ANALYSE/TELL/RECOGNISE/GENERATE/WANT .. ENTITIES | ~ENTITIES
        | token + classification | FIND/EXTRACT/DETECT/RECOGNISE NAMED
        | ANALYSE .. QUOTE !SENTIMENT !POLAR !IMAGE !AUDIO !DOC
        | FIND/EXTRACT/DETECT/RECOGNISE .. NAMED + mentioned | ~NAMED + mentioned
        | FIND/EXTRACT/DETECT .. names/dates/locations/organizations/organisations/individuals""",
    "summarization": """
        SUMMARISE | TELL/DESCRIBE/WRITE/explain/outline .. BRIEFLY | sum .. up | boil .. down | ~SUMMARY
        | GENERATE/WANT/TELL/EXTRACT/FIND/WRITE/WH .. SUMMARY | make .. shorter | cut .. down
        | REDUCE .. TO !IMAGE !EDGES | WANT/TELL/DESCRIBE/GENERATE .. in + NUMBER + sentences/lines/points
        | ^WH AUX IT TEXTY about
        | ~short/shorter/brief/concise/condensed/summarized version/form/overview/text/one | ^in + short
        | ^WH + AUX + IT + about | ^WHAT + IT + about | make .. short/brief/concise""",
    "translation": """
        TRANSLATE | ~TRANSLATION | CONVERT .. TO + LANG | SAY .. TO + LANG | ~TO + LANG | how .. SAY .. LANG
        | WANT .. IT .. in/into + LANG | WH .. SAY .. QUOTE .. LANG
        | WRITE/READ/ANSWER/DESCRIBE/SUMMARISE .. TO + LANG | ~LANG version/SPEECH""",
    "conversational": "GENERATE/WANT/WRITE CONVERSE | CHAT with/about/on | ~CONVERSE | ^CHAT | CONVERSE",
    "text-generation": """
        GENERATE/WRITE > STORY | WRITE .. STORY | continue/complete/finish .. TEXTY
        | WANT .. completed/finished + version | TEXTY/IT .. be + completed/continued/finished | fill + in
        | text + generation | GENERATE/WRITE > QUESTION | TELL/WANT > story/poem/joke/haiku/script
        | ~WANT > STORY !IMAGE !AUDIO !DOC | ^WRITE > TEXTY | GENERATE > TEXTY !AUDIO
        | WANT .. TEXT/TEXTY .. generated | GENERATE .. new/creative/related TEXTY""",
    "text2text-generation": """
        PARAPHRASE | correct/fix .. grammar/spelling/typos | ~paraphrase
        | make .. formal/polite/informal/friendlier | GENERATE/WRITE .. paraphrase
        | GENERATE/WRITE/WANT NEWIMAGE FROM .. TEXTY/QUOTE/CONVERSE/ANSWERS/SUMMARY""",
    "sentence-similarity": """
        SIMILARITY | COMPARE .. SIMILARITY | COMPARE .. with/to/and/against/between | COMPARE .. TEXTY/QUOTE
        | ANALYSE/ESTIMATE/TELL/FIND/WANT/GENERATE .. SIMILARITY | ~SIMILARITY | COMPARE""",
    "tabular-classification": """
        CLASSIFY/ANALYSE .. TABLE | CLASSIFY .. IMAGE/IT .. TABLE | tabular + classification
        | TELL .. class/category .. TABLE
        | ~classified TABLE | ~classification .. TABLE""",
    "zero-shot-classification": "CLASSIFY .. TEXTY/QUOTE .. LABELS | AUX .. about .. LABELS | WH .. topic .. LABELS",
}

PICTURES: dict[str, str] = {
    "image-classification": """
        CLASSIFY .. IMAGE | CLASSIFY .. OBJECTS !AUDIO | WH/TELL/ESTIMATE/FIND .. CATEGORY .. IMAGE
        | image_classification | ~CATEGORY + of/for .. IMAGE | WH CATEGORY .. belong/belongs
        | TELL/FIND .. CATEGORY .. belongs | identify/recognize/recognise .. object .. FROM .. IMAGE""",
    "object-detection": """
        DETECT/FIND/EXTRACT/LIST/DESCRIBE .. OBJECTS | TELL .. OBJECTS !COLOUR
        | object_detection | ~detected/identified OBJECTS | ~OBJECTS present !DEPTH
        | what/which objects/items/animals/things | ADD/DRAW .. boxes/bounding_boxes
        | WANT .. bounding_boxes | GENERATE .. IMAGE .. bounding_boxes
        | DETECT .. faces/people/cars/animals/persons .. FROM .. IMAGE""",
    "image-segmentation": """
        SEGMENT .. IMAGE/OBJECTS/IT | segment | segmentation | ~SEGMENTS | DO/GENERATE/ESTIMATE/WANT .. SEGMENTS
        | SEGMENT .. TO .. segments/regions/parts | EXTRACT object FROM | cut_out | mask .. OBJECTS
        | ~segmented IMAGE""",
    "image-to-text": """
        OCR | =TEXT | AUX .. TEXT + FROM .. IMAGE/DOC !POLAR | WANT .. TEXT + version/copy | type .. up/out
        | EXTRACT .. TEXT !AUDIO | FIND + TEXT | ~TEXT + FROM .. IMAGE/DOC/IT !QUOTE !AUDIO
        | ~TEXT + FROM + FILE | RECOGNISE .. TEXT/DOC/IMAGE !AUDIO | CONVERT .. IMAGE/DOC .. TO .. TEXT
        | WHAT .. WRITTEN !QUOTE | WHAT .. TEXT .. FROM | WHAT .. TEXT .. here | ~WANT TEXT !AUDIO !QUOTE
        | WANT .. TO TEXT !AUDIO | ~DOC/IMAGE TO TEXT | RECOGNISE .. WH | GENERATE/WANT > CAPTION !QUOTE
        | ~CAPTION + FROM .. IMAGE/DOC | ~CAPTION !QUOTE | GENERATE .. CAPTION !QUOTE | TELL .. WRITTEN
        | WANT/TELL .. TEXT .. FROM .. IMAGE/DOC !QUOTE | WANT .. TEXT .. TO + TEXT | image + captioning
        | DESCRIBE .. IMAGE | TELL .. CAPTION | WRITTEN + FROM .. IT/IMAGE/DOC !QUOTE
        | make .. searchable/copyable | CONVERT .. DOC .. TO .. plain | GENERATE > TEXT .. FROM .. IMAGE
        | ANALYSE/UNDERSTAND .. content .. IMAGE | RECOGNISE IT | ~IMAGE + TO + TEXT
        | EXTRACT .. information .. IMAGE/DOC | WHAT .. IMAGE/DOC + says/say | TELL .. TEXT .. here""",
    "@read": "READ | READ .. TEXT",
    "@classify": "CLASSIFY | CLASSIFY .. IT | TELL .. its + CATEGORY",
    "@describe": """
        DESCRIBE | *^WHAT + in + IT/IMAGE/DOC/TEXTY | *^WHAT + in + DEF + IMAGE/DOC/TEXTY
        | WH .. AUX .. in/on/shown .. IMAGE/VIDEO | WH .. you see
        | WH .. IMAGE .. show/shows/about/depict/depicts | WH + see | TELL .. about .. IMAGE
        | TELL .. WH .. in/on .. IMAGE | TELL .. see | WH AUX IT IMAGE | ANALYSE .. IMAGE""",
    "@detail": """
        *DESCRIBE .. DETAIL | *TELL .. everything .. IMAGE/IT | WANT/GENERATE .. detailed_description
        | WANT .. every_detail""",
    "image-to-image": """
        EDIT .. IMAGE | IMAGE .. be + EDIT/CHANGE | WANT .. be + CHANGE | be + EDIT | ^EDIT .. FROM/TO
        | CHANGE .. IMAGE .. COLOUR/BACKGROUND/style/domain/look/match/COLOURNAME
        | CHANGE/EDIT .. COLOUR/BACKGROUND | STYLE | negative + FROM .. IMAGE/IT | BLUR | ROTATE | CROP | RESIZE
        | LIGHT | ~edited/modified/transformed IMAGE
        | CONVERT/CHANGE .. IMAGE .. TO .. style/version/domain/STYLE | GENERATE > NEWIMAGE IMAGE
        | COLOUR .. changed | ROTATE .. DEGREES | turn DEGREES | turn .. left/right/upside_down/DEGREES
        | REMOVE/invert .. COLOUR/BACKGROUND | make .. look .. like | make .. look | CHANGE/make .. COLOURNAME
        | ~STYLE version/effect/look/filter | ADD .. filter/effect/border/lighting
        | transform/modify/adapt .. IMAGE | image-to-image | image + editing | CHANGE .. from .. to
        | TURN .. TO .. STYLE | make .. STYLE | WANT .. STYLE | RESIZE .. SIZE | ~half SIZE
        | ~top/bottom/left/right/upper/lower + half | EDIT .. IT
        | transform/CONVERT/make .. IT .. look/style/domain | EDIT .. according_to | highlight .. IMAGE
        | make .. bigger/smaller/larger/square/round/warmer/colder | LIGHT .. IMAGE | GENERATE > STYLE version
        | make .. STYLE version | GENERATE .. STYLE .. of/from .. IMAGE/IT | ADD/REMOVE NOUN to/from .. IMAGE/IT
        | CONVERT .. IMAGE .. TO .. NOUN/IMAGE | IMAGE + COLOURNAME !AUX !WH !FIND !DETECT !DRAW""",
    "text-to-image": """
        GENERATE > IMAGE | GENERATE IMAGE FROM | DRAW | sketch/doodle + me | ^WANT/like IMAGE + of | visualise/visualize
        | ~WANT NEW > IMAGE + of/showing/depicting/with | ~generated/new/created IMAGE
        | CONVERT .. TEXTY/IT .. TO > IMAGE | text-to-image | ~IMAGE + of + a/an
        | WANT > IMAGE .. generated/created | WANT > visual_representation/illustration | ~illustration
        | GENERATE .. visual_representation/illustration | GENERATE > IMAGE + FROM""",
    "visual-question-answering": "visual + question",
    "document-question-answering": "document + question",
    "@ask": """
        ANSWER | FIND/TELL/GENERATE/GET/WANT .. ANSWERS | ^WH | ^AUX | ~ANSWERS | TELL .. WH | TELL .. THAT
        | ask .. QUESTION | ask .. about | FIND .. WH | QUESTION .. answered | TELL/FIND .. FROM .. DOC
        | ^FACT FROM | TELL/FIND/WANT/GET/ESTIMATE FACT | TELL/FIND/WANT/GET .. FACT .. FROM
        | *WH .. say/says + about | search .. for | look_up | look_for | TELL .. DOC | find .. DOC
        | TELL .. FROM .. IMAGE | *^WH + COLOUR .. AUX | *TELL + WH + COLOUR | *^where + AUX .. IMAGE
        | *^WH .. AUX .. wearing/holding/doing/riding/eating/carrying !DETAIL""",
    "depth-estimation": """
        DEPTH | ESTIMATE/GENERATE/WANT/TELL/FIND/WH .. DEPTH | WANT .. IMAGE + with + DEPTH | ~DEPTH | how far""",
    "zero-shot-image-classification": "^AUX .. LABELS !POLAR | TELL/WH/CLASSIFY .. LABELS !POLAR",
    "zero-shot-object-detection": "FIND/DETECT PLURAL FROM .. IMAGE",
    "text-overlay": """
        ADD .. QUOTE | ADD .. text/words/caption/title/label/watermark/heading/headline
        | ADD .. over/across/onto | ~words/text/caption + QUOTE .. FROM .. IMAGE | text + overlay | *meme
        | IMAGE .. SAY/says QUOTE | QUOTE + written/printed | ^IT .. SAY/says QUOTE | ADD .. SHOUT
        | label/sign .. with + QUOTE | put/place/stick/print .. on/onto .. IMAGE
        | label/caption/title/mark/tag .. IMAGE/IT/DEF .. QUOTE | TEXTY .. on/onto/over/across IMAGE .. QUOTE
        | *caption .. QUOTE | watermark | ADD .. QUOTE .. FROM/TO/across/onto/over .. IMAGE/IT
        | ADD .. SHOUT .. FROM/TO/across/onto/over .. IMAGE/IT | GENERATE > meme | print .. onto
        | WRITE .. on/across/over .. IMAGE/IT | WRITE .. QUOTE .. on/over
        | words/word/text/title/caption + QUOTE .. on/over/across/onto .. IMAGE/IT
        | ~QUOTE .. on/onto/over/across .. IMAGE/IT | WANT .. caption/title QUOTE
        | WANT .. QUOTE .. on/over/across/onto .. IMAGE/IT | FROM .. IMAGE .. WRITE .. TEXTY/QUOTE/SHOUT
        | ADD .. QUOTE .. at""",
    "@count": "*HOWMANY | *HOWMANY .. IMAGE | ^COUNT | COUNT .. NOUN/PLURAL/OBJECTS",
}

SOUND: dict[str, str] = {
    "automatic-speech-recognition": """
        TRANSCRIBE .. AUDIO/SPEECH/VIDEO | CONVERT .. AUDIO/SPEECH/VIDEO .. TO .. TEXT | ASRTASK
        | WH .. AUX .. said | WH .. HEAR | RECOGNISE .. SPEECH | EXTRACT .. TEXT .. FROM .. AUDIO/SPEECH/VIDEO
        | CONVERT .. back .. TO .. TEXT | WRITE .. down .. said | ~AUDIO/SPEECH + TO + TEXT | subtitles/subtitle
        | TELL .. said | WH .. said | WH .. PERSON .. SAY | WHAT .. WRITTEN .. AUDIO
        | TRANSCRIBE .. back | listen/listen_to .. AUDIO
        | EXTRACT/CONVERT/WRITE .. spoken + content/words/part
        | FIND/TELL/ANALYSE .. TEXT + FROM .. AUDIO | WH .. talking | WH AUX .. saying""",
    "@transcribe": "TRANSCRIBE | CONVERT .. TO TEXT | ~TRANSCRIPT | GENERATE/WANT > TRANSCRIPT",
    "text-to-speech": """
        ^SAY | SAY !AUDIO | SAY .. ALOUD | PRONOUNCE | READ .. ALOUD | READ .. to/for .. ME | READ + ME | HEAR !AUDIO
        | HEAR .. TEXT/TEXTY/TRANSLATION/SUMMARY/ANSWERS
        | HEAR .. DOC/IMAGE/QUOTE/IT | CONVERT .. TO .. SPEECH | GENERATE > SPEECH | GENERATE SPEECH FROM
        | SPEECHTASK | ~WANT > SPEECH | ~ALOUD | ~as/in + SPEECH | ~TO + SPEECH
        | ANSWERS .. as/in .. SPEECH | read .. out | tell .. ALOUD
        | listen_to | how .. sounds/pronounced | ~SPEECH + description/answer/response/output/version
        | READ .. ALOUD .. to + ME | GENERATE/WANT AUDIO/SPEECH .. SAY/says
        | GENERATE/WANT > AUDIO FROM .. TEXTY/QUOTE | WH .. QUOTE .. sound/sounds | ~^SPEECH FROM
        | ~AUDIO .. of .. saying | AUDIO/SPEECH .. with/saying/says .. QUOTE | GENERATE .. SPEECH .. of .. SAY
        | GENERATE > SPEECH .. FROM .. TEXTY/QUOTE | HEAR .. as .. SPEECH | HEAR .. to .. IT/DOC/IMAGE
        | GENERATE/WANT .. voice-over/voiceover/narration | GENERATE .. AUDIO .. SAY | text + to + speech
        | ~SPEECH + SUMMARY""",
    "text-to-audio": """
        GENERATE/WRITE > MUSIC | compose | ~MUSIC + of | GENERATE > sound .. of | text-to-audio
        | *^GENERATE .. sound/noise + of !VIDEO !FILE""",
    "@enhance": """
        ENHANCE | ENHANCE .. QUALITY | make .. clearer/readable/realistic/dynamic/crisper | QUALITY .. ENHANCE
        | ~enhanced/improved/cleaned IMAGE/AUDIO | sharpen | restore""",
    "audio-to-audio": """
        ENHANCE .. AUDIO/NOISE/SPEECH | REMOVE .. NOISE | make .. AUDIO .. clearer | audio-to-audio
        | isolate .. voice/vocals/speech | SEPARATE .. NOISE | GENERATE .. clean/clear/clearer/enhanced AUDIO
        | ~better/clearer AUDIO | REMOVE .. AUDIO .. NOISE | ENHANCE .. QUALITY .. AUDIO""",
    "audio-classification": """
        CLASSIFY .. AUDIO/SPEECH/EMOTION | WH/TELL/FIND/DETECT/RECOGNISE/ANALYSE .. EMOTION .. AUDIO/SPEECH
        | ~CATEGORY .. AUDIO | audio + classification | WH .. speaker/instrument/genre/command
        | FIND/TELL/DETECT .. command/genre/speaker | ANALYSE .. AUDIO/SPEECH
        | WH/TELL/FIND .. CATEGORY .. AUDIO | SENTIMENT .. AUDIO | CLASSIFY .. speaker
        | TELL .. command .. SENTIMENT""",
}

MOVING: dict[str, str] = {
    "text-to-video": """
        GENERATE > VIDEO | GENERATE VIDEO FROM | CONVERT .. TEXTY/IT .. TO > VIDEO | ~WANT NEW > VIDEO
        | text-to-video | GENERATE .. VIDEO | ~VIDEO + of/FROM + NEW | CONVERT .. TO > VIDEO""",
    "image-to-video": """
        ANIMATE | CONVERT .. IMAGE .. TO .. VIDEO | image-to-video | make .. IMAGE .. move
        | GENERATE > VIDEO from .. IMAGE + FILE | GENERATE > VIDEO from DEF IMAGE""",
    "video-classification": """
        CLASSIFY .. VIDEO | WH .. VIDEOTOPIC .. VIDEO | ~CATEGORY .. VIDEO | WH .. VIDEOTOPIC .. FROM
        | DESCRIBE .. VIDEO | TELL .. VIDEOTOPIC .. VIDEO | WH .. CATEGORY .. VIDEO""",
    "video-conversion": """
        COMBINE .. AUDIO/SPEECH/IT .. under/beneath/behind/onto/to/over/with/into .. VIDEO
        | COMBINE .. VIDEO .. with/to .. AUDIO | use .. AUDIO/AFORMAT .. as .. AUDIO
        | COMBINE .. AUDIO/SPEECH/AFORMAT .. VIDEO | lay .. under .. VIDEO | COMBINE .. AUDIO .. under/beneath
        | use .. AUDIO .. for .. VIDEO | ^COMBINE .. these/them/both/two/files
        | replace .. AUDIO .. VIDEO .. with .. AUDIO | play .. AUDIO .. VIDEO
        | *COMBINE .. these/them/both/two/all/everything .. as/in/into/to .. one/single/same + FILE/VIDEO/file/film
        | *^as/in/into + one/single/same + VIDEO/file/film""",
    "audio-conversion": """
        EXTRACT/RIP .. AUDIO .. FROM .. VIDEO | EXTRACT/RIP .. soundtrack/audio_track/sound_track/sound
        | WANT .. sound/audio .. of/from .. VIDEO | CONVERT .. VIDEO .. TO .. AUDIO
        | CONVERT .. AUDIO .. FROM .. VIDEO | GET/EXTRACT .. MUSIC .. of/FROM .. VIDEO
        | ~just/only .. sound/audio/soundtrack | =AUDIO | ~AUDIO + of/from/in .. VIDEO
        | WANT .. sound/audio/soundtrack + of/from .. IT""",
    "@convert": """
        CONVERT .. TO .. AFORMAT/VFORMAT | CONVERT .. AFORMAT/VFORMAT | ~TO AFORMAT/VFORMAT
        | ~TO .. AFORMAT/VFORMAT + FORMAT/file | ^AFORMAT/VFORMAT | CONVERT .. FORMAT
        | GENERATE > AFORMAT/VFORMAT | WANT .. TO .. AFORMAT/VFORMAT | WANT > AFORMAT/VFORMAT
        | GENERATE .. AFORMAT/VFORMAT .. FROM .. IT/VIDEO/AUDIO | CHANGE .. FORMAT .. TO .. AFORMAT/VFORMAT
        | CONVERT .. TO .. AFORMAT/VFORMAT + FORMAT | IT .. be/become .. AFORMAT/VFORMAT | FILE + TO + FILE
        | VIDEO/AUDIO + TO + AFORMAT/VFORMAT | AFORMAT/VFORMAT + of/from .. IT/VIDEO/AUDIO
        | play/plays/does/takes/accepts/supports .. AFORMAT/VFORMAT""",
}

CONTROL: dict[str, str] = {
    "canny-control": """
        EDGES | *STYLE .. by/via/using/with EDGES
        | FIND/DETECT/EXTRACT/GENERATE/WANT/TRACE/HIGHLIGHT/DRAW/TELL/CONVERT .. EDGES | TRACE | ~EDGES
        | DRAW .. just/only .. EDGES | TELL .. only .. EDGES""",
    "hed-control": "HED | FIND/GENERATE/WANT/DETECT .. HED",
    "mlsd-control": "MLSD | FIND/GENERATE/WANT/DETECT .. MLSD",
    "openpose-control": "POSE | FIND/GENERATE/WANT/DETECT/ESTIMATE/EXTRACT .. POSE",
    "normal-control": "NORMAL | FIND/GENERATE/WANT/DETECT/ESTIMATE .. NORMAL",
    "scribble-control": "CONVERT .. TO > SCRIBBLE | GENERATE > SCRIBBLE",
    **{
        f"{name}-text-to-image": (
            f"DRAW/GENERATE .. FROM/TO/same/use/follow .. {concept} | {concept} .. to + DRAW/GENERATE"
            f" | CONVERT .. {concept} .. TO .. IMAGE | DRAW/GENERATE .. IMAGE .. FROM .. {concept}"
        )
        for name, concept in {
            "canny": "EDGES",
            "hed": "HED",
            "mlsd": "MLSD",
            "openpose": "POSE",
            "normal": "NORMAL",
            "scribble": "SCRIBBLE",
            "depth": "depth_map",
            "seg": "segmentation_map",
        }.items()
    },
}

PATTERNS: dict[str, str] = {**LANGUAGE, **PICTURES, **SOUND, **MOVING, **CONTROL}
