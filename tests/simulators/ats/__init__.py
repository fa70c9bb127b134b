"""Applicant tracking systems that are not there: one neutral world, served in each vendor's dialect over real HTTP.

Nothing of Rapport is imported here, so that a misunderstanding of ours cannot be made twice. See README.md.
"""
