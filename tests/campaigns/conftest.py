"""A mail server that takes the campaigns' mail, and a worker that ends with the test."""

import pytest

from campaigns.delivery import sending
from campaigns.delivery.sending import this_worker
from tests.simulators.smtp import SmtpServer


@pytest.fixture
def smtp(settings, tmp_path):
    """The mail server of the installation; `worker` sends through it."""
    with SmtpServer() as simulator:
        settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_TLS = "127.0.0.1", simulator.port, "none"
        settings.MAIL_JOURNAL_DIR = tmp_path / "journal"
        yield simulator


@pytest.fixture
def worker(smtp):
    """The sending worker of this thread."""
    yield this_worker()
    this_worker().close()
    del sending._of_this_thread.worker
