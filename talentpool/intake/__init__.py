"""How people arrive from files: what a file is, its rows or résumés, what its columns mean, and each row as a person.

Nothing here writes: talentpool.actions.imports moves an import on, talentpool.actions.import_work does its rows.
"""
