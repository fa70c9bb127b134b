"""The earth in cells: a number of twelve digits for every place, of which each further digit names a ninth of the cell
before. Places whose numbers begin alike lie together, so that whoever lives within a radius is found by a few
beginnings of numbers.
"""

import math

DIGITS = 12  # the smallest cells are 75 m wide at the equator and 37 m high
_SIDE = 3**DIGITS
_EARTH_KM = 6371.0088


def cell_of(latitude: float, longitude: float) -> int:
    row = min(int((latitude + 90) / 180 * _SIDE), _SIDE - 1)
    column = min(int((longitude + 180) % 360 / 360 * _SIDE), _SIDE - 1)
    cell = 0
    for power in range(DIGITS - 1, -1, -1):
        cell = cell * 10 + row // 3**power % 3 * 3 + column // 3**power % 3
    return cell


def middle_of(cell: int) -> tuple[float, float]:
    """Latitude and longitude."""
    south, west, height, width = box_of(f"{cell:0{DIGITS}d}")
    return south + height / 2, west + width / 2


def box_of(beginning: str) -> tuple[float, float, float, float]:
    """South, west, height and width, in degrees, of all cells that begin so."""
    row = column = 0
    for digit in map(int, beginning):
        row, column = row * 3 + digit // 3, column * 3 + digit % 3
    height, width = 180 / 3 ** len(beginning), 360 / 3 ** len(beginning)
    return row * height - 90, column * width - 180, height, width


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle, between two places given by latitude and longitude."""
    (south, west), (north, east) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    across = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(across, 1.0)))
