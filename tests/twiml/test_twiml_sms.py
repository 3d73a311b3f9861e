"""<Sms>: a text message is handed to the configured gateway."""

import pytest
from twiml_calls import asked, codes, heard, method, told, twiml

GATEWAY = {"directory": {"sms_url": "http://web.test/gateway", "region": "GB"}}
TAKEN = {"gateway": {"status": 204}}


def send(attributes="", text="See you.", **options):
    given = {"settings": GATEWAY, "web": TAKEN} | options
    return twiml(f"<Sms {attributes}>{text}</Sms><Play>tone.wav</Play>", **given)


# TwiML says: "to E.164, default caller; from E.164, default called number"
def test_the_caller_is_sent_a_message_from_the_number_that_was_dialled():
    result = send()
    message = told(result, "gateway")
    assert (message["To"], message["From"], message["Body"]) == ("+15551230001", "1000", "See you.")
    assert message["SmsSid"] == message["MessageSid"]
    assert message["SmsSid"].startswith("SM")
    assert message["CallSid"] == told(result, "voice")["CallSid"]
    assert "StatusCallback" not in message
    assert heard(result)[-1][1] == "tone.wav"
    assert codes(result) == ([], [])


def test_somebody_else_is_sent_one_from_somebody_else():
    message = told(send('to="020 7946 0000" from="+442079460001" statusCallback="sent"'), "gateway")
    assert (message["To"], message["From"]) == ("+442079460000", "+442079460001")
    assert message["StatusCallback"] == "http://web.test/sent"


# Twilio said of the verb: "SmsSid, SmsStatus: sending or invalid" are told to `action`
@pytest.mark.parametrize(("attribute", "said"), [("", "POST"), ('method="GET"', "GET")])
def test_with_an_action_it_is_asked_at_once(attribute, said):
    result = send(f'action="got" {attribute}', web=TAKEN | {"got": "<Response/>"})
    assert told(result, "got")["SmsStatus"] == "sending"
    assert told(result, "got")["SmsSid"] == told(result, "gateway")["SmsSid"]
    assert (method(result, "got"), asked(result)) == (said, ["voice", "got"])
    assert heard(result) == []


@pytest.mark.parametrize(
    ("options", "code"), [({"settings": {}}, 13750), ({"text": " "}, 14103)], ids=["no gateway", ""]
)
def test_what_cannot_be_sent_is_a_warning_and_the_action_is_told(options, code):
    result = send('action="got"', web=TAKEN | {"got": "<Response/>"}, **options)
    assert codes(result) == ([code], [])
    assert told(result, "got")["SmsStatus"] == "failed"
    assert "http://web.test/gateway" not in [one.url for one in result.requests]


@pytest.mark.parametrize(("attribute", "code"), [('to="you"', 14101), ('method="PUT"', 14104)])
def test_what_cannot_be_meant_is_a_warning(attribute, code):
    result = send(attribute)
    assert codes(result) == ([code], [])
    assert told(result, "gateway")["To"] == "+15551230001"


def test_a_text_that_is_too_long_refuses_the_document():
    assert codes(send(text="a" * 1601)) == ([], [14103])
