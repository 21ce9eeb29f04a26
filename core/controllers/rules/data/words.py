"""Concepts and the words that mean them. Data only.

A word may mean several concepts. ``_`` joins the words of a phrase. Inflected forms (-s, -ed, -ing) are found by
:mod:`core.controllers.rules.reading`; only irregular ones are listed.
"""

from __future__ import annotations

VERBS: dict[str, str] = {
    "GENERATE": "generate create make produce render design build craft develop prepare write_up come_up_with made",
    "LIST": "list enumerate name",
    "DO": "do perform run apply conduct carry_out execute",
    "GET": "get obtain receive retrieve have",
    "UNDERSTAND": "understand know",
    "HIGHLIGHT": "highlight emphasise emphasize mark",
    "COUNT": "count tally",
    "SEPARATE": "separate isolate split",
    "TURN": "turn make convert change",
    "DRAW": "draw paint illustrate visualise visualize depict drawn imagine",
    "WRITE": "write author draft continue complete compose wrote written",
    "WANT": (
        "want need like love get provide give show send return obtain receive wish require prefer offer supply "
        "have got do perform run apply conduct carry_out"
    ),
    "TELL": "tell know inform explain let_me_know show determine check see learn understand discover find_out state",
    "FIND": (
        "find looking_for look_up look_for look_in look_into search locate spot retrieve identify detect "
        "pull_out figure_out get name list"
    ),
    "EXTRACT": "extract pull grab copy lift recover get retrieve capture take_out obtain fetch pull_out",
    "RECOGNISE": (
        "recognise recognize decipher make_out type_up typed_up copy_down jot_down decode ocr scan interpret "
        "type_out digitise digitize type"
    ),
    "CONVERT": (
        "convert turn transform change translate make transfer render transcode switch rewrite reencode "
        "re-encode export save store synthesise synthesize encode put present"
    ),
    "READ": "read recite",
    "SAY": (
        "say speak utter voice announce vocalise vocalize narrate dictate said spoken spoke told shout whisper "
        "proclaim exclaim"
    ),
    "PRONOUNCE": "pronounce articulate enunciate sound_out",
    "HEAR": "hear listen play_back",
    "TRANSCRIBE": "transcribe write_down note_down take_down copy_out write_out",
    "REDUCE": "reduce cut_down trim_down trim",
    "SUMMARISE": (
        "summarise summarize summarising condense shorten abridge sum_up boil_down compress recap digest distil "
        "distill tl;dr tldr simplify"
    ),
    "TRANSLATE": "translate interpret localise localize",
    "PARAPHRASE": "paraphrase rephrase reword rewrite restate correct proofread",
    "CLASSIFY": "classify categorise categorize sort grade",
    "ANALYSE": (
        "read_between_the_lines analyse analyze evaluate assess examine inspect study rate judge gauge measure"
    ),
    "DETECT": "detect locate recognise recognize identify find spot highlight label count mark",
    "SEGMENT": "segment partition divide separate mask cut_out isolate segmenting outline_each",
    "ESTIMATE": (
        "estimate predict calculate determine measure compute assess analyse analyze find know understand gauge"
    ),
    "DESCRIBE": "describe caption depict describing",
    "ANSWER": "answer respond_to answering reply_to",
    "CHAT": "converse chat reply respond discuss talk recommend",
    "COMPARE": "compare",
    "EDIT": "edit modify adjust alter amend tweak update manipulate retouch apply tailor",
    "CHANGE": "change turn make recolour recolor replace swap set transform adapt",
    "ENHANCE": (
        "enhance improve clean clean_up restore polish upgrade upscale refine clear denoise de-noise clarify beautify"
    ),
    "REMOVE": "remove eliminate reduce cancel filter_out strip suppress get_rid_of cut erase delete drop separate",
    "ADD": (
        "put add write place overlay overlap superimpose stamp print insert paste lay imprint annotate draw type "
        "position display engrave stick slap plaster letter emblazon layer"
    ),
    "COMBINE": "combine merge mix join lay put add attach use dub mux pair set overlay",
    "ANIMATE": "animate bring_to_life bring_it_to_life animated",
    "TRACE": "trace outline",
    "BLUR": "blur blurry blurred unsharp soften pixelate pixelated pixellate smooth",
    "ROTATE": (
        "rotate turn_it_around flip mirror tilt spin upside_down flipped mirrored rotated turn_around "
        "upside-down straighten swap_left_and_right swap_sides"
    ),
    "CROP": "crop trim cropped cut_off cut_out_the_middle",
    "RESIZE": (
        "halve double triple resize scale shrink enlarge downscale upscale rescale downsize thumbnail "
        "reduce_the_size twice_as half_as times_as smaller bigger larger resized half_the_size twice_the_size "
        "double_the_size"
    ),
    "LIGHT": (
        "brighten darken brighter darker lighten lighter sharpen sharper contrast brightness saturation saturate "
        "desaturate vivid sharpness posterize posterise solarize solarise autocontrast exposure gamma crisper"
    ),
    "STYLE": (
        "grey gray greyscale grayscale grey-scale gray-scale black_and_white black-and-white black/white "
        "monochrome b&w b/w bw sketch pencil_drawing pencil_sketch sepia invert inverted cartoon cartoonish "
        "vintage painting watercolor watercolour oil_painting emboss embossed colourless colorless old-fashioned "
        "mono line_drawing drawing black_white white_and_black decolorize decolourise decolorise desaturated charcoal "
        "crayon sketchy stylize stylise artistic"
    ),
    "RIP": "rip strip extract demux isolate pull take separate",
}
"""Concepts that head a clause."""

