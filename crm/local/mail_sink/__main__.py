"""`python -m crm.local.mail_sink`: both sides in one process, until it is told to stop."""

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

from crm.local.mail_sink.inbound import Inbound
from crm.local.mail_sink.mailbox import KEPT, Mailbox
from crm.local.mail_sink.smtp import Sink, SmtpConnection
from crm.local.mail_sink.web import Web

COMMIT_EVERY = 0.2


async def serve(mailbox: Mailbox, *, smtp_port: int, http_port: int, inbound_domain: str = "") -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for wished in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wished, stopped.set)
    sink = Sink(mailbox, inbound=Inbound(inbound_domain))
    handing_on = asyncio.create_task(sink.inbound.hand_on())
    await loop.create_server(lambda: SmtpConnection(sink), "127.0.0.1", smtp_port, backlog=512)
    await asyncio.start_server(Web(sink).serve, "127.0.0.1", http_port)
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), COMMIT_EVERY)
        mailbox.commit()
    handing_on.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m crm.local.mail_sink", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="where the messages are kept")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--inbound-domain", default="", help="mail to it is handed on to Rapport")
    parser.add_argument("--kept", type=int, default=KEPT, help="how many messages are kept")
    options = parser.parse_args()
    mailbox = Mailbox(options.file, kept=options.kept)
    asyncio.run(
        serve(mailbox, smtp_port=options.smtp_port, http_port=options.http_port, inbound_domain=options.inbound_domain)
    )
    mailbox.close()  # After the loop, so that what it still answered with 250 is kept too.


if __name__ == "__main__":
    main()
