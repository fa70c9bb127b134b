"""One message by hand: “send me a test”. It passes no gate, counts nothing, and goes to the member who asks."""

import asyncio
import time

from campaigns.composing.letter import Letter, Values
from campaigns.composing.skeleton import Headers, Recipient, Skeleton
from campaigns.delivery.batch import Batch, Outcome, Posting
from campaigns.delivery.providers import ProviderDelivery
from campaigns.delivery.routes import ProviderAccount, Route
from campaigns.delivery.smtp_pool import Pool
from campaigns.tracking.tokens import TEST_MESSAGE

SECONDS = 15.0


def send_single(letter: Letter, headers: Headers, route: Route, *, address: str, token: str, values: Values) -> Outcome:
    """By the same way as the campaign itself, so that what arrives is what will arrive."""
    if isinstance(route.way, ProviderAccount):
        delivery = ProviderDelivery(route.way)
        try:
            return delivery.send(TEST_MESSAGE, address, token, letter.rendered(values, token=token), headers)
        finally:
            delivery.close()
    recipient = Recipient(address, token, values)
    skeleton = Skeleton(letter, headers)
    batch = Batch(
        [Posting(TEST_MESSAGE, address, lambda: skeleton.build(recipient))], deadline=time.monotonic() + SECONDS
    )
    pool = Pool(route.way)

    async def send() -> None:
        await pool.send(batch)
        await pool.close()

    asyncio.run(send())
    return batch.outcomes[0]