NOUNS: dict[str, str] = {
    "IMAGE": (
        "image picture photo photograph pic snapshot photography img illustration artwork pics photos screenshot "
        "selfie painting portrait visual visual_representation graphic figure visualization visualisation shot "
        "poster sign logo"
    ),
    "DOC": (
        "document scanned pdf invoice receipt bill letter scan form contract page paper certificate statement "
        "whiteboard menu label ticket policy note book brochure flyer slide agreement order prescription "
        "passport card cheque check_stub payslip leaflet newspaper document_image scanned_document spreadsheet "
        "lease handwriting manual quote report screenshot sign notice"
    ),
    "TABLE": "table tabular spreadsheet tabular_data table_data cell",
    "TEXTY": (
        "text_file txt_file text sentence paragraph words word article essay story passage quote phrase message "
        "tweet review comment email document statement content script file feedback blog post lyrics poem news "
        "memo minutes notes wording letters characters writing handwriting title headline text_content "
        "textual_content tagline string line txt report textual inscription"
    ),
    "TEXT": (
        "text words word writing wording characters letters handwriting content text_content textual_content "
        "printed plain_text plain-text textual information lettering line_of_text lines_of_text piece_of_text "
        "bit_of_text block_of_text blocks_of_text words_of_text digits numbers inscription quote "
        "textual_information txt data"
    ),
    "AUDIO": (
        "audio sound tune melody recording audio_file voice_message voice_memo voice_note clip podcast song "
        "music track soundtrack audio_track audio_recording voice phone_call memo interview lecture sound_file "
        "audio_clip sound_track music_file"
    ),
    "VIDEO": "video vid clip movie film footage animation movie_clip video_file video_clip videos",
    "SPEECH": (
        "speech voice voice-over voiceover voice_over spoken_audio narration audio_version spoken audio_file "
        "speech_audio audio_output audio audio_clip audio_format audiobook spoken_version sound audio_response "
        "spoken_words"
    ),
    "SPEECHTASK": "text-to-speech text_to_speech tts speech_synthesis",
    "ASRTASK": "speech-to-text speech_to_text asr speech_recognition automatic_speech_recognition voice_recognition",
    "OCR": "ocr text_recognition optical_character_recognition text_extraction image-to-text image_to_text",
    "ALOUD": "aloud out_loud your_voice loudly loud audibly in_your_voice with_your_voice by_voice",
    "ME": (
        "me us him her son daughter kids children child class audience wife husband mother father grandma "
        "grandmother mum mom dad everyone them"
    ),
    "TRANSCRIPT": "transcript transcription transcripts speech_transcript",
    "SUMMARY": (
        "long_story_short summary gist too_long short_summary important_sentences important_points "
        "important_parts essentials essential_points core_message main_thoughts cliff_notes synopsis abstract "
        "key_points main_points main_point key_point main_idea outline overview tldr tl;dr short_version "
        "shorter_version summarization summarisation recap digest in_a_nutshell nutshell highlights main_ideas "
        "key_takeaways takeaway takeaways main_message brief_version condensed_version short_form in_short "
        "essence bullet_points executive_summary key_ideas concise_version summarized_version précis"
    ),
    "TRANSLATION": "translation translated_version",
    "SENTIMENT": (
        "sentiment mood polarity tone emotional_tone emotion feeling attitude sentiments opinion vibe feels feel "
        "positivity negativity emotions emotional"
    ),
    "POLAR": (
        "positive negative happy angry good bad sad upset pleased satisfied neutral dissatisfied unhappy "
        "friendly compliment insult praise complaint sarcastic ironic sincere unfriendly hostile polite rude "
        "aggressive nasty furious disappointed favourable favorable optimistic pessimistic"
    ),
    "ENTITIES": (
        "entity entities token tokens named_entities named_entity ner pos_tags part-of-speech part_of_speech "
        "parts_of_speech pos pos_tagging specific_entities token_classification proper_nouns names_and_places "
        "keywords part-of-speech_tags named_entity_recognition"
    ),
    "NAMED": "names dates places individuals locations organisations organizations people persons companies cities",
    "SIMILARITY": (
        "similar similarity how_close closeness alike sentence_similarity same_meaning similarity_score resemblance"
    ),
    "OBJECTS": (
        "object objects items things animals cars object_detection bounding_box bounding_boxes boxes elements "
        "item faces"
    ),
    "CATEGORY": (
        "class category classification label genre type classes categories kind image_classification "
        "classify_result kinds"
    ),
    "EMOTION": (
        "emotion command mood speaker genre sound_type instrument emotions emotional_state commands speaker's "
        "tone feeling accent language_spoken"
    ),
    "DEPTH": "depth depth_map depth_estimation depth_information distance_map depth_image depths distances distance",
    "SEGMENTS": "segmentation segments segmentation_map image_segmentation semantic_segmentation mask masks regions",
    "CAPTION": "caption description captions textual_description text_description descriptions alt_text alt-text",
    "DETAIL": "much_detail detail detailed_description every_detail details detailed everything",
    "QUESTION": "question query questions",
    "REPLY": (
        "answer response reply answers responses conversational conversational_response conversation chatbot "
        "conversational_reply dialogue conversation_starter follow-up"
    ),
    "ANSWERS": "answer answers solution",
    "CONVERSE": (
        "conversational conversation dialogue chatbot conversational_response chat response reply "
        "conversational_reply conversational_model conversation_starter responses"
    ),
    "STORY": (
        "story poem text paragraph essay article idea sentence script novel letter blog_post song_lyrics haiku "
        "limerick joke tweet recipe plan speech_text new_text text_generation content slogan headline "
        "continuation ideas prompt narrative sentences tale verse suggestion suggestions quote message outline"
    ),
    "NEWIMAGE": "similar variation variations new_version different_version another_version",
    "QUALITY": (
        "quality clarity clearer resolution visually_appealing brightness readable appearance clear_version look"
    ),
    "NOISE": (
        "noise background_noise hum hiss noisy echo background_noises background static vocals voices speakers noises"
    ),
    "MUSIC": "music song melody tune jingle beat sound_effect sound_effects soundscape piano_music beats ambience",
    "EDGES": (
        "edge edges outline outlines contour contours edge_map canny edge_detection silhouette line_art border "
        "borders boundary boundaries contour_lines outline_drawing edge_image borderlines canny_edges canny_edge "
        "canny_filter edge_detector"
    ),
    "HED": "hed soft_edges soft_edge holistically-nested hed_map hed_boundary",
    "MLSD": "mlsd straight_lines line_segments m-lsd straight_line wireframe",
    "POSE": "pose openpose skeleton body_pose stance posture poses body_posture human_pose keypoints",
    "NORMAL": "normal_map surface_normals normals normal_maps surface_normal",
    "SCRIBBLE": "scribble doodle scribbles rough_sketch hand-drawn_sketch scribbled",
    "SEGMAP": "segmentation_map seg_map layout segmentation",
    "FORMAT": "format file_format filetype file_type codec container",
    "AFORMAT": "mp3 wav ogg flac m4a wave aac opus",
    "VFORMAT": "mp4 webm gif animated_gif gifs mov",
    "COLOUR": "colour color colours colors hue hues",
    "BACKGROUND": "background sky backdrop",
    "DEGREES": (
        "degrees degree 90° 180° 270° clockwise horizontally vertically anticlockwise counterclockwise sideways"
    ),
    "SIZE": "pixels pixel px width height size square aspect half_size half",
    "VIDEOTOPIC": "action activity happening happens",
    "HOWMANY": "how_many number_of count_of",
    "BRIEFLY": "briefly shortly in_brief in_a_few_words in_few_words in_simple_terms",
    "WHAT": "what what's whats which",
    "FACT": (
        "number date name amount total price address phone email iban sum deadline vat tax sender recipient due "
        "cost rent code phone_number email_address due_date invoice_number customer_number birthday period "
        "salary fee balance hours title author"
    ),
    "LIKING": "like enjoy hate dislike recommend love",
    "PERSON": "they he she customer customers author writer reviewer people guest user client",
    "WRITTEN": "written says say printed writing stands state states",
}
"""Things spoken about."""

