"""From what a member wrote to what leaves: Markdown and merge fields in, RFC 5322 bytes out.

Pure: no database, no network.
"""
