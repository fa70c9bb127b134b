"""The pool's operations at /api/v1, one module a noun; `crm.api` puts them under one door."""
