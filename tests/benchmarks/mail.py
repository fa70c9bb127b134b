"""Mails a second to an SMTP sink, with the whole ledger: planning, gate, claim, render, SMTP, record, activities.

python -m crm.local with-services --as-installed -- python tests/benchmarks/mail.py [messages] [workers]
"""

import _ground  # noqa: F401, I001

import asyncio
import multiprocessing
import os
import sys
import time

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from campaigns.actions.campaigns import schedule_campaign
from campaigns.delivery.sending import Worker, send_chunk, this_worker
from campaigns.composing.skeleton import Recipient
from campaigns.models import Campaign, Message, MessageState, SendChunk
from campaigns.tracking.tokens import token_for
from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.models import Basis, Candidate, Consent, Selection

MESSAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
BODY = (
    "Hello {{ first_name | default: 'you' }},\n\n"
    + "a post near {{ city }} that may suit you. " * 60
    + "\n\n**[See the post](https://jobs.example.org/1)**\n"
)


class Sink(asyncio.Protocol):
    """As little of a mail server as can be: it counts dots."""

    taken = None

    def connection_made(self, transport):
        self.transport, self.in_body, self.tail = transport, False, b""
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        data = self.tail + data
        self.tail = b""
        out = []
        while data:
            if self.in_body:
                end = data.find(b"\r\n.\r\n")
                if end < 0:
                    self.tail = data[-4:]
                    break
                data = data[end + 5 :]
                self.in_body = False
                self.taken.value += 1
                out.append(b"250 taken\r\n")
                continue
            line, found, rest = data.partition(b"\r\n")
            if not found:
                self.tail = line
                break
            data = rest
            verb = line[:4].upper()
            if verb == b"DATA":
                self.in_body = True
                out.append(b"354 go\r\n")
            else:
                out.append(b"250-sink\r\n250 PIPELINING\r\n" if verb == b"EHLO" else b"250 ok\r\n")
        self.transport.write(b"".join(out))


def sink(port, taken):
    Sink.taken = taken

    async def serve():
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(serve())


def work(tenant_id, campaign_id, port):
    connection.close()
    settings.SMTP_PORT = port
    with tenant_scope(tenant_id):
        while send_chunk(campaign_id):
            pass
    this_worker().close()


def analyze():
    """What autovacuum does within a minute: without statistics each chunk's claim reads the whole pool."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE")


def people():
    rows = Candidate.objects.bulk_create(
        (
            Candidate(
                name=f"Anna{i} Berg", given_name=f"Anna{i}", email=f"p{i}@d{i % 50}.example", location="Fresno, CA"
            )
            for i in range(MESSAGES)
        ),
        batch_size=2000,
    )
    now = timezone.now()
    Consent.objects.bulk_create(
        (Consent(candidate=row, origin=row, basis=Basis.CONSENT, granted_at=now) for row in rows), batch_size=2000
    )
    analyze()
    return [row.pk for row in rows]


def build_cost(worker, campaign, tenant):
    prepared = worker.prepare(campaign, tenant)
    recipient = Recipient("p@x.example", token_for(tenant.pk, 1), {"first_name": "Anna", "city": "Fresno"})
    start = time.perf_counter()
    for i in range(5000):
        token_for(tenant.pk, i)
        raw = prepared.skeleton.build(recipient)
    print(f"building a message of {len(raw):,} bytes: {(time.perf_counter() - start) / 5000 * 1e6:.1f} µs")


def main():
    fork = multiprocessing.get_context("fork")
    port, taken = fork.Value("i", 0), fork.Value("i", 0)
    server = fork.Process(target=sink, args=(port, taken), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.01)
    settings.SMTP_HOST, settings.SMTP_TLS, settings.MAIL_PER_MINUTE = "127.0.0.1", "none", 10_000_000
    tenant = Tenant.objects.create(
        name="Acme", slug=f"acme-{os.getpid()}", sender_email="jobs@acme.example", postal_address="1 Main Street"
    )
    with tenant_scope(tenant.pk):
        member = Member.objects.create(
            user=User.objects.create_user(f"m{os.getpid()}@acme.example"), role=Role.OWNER, name="M"
        )
        selection = Selection.objects.create(candidate_ids=people(), by=member)
        campaign = Campaign.objects.create(
            name="C", subject="A post in {{ city }}", body=BODY, audience="selection", selection=selection, by=member
        )
        worker = Worker()
        build_cost(worker, campaign, tenant)
        worker.close()
        start = time.perf_counter()
        schedule_campaign(campaign, send_at=timezone.now(), by=member)
        planning = time.perf_counter() - start
        print(
            f"planning {MESSAGES:,} messages in {SendChunk.objects.count()} chunks: {planning:.2f} s, {MESSAGES / planning:,.0f} a second"
        )
        analyze()
        connection.close()
        start = time.perf_counter()
        workers = [fork.Process(target=work, args=(tenant.pk, campaign.pk, port.value)) for _ in range(WORKERS)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        seconds = time.perf_counter() - start
        sent = Message.objects.filter(state=MessageState.SENT).count()
        campaign.refresh_from_db()
        print(
            f"sending with {WORKERS} workers: {sent:,} sent, {taken.value:,} at the sink, {seconds:.1f} s, {sent / seconds:,.0f} mails a second ({campaign.state})"
        )
        assert sent == taken.value == MESSAGES
    server.terminate()


if __name__ == "__main__":
    main()
