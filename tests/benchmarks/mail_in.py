"""How long mail that comes in takes: reading every program's form, taking one in, and what is made to hold a reader up.

python -m crm.local with-services --as-installed -- python tests/benchmarks/mail_in.py [mails]
"""

import sys
import time
from statistics import median, quantiles

import _ground  # noqa: F401
from django.utils import timezone

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.incoming_mail import keep_mail
from talentpool.actions.mail_addresses import address_of
from talentpool.actions.mail_intake import take_in_mail
from talentpool.intake.mail.correspondents import of_member
from talentpool.intake.mail.letters import read_letter
from talentpool.intake.mail.recipients import Way
from talentpool.models import MailDoor, MailLetter
from tests.talentpool.mail.mails import FORWARDED, MEMBER
from tests.talentpool.mail.test_forwarded import HOSTILE


def read(raw: bytes) -> None:
    of_member(read_letter(raw), Way.ADD, is_ours=lambda email: email.endswith("@acme-recruiting.test"))


def timed(act, *arguments, **named) -> float:
    began = time.perf_counter()
    act(*arguments, **named)
    return (time.perf_counter() - began) * 1000


def main(total: int) -> None:
    raws = [make("x@in.test") for make, *_ in FORWARDED.values()]
    times = [timed(read, raw) for _ in range(20) for raw in raws]
    print(f"reading a forwarded mail: median {median(times):.1f} ms, p95 {quantiles(times, n=20)[-1]:.1f} ms")
    worst = {name: timed(read, raw) for name, raw in HOSTILE.items()}
    print(
        "made to do harm: "
        + ", ".join(f"{name} {ms:.0f} ms" for name, ms in sorted(worst.items(), key=lambda each: -each[1])[:5])
    )
    tenant, _ = Tenant.objects.get_or_create(slug=f"mail-{time.time_ns()}", defaults={"name": "Mail"})
    with tenant_scope(tenant.pk):
        user, _ = User.objects.get_or_create(email=MEMBER, defaults={"password": "!"})
        address = address_of(Member.objects.create(user=user, role=Role.RECRUITER, name="Tom"))
        kept, taken = [], []
        for number in range(total):
            raw = (
                raws[number % len(raws)]
                .replace(b"<forward-", f"<{number}-".encode())
                .replace(b"@example.org", f"@p{number}.example.org".encode())
            )
            began = time.perf_counter()
            mail, _ = keep_mail(raw, door=MailDoor.SERVER, way=Way.ADD, address=address)
            kept.append((time.perf_counter() - began) * 1000)
            taken.append(timed(take_in_mail, mail.pk, worker="benchmark", now=timezone.now()))
        print(
            f"keeping one (what a webhook waits for): median {median(kept):.0f} ms, p95 {quantiles(kept, n=20)[-1]:.0f} ms"
        )
        print(
            f"taking one in, without files: median {median(taken):.0f} ms, p95 {quantiles(taken, n=20)[-1]:.0f} ms; {MailLetter.objects.count()} letters"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
