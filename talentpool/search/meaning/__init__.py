"""Likeness in meaning, where the libraries of requirements-semantic.txt are: people as vectors, nearest first."""
