"""Entries that stand side by side in a section: two or three columns, each with dates of its own."""

from talentpool.resumes.dates import ranges
from talentpool.resumes.rows import Row

_LEVEL = 3.0  # points by which the left edges of one column may differ


def by_column(rows: list[Row]) -> list[Row]:
    """Such runs of rows column by column; everything else as it is."""
    ordered: list[Row] = []
    index = 0
    while index < len(rows):
        edges = _edges(rows, index)
        if len(edges) < 2:
            ordered.append(rows[index])
            index += 1
            continue
        end = index
        while end < len(rows) and _fits(rows[end], edges):
            end += 1
        for edge in edges:
            ordered += [[s] for row in rows[index:end] for s in row if abs(s.x0 - edge) < _LEVEL]
        index = end
    return ordered


def _edges(rows: list[Row], index: int) -> list[float]:
    """Left edges of the columns of a grid that begins here: each column has a date range, within the next rows."""
    first = rows[index]
    if len(first) < 2:
        return []
    edges = [segment.x0 for segment in first]
    for row in rows[index : index + 4]:
        if not _fits(row, edges):
            return []
        if sum(bool(ranges(segment.text)) for segment in row) >= 2:
            return edges
    return []


def _fits(row: Row, edges: list[float]) -> bool:
    return all(any(abs(segment.x0 - edge) < _LEVEL for edge in edges) for segment in row)
