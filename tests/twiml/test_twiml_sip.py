"""<Sip>, <Client>, <Application>: how each is dialled, with which headers and credentials."""

import pytest
from line_box import Box
from test_twiml_dial import ALICE, DIRECTORY, SIP, TALKS, call, codes, dial, reached, told

from ari_pivot.call.directory import Directory
from ari_pivot.twiml import parse


@pytest.fixture
async def box():
    made = Box()
    made.call.directory = Directory(**DIRECTORY, region="US")
    return made


def targets(box, noun):
    """Return who is dialled for a noun: endpoint and variables, and who in their place."""
    body = f"<Response><Dial>{noun}</Dial></Response>"
    document = parse(body.encode(), "http://web.test/voice")
    assert document.warnings == ()
    ((element,),) = [verb.children for verb in document.verbs]
    chain = element.target(box.call, 30, None).chain()
    return [(one.endpoint, dict(one.variables)) for one in chain]


# TwiML says: "sip: URI + ?headers"; "User-to-User"; "Headers>Header (SDK 9.x)"
@pytest.mark.virtual
@pytest.mark.parametrize(
    ("noun", "headers"),
    [
        (f"<Sip>{SIP}?X-Order=12&amp;x-name=A%20B</Sip>", {"X-Order": "12", "x-name": "A B"}),
        (f"<Sip>{SIP}?User-to-User=34%3Bencoding%3Dhex</Sip>", {"User-to-User": "34;encoding=hex"}),
        (f"<Sip>{SIP}?Via=x&amp;X-Bad=a%0d%0ab&amp;X-=1&amp;X-a%3ab=c</Sip>", {"X-": "1"}),
        (
            f"<Sip><Uri>{SIP}?X-A=1</Uri><Headers><Header name='X-B' value='2'/></Headers></Sip>",
            {"X-A": "1", "X-B": "2"},
        ),
    ],
)
async def test_headers_of_ones_own_are_sent_and_no_others(box, noun, headers):
    ((endpoint, variables),) = targets(box, noun)
    assert endpoint == f"PJSIP/trunk/{SIP}"
    assert variables == {f"PJSIP_HEADER(add,{name})": value for name, value in headers.items()}


# TwiML says: ";transport=udp|tcp|tls; ;region=us1.."
@pytest.mark.virtual
async def test_the_transport_stays_in_the_uri_and_the_region_does_not(box):
    ((endpoint, _),) = targets(box, f"<Sip>{SIP};region=ie1;transport=tcp</Sip>")
    assert endpoint == f"PJSIP/trunk/{SIP};transport=tcp"


# TwiML says: "username, password: digest auth"; Asterisk has them in an endpoint's outbound_auth
@pytest.mark.virtual
async def test_a_user_name_chooses_the_way_that_has_its_credentials(box):
    ((endpoint, _),) = targets(box, f"<Sip username='us' password='secret'>{SIP}</Sip>")
    assert endpoint == f"PJSIP/account/{SIP}"


def test_a_user_name_without_a_way_is_a_warning_and_dialled_without():
    result = dial("", f"<Sip username='them' password='secret'>{SIP}</Sip>", dial={SIP: TALKS})
    assert codes(result) == ([13750], [])
    assert reached(result) == [(SIP, 2.0, 12.0)]
    assert "secret" not in str(result)


# The SDK says: "Uri priority, weight, username, password"
@pytest.mark.virtual
async def test_of_several_uris_the_next_is_dialled_in_the_place_of_the_one_before(box):
    noun = (
        "<Sip><Uri priority='2'>sip:b@example.com</Uri><Uri weight='0'>sip:c@example.com</Uri>"
        "<Uri weight='5' username='us'>sip:a@example.com</Uri></Sip>"
    )
    assert [endpoint for endpoint, _ in targets(box, noun)] == [
        "PJSIP/account/sip:a@example.com",
        "PJSIP/trunk/sip:c@example.com",
        "PJSIP/trunk/sip:b@example.com",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"fail": 503}, 0.0),
        ({"no_answer": True}, 5.0),
        ({"busy": True}, None),
        ({"answer": True, "talk": 1}, None),
    ],
)
def test_the_next_uri_is_dialled_where_one_fails_or_does_not_answer(first, second):
    noun = (
        "<Sip><Uri priority='1'>sip:a@example.com</Uri>"
        "<Uri priority='2'>sip:b@example.com</Uri></Sip>"
    )
    parties = {"sip:a@example.com": first, "sip:b@example.com": {"answer": True, "talk": 3}}
    result = dial('timeout="5"', noun, dial=parties)
    begun = {one.to: one.at for one in result.dialled}
    assert begun.get("sip:b@example.com") == second
    if second is not None:
        assert told(result, "got")["DialCallStatus"] == "completed"


# TwiML says: "Client: Identity, Parameter"
@pytest.mark.virtual
async def test_parameters_of_a_client_are_sent_as_headers(box):
    noun = (
        "<Client><Identity> dave </Identity><Parameter name='order' value='12'/>"
        "<Parameter name='who' value='A B'/></Client>"
    )
    assert targets(box, noun) == [
        ("PJSIP/dave", {"PJSIP_HEADER(add,X-order)": "12", "PJSIP_HEADER(add,X-who)": "A B"})
    ]


# TwiML says: "Application: AP sid or <ApplicationSid>"
@pytest.mark.parametrize("inside", ["AP1", "<ApplicationSid>AP1</ApplicationSid>"])
def test_an_application_is_called_where_the_directory_says(inside):
    result = dial("", f"<Application>{inside}</Application>", dial={"menu": TALKS})
    assert reached(result) == [("menu", 2.0, 12.0)]
    assert told(result, "got")["DialCallStatus"] == "completed"


def test_an_application_that_the_directory_does_not_have_is_not_called():
    result = dial("", "<Application>AP2</Application>")
    assert (codes(result), reached(result)) == (([13225], []), [])


# TwiML says: "unformatted US accepted"; E.164 by the configuration's region
@pytest.mark.parametrize("number", ["020 7946 0000", "(020) 7946-0000", "0044 20 7946 0000"])
@pytest.mark.parametrize(("attribute", "shown"), [("", "+15551230001"),
                                                  ('callerId="020 7946 0001"', "+442079460001")])  # fmt: skip
def test_a_national_number_is_one_of_the_region(number, attribute, shown):
    result = dial(
        attribute,
        f'<Number statusCallback="event">{number}</Number>',
        dial={"+442079460000": TALKS},
        settings={
            "trunks": {"out": {"endpoint": "PJSIP/{number}@trunk", "numbers": ["+44*"]}},
            "caller_ids": ["+442079460001"],
            "region": "GB",
        },
        web={"event": {"status": 204}},
    )
    assert reached(result) == [("+442079460000", 2.0, 12.0)]
    assert told(result, "event")["From"] == shown


def test_without_a_region_a_national_number_is_dialled_as_it_is():
    result = call("<Dial>020 7946 0000</Dial>", dial={ALICE: TALKS})
    assert codes(result) == ([13225], [])
