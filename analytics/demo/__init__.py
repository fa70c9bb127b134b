"""The demo organisation: invented people with believable careers, and the command that loads them.

It stands on top of all other applications, because it brings people in, fills pipelines and writes campaigns through
their own actions; nothing imports it but tests and benchmarks.
"""
