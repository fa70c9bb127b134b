"""The services of `make up` on one machine: PostgreSQL, Valkey, OpenSearch, a mail sink, and their supervisor.

Apart from the application because nothing in production runs it: it needs no Django and is never imported by it.
"""
