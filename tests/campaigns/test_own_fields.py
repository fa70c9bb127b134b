"""What people want, and an organisation's own fields, as merge fields of campaigns."""

import email
import email.policy

from campaigns.actions.trying_out import rendered_for
from campaigns.delivery.sending import send_chunk
from campaigns.models import Message, MessageState
from talentpool.actions.custom_fields import archive_field, create_field
from talentpool.custom_values import CustomKind
from tests.factories.mail import make_campaign, make_people, start

BODY = """Hello, shirt {{ custom.shirt_size | default: "of your size" }}.

{% if custom.boots %}Boots {{ custom.boots }}.{% endif %} Pay: {{ expected_pay | default: "open" }}. {{ available }}"""


def fields(member):
    create_field("Shirt size", CustomKind.TEXT, by=member)
    return create_field("Boots", CustomKind.NUMBER, by=member)


def texts(smtp):
    found = {}
    for mail in smtp.mails:
        message = email.message_from_bytes(mail.content, policy=email.policy.default)
        text = message.get_body(("plain",)).get_content()
        found[message["to"]] = " ".join(text.split("Pay")[0].split()) + " Pay" + text.split("Pay")[1].splitlines()[0]
    return found


def test_letters_say_own_fields_and_wishes_in_words_or_their_fallbacks(tenant, member, worker, smtp):
    boots = fields(member)
    wants = {"salary": "USD 50-55.5 hour", "availability": "2027-01"}
    rich, poor, silent = make_people(3)
    for person, columns in ((rich, {"custom": {"shirt_size": "<b>M", "boots": "1042.5"}, "wants": wants}),
                            (poor, {"wants": {"availability": "now"}})):  # fmt: skip
        type(person).objects.filter(pk=person.pk).update(**columns)
    campaign = start(make_campaign(member, [rich, poor, silent], body=BODY), member)
    archive_field(boots, by=member)  # what is under way goes on with it
    while send_chunk(campaign.pk):
        pass
    assert texts(smtp) == {
        rich.email: "Hello, shirt <b>M. Boots 1,042.5. Pay: USD 50 – 55.5 an hour. From Jan 2027",
        poor.email: "Hello, shirt of your size. Pay: open. At once",
    }
    held = Message.objects.get(state=MessageState.HELD)
    assert (held.candidate_id, held.reason) == (silent.pk, "Lacks: Available")


def test_drafts_know_own_fields_and_refuse_those_of_others(client, tenant, member):
    fields(member)
    (person,) = make_people(1)
    campaign = make_campaign(member, [person], body=BODY)
    page = client.get(f"/o/acme/campaigns/{campaign.pk}/message/").content.decode()
    assert "custom.shirt_size" in page and "Shirt size" in page
    said = {"name": campaign.name, "subject": "Hi", "body": "{{ custom.nope }}"}
    refused = client.post(f"/o/acme/campaigns/{campaign.pk}/message/", said)
    assert (refused.status_code, "There is no merge field “custom.nope”" in refused.content.decode()) == (422, True)
    for wrong in ("{{ custom }}", "{{ custom.shirt_size.x }}", "{{ custom['a b'] }}", "{{ first_name.x }}"):
        assert client.post(f"/o/acme/campaigns/{campaign.pk}/message/", said | {"body": wrong}).status_code == 422
    assert "(Shirt size)" in rendered_for(campaign, tenant, None).text
    assert "of your size" in rendered_for(campaign, tenant, person.pk).text
