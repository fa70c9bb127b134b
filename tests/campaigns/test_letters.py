from django.utils import timezone

from campaigns.models import Message
from campaigns.models.message import MessageState
from talentpool.queries.messages import letters_to
from tests.factories.mail import make_campaign, make_people

NOW = timezone.now()


def make_message(campaign, person, **fields):
    return Message.objects.create(campaign=campaign, candidate=person, origin=person, **fields)


def test_letters_to_a_person_say_what_became_of_each(tenant, member, django_assert_max_num_queries):
    one, other = make_people(2)
    states = [
        {"state": MessageState.SENT, "sent_at": NOW, "delivered_at": NOW, "opened_at": NOW},
        {"state": MessageState.HELD, "reason": "No consent yet."},
        {"state": MessageState.PLANNED},
    ]
    campaigns = [make_campaign(member, [one], name=f"Letter {number}") for number in range(3)]
    for campaign, fields in zip(campaigns, states, strict=True):
        make_message(campaign, one, **fields)
    make_message(campaigns[0], other, state=MessageState.SENT, sent_at=NOW)
    with django_assert_max_num_queries(2):  # one of each source: campaigns, and mail that members brought in
        letters = {letter.subject: (letter.state, letter.by, letter.url) for letter in letters_to(one.pk)}
    assert letters == {
        f"Letter {number}": (words, member.name, f"/o/acme/campaigns/{campaigns[number].pk}/")
        for number, words in enumerate(["Sent, delivered, opened", "Held back: No consent yet.", "Planned"])
    }


def test_letters_are_on_the_persons_page(client, member):
    (person,) = make_people(1)
    make_message(make_campaign(member, [person]), person, state=MessageState.SENT, sent_at=NOW)
    page = client.get(f"/o/acme/people/{person.pk}/messages/").content.decode()
    assert "A post closer to home" in page
    assert 'Messages <span class="count">1</span>' in page
