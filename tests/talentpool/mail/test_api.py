"""Mail by the API: handed in as a file, listed, decided."""

import io

from crm.models.api_token import Scope
from talentpool.actions.mail_intake import take_in_mail
from talentpool.models import Candidate, IncomingMail
from tests.api_client import program_of
from tests.talentpool.mail.mails import mail


def test_mail_is_handed_in_once_and_read_until_taken(tom):
    program = program_of(tom)
    raw = mail("I apply.", sender="Jane Doe <jane@example.org>")
    first = program.upload("/mail", {"file": io.BytesIO(raw)})
    again = program.upload("/mail", {"file": io.BytesIO(raw)})
    assert (first.status_code, first.json()["outcome"], again.status_code, again.json()["id"]) == (
        201,
        "waiting",
        200,
        first.json()["id"],
    )
    take_in_mail(first.json()["id"], worker="test")
    read = program.get(f"/mail/{first.json()['id']}").json()
    assert (read["outcome"], read["candidate_ids"]) == ("taken", [Candidate.objects.get().pk])
    assert program.upload("/mail", {"file": io.BytesIO(b" ")}).status_code == 422


def test_waiting_mail_is_listed_and_decided(tom, to, arrive):
    kept = [arrive(mail("Hi", sender="eve@evil.test", Message_ID=f"<{n}@x>"), to()) for n in range(2)]
    program = program_of(tom)
    assert [each["id"] for each in program.get("/mail", outcome="review").json()["items"]] == [each.pk for each in kept]
    assert program.post(f"/mail/{kept[0].pk}/accept", {"as_whom": "other"}).status_code == 422
    assert program.post(f"/mail/{kept[0].pk}/accept", {"as_whom": "sender"}).json()["outcome"] == "waiting"
    assert program.post(f"/mail/{kept[1].pk}/discard").json()["outcome"] == "discarded"
    assert program.post(f"/mail/{kept[1].pk}/discard").status_code == 422
    assert program_of(tom, Scope.READ_CANDIDATES).get("/mail").status_code == 403
    assert IncomingMail.objects.count() == 2
