"""A page on the web that somebody clipped on purpose: what she selected, its links and what it says to machines.

Everything in it is a stranger's: measured, escaped, and of its links only those of the web are kept.
"""
