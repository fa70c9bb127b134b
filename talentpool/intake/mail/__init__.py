"""E-mail as it comes in: raw bytes → a letter → whom it is about, what was written, which files it holds.

Nothing here writes or asks the network: talentpool.actions.incoming_mail keeps a letter, talentpool.actions.mail_intake
takes it in. Every function bears what strangers send: broken MIME, wrong charsets, nests a thousand deep.
"""