SMALL: dict[str, str] = {
    "FROM": (
        "from of in on about using with within inside for based_on based regarding according_to given by through "
        "against at over between upon across mentioned contained containing present via out_of under onto "
        "beneath"
    ),
    "TO": "to into as in",
    "DEF": "the this that these those my it its your our their his her each every same original both all above",
    "IT": (
        "what_you_just_said what_you_said you_just_said you_said what_you_wrote your_answer your_reply it this "
        "that them these those one result output"
    ),
    "THAT": "that which who whose where whether if",
    "NEW": "a an another some new two three four several one few different more",
    "WH": "what who whom whose when where why which how what's who's where's how's when's whats hows wheres whos",
    "AUX": (
        "is are was were does do did can could will would should may am isn't aren't doesn't didn't must "
        "is_there are_there"
    ),
    "ORIGINAL": "original given input source initial provided first_given uploaded",
    "EACH": "each every both separately respectively individually one_by_one each_one two three four these those all",
    "EVERY": "all both each every everything three two four five together these those them total",
}
"""Little words that hold a clause together."""

POLITE = (
    "please kindly hey hi hello jarvis can could would will you i i'd i'm i'll we we'd we'll want wants wish "
    "wanted like to need needs love help me us now also so then next finally lastly first firstly second "
    "secondly third thirdly afterwards after before subsequently thereafter additionally moreover furthermore "
    "just maybe perhaps again ok okay well and but let's lets let be able using user go ahead try really "
    "simply directly quickly mind if possible addition last afterward should trying gonna wanna dear "
    "bot sir buddy there pls plz thanks thank step task tool run this's got too once done that's it's i've "
    "for from out in way might must shall followed by while with however since because as soon until "
    "wondering curious allow requires require interested begin start ensure simultaneously both meanwhile "
    "that"
)
"""Words that may open a clause without saying what to do."""
