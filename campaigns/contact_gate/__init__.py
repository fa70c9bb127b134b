"""The contact gate: may this person be written to, now, by this campaign?

One rule in SQL, asked twice: before sending, to show who will be held back and why, and in the very statement that
claims messages for sending, where its answer is stored with each message.
"""
