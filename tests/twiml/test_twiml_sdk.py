"""Twilio's own SDK writes what we read: every element, every attribute, no more and no less."""

import inspect
import re

import pytest
from twilio.twiml import lower_camel
from twilio.twiml import voice_response as sdk

from ari_pivot.twiml import parse
from ari_pivot.twiml.ssml import ELEMENTS
from ari_pivot.twiml.verbs import ELSEWHERE, VERBS

#: What the SDK calls the text of an element.
TEXTS = {
    "Dial": "number", "Number": "phone_number", "Sip": "sip_url", "Uri": "sip_url",
    "Client": "identity", "Identity": "client_identity", "Application": "application_sid",
    "ApplicationSid": "sid", "Conference": "name", "Queue": "name", "Enqueue": "name",
    "Say": "message", "Play": "url", "Redirect": "url", "Sms": "message",
}  # fmt: skip
#: Attributes that are documented, and which the SDK does not know; and those that only KAZOO has.
NEWER = {
    ("Dial", "callReason"), ("Recording", "name"), ("Say", "terminators"), ("Play", "terminators"),
    ("Dial", "hangupOn"), ("Dial", "strategy"), ("Reject", "prompt"), ("Record", "recordingUrl"), ("Record", "recordStoreMethod"),
}  # fmt: skip
#: What only we have, to stop a recording by its name, and what only KAZOO has.
OURS = {
    ("Stop", "Recording"), ("VoiceResponse", "Set"), ("Dial", "Device"), ("Dial", "User"),
}  # fmt: skip

#: Values where an attribute's type does not say which there are.
EXAMPLES = {
    "beep": "onEnter", "callerId": "+15551230009", "channels": "mono", "digits": "1w2",
    "finishOnKey": "9", "for": "postal-code", "input": "dtmf speech", "jitterBufferSize": "small",
    "length": "7", "loop": "7", "maxLength": "70", "maxParticipants": "7", "maxQueueSize": "7",
    "name": "X-Name", "numDigits": "7", "priority": "7", "reason": "busy",
    "recordStoreMethod": "POST", "terminators": "9", "hangupOn": "9", "strategy": "single",
    "recordingStatusCallbackEvent": "in-progress absent", "recordingTrack": "inbound",
    "region": "ie1", "ringTone": "fr", "sendDigits": "1w2", "statusCallbackEvent": "ringing",
    "timeLimit": "77", "timeout": "7", "to": "+15551230009", "track": "inbound",
    "trim": "trim-silence", "weight": "7",
}  # fmt: skip
TEXT = {
    "Play": "tone.wav",
    "Sip": "sip:bob@example.com",
    "Uri": "sip:bob@example.com",
    "Number": "+15550002222",
    "Dial": "",
    "Gather": "",
}
BY_NAME = {("Conference", "record"): "record-from-start", ("Dial", "record"): "record-from-answer",
           ("Conference", "statusCallbackEvent"): "start end",
           ("Conference", "trim"): "do-not-trim", ("Record", "trim"): "do-not-trim",
           ("Recording", "trim"): "do-not-trim"}  # fmt: skip


CLASSES = {("Sip", "Uri"): sdk.SipUri, ("Refer", "Sip"): sdk.ReferSip}


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def elements(parent, kinds):
    """Yield each element with the SDK's class that holds it and the way to it."""
    for name, kind in kinds.items():
        yield parent, name, kind
        if kind.nests and hasattr(sdk, name):
            yield from elements(getattr(sdk, name), {one.__name__: one for one in kind.nests})


ALL = {(parent.__name__, name): (parent, kind)
       for parent, name, kind in elements(sdk.VoiceResponse, VERBS)
       if (parent.__name__, name) not in OURS}  # fmt: skip
each = pytest.mark.parametrize(("parent", "name"), sorted(ALL))


def test_every_verb_of_the_sdk_is_a_verb_or_said_not_to_be_there():
    not_verbs = {"add_child", "append", "nest", "to_xml", "xml", "queue"}
    methods = {
        name
        for name, _ in inspect.getmembers(sdk.VoiceResponse, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods - not_verbs <= {snake(name) for name in {*VERBS, *ELSEWHERE}}


@each
def test_its_attributes_are_those_of_the_sdk(parent, name):
    container, kind = ALL[parent, name]
    parameters = inspect.signature(getattr(container, snake(name))).parameters
    theirs = {lower_camel(one) for one in parameters if one != TEXTS.get(name)}
    ours = {one for one in kind.attributes() if (name, one) not in NEWER}
    assert ours == theirs - {"self", "kwargs"}


def example(name, attribute, field):
    if (name, attribute) in BY_NAME or attribute in EXAMPLES:
        return BY_NAME.get((name, attribute)) or EXAMPLES[attribute]
    if attribute.lower().endswith("method"):
        return "GET"
    if isinstance(field.default, bool):
        return str(not field.default).lower()
    return "7" if isinstance(field.default, int) else "http://web.test/x"


@each
def test_a_document_of_the_sdk_with_every_attribute_is_taken_whole(parent, name):
    container, kind = ALL[parent, name]
    given = {
        attribute: example(name, attribute, kind.model_fields[field])
        for attribute, field in kind.attributes().items()
    }
    element = CLASSES.get((parent, name), getattr(sdk, name, None))(
        *([TEXT.get(name, "x")] if name in TEXTS else []),
        **{f"{key}_" if key in {"from", "for"} else key: value for key, value in given.items()},
    )
    if name == "Refer":
        element.append(sdk.ReferSip("sip:bob@example.com"))
    response = _around(container, element)
    document = parse(str(response).encode(), "http://web.test/voice")
    told = {(one.code, one.where.rpartition("@")[2]) for one in document.warnings}
    assert told == {(13750, attribute) for attribute in kind.unsupported}
    (made,) = _found(document.verbs, kind)
    unchanged = {
        attribute
        for attribute, field in kind.attributes().items()
        if getattr(made, field) == kind.model_fields[field].default
    }
    assert unchanged == set()


def _around(container, element):
    """Return a response that holds an element in whatever may hold it."""
    if container is sdk.VoiceResponse:
        return sdk.VoiceResponse().append(element)
    outer = container(*(["x"] if container.__name__ in TEXTS else [])).append(element)
    holder = next(parent for (_, name), (parent, _) in ALL.items() if name == container.__name__)
    return _around(holder, outer)


def _found(elements, kind):
    for one in elements:
        if type(one) is kind:
            yield one
        yield from _found(one.children, kind)


def test_the_sdks_speech_marks_are_those_we_know():
    methods = {name.strip("_").removeprefix("ssml_").replace("_", "-"): method
               for name, method in inspect.getmembers(sdk.Say, inspect.isfunction)}  # fmt: skip
    texts = {"words", "self", "kwargs"}
    for name, attributes in ELEMENTS.items():
        theirs = set(inspect.signature(methods[name]).parameters) - texts
        ours = {one.replace(":", "_").replace("-", "_") for one in attributes}
        assert ours == {one.replace("role_", "role") for one in theirs}, name


def test_speech_marks_of_the_sdk_are_taken():
    response = sdk.VoiceResponse()
    say = response.say("Hello")
    say.break_(strength="weak", time="1s")
    say.emphasis("you", level="strong")
    say.lang("oui", xml_lang="fr-FR")
    say.prosody("slowly", rate="slow", volume="loud", pitch="low")
    say.say_as("12", interpret_as="digits")
    say.sub("WWW", alias="web")
    document = parse(str(response).encode(), "http://web.test/voice")
    assert document.warnings == ()
    assert document.verbs[0].text == "Hello. you oui slowly 1 2 web"
