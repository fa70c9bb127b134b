"""Where the demo's people live: cities with their telephone area codes, nearer ones more often.

Telephone numbers use the exchange 555, which serves no subscribers, so no number here rings at anybody's home.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    city: str
    state: str
    area_code: int
    weight: int

    def __str__(self) -> str:
        return f"{self.city}, {self.state}"


PLACES: tuple[Place, ...] = tuple(
    Place(city, state, code, weight)
    for city, state, code, weight in (
        ("Fresno", "CA", 559, 24),
        ("Clovis", "CA", 559, 9),
        ("Visalia", "CA", 559, 8),
        ("Madera", "CA", 559, 4),
        ("Hanford", "CA", 559, 3),
        ("Tulare", "CA", 559, 3),
        ("Bakersfield", "CA", 661, 7),
        ("Merced", "CA", 209, 4),
        ("Modesto", "CA", 209, 5),
        ("Stockton", "CA", 209, 5),
        ("Sacramento", "CA", 916, 7),
        ("Roseville", "CA", 916, 2),
        ("San José", "CA", 408, 5),
        ("San Francisco", "CA", 415, 4),
        ("Oakland", "CA", 510, 4),
        ("Los Angeles", "CA", 213, 6),
        ("Long Beach", "CA", 562, 3),
        ("Riverside", "CA", 951, 2),
        ("San Diego", "CA", 619, 3),
        ("San Luis Obispo", "CA", 805, 2),
        ("Monterey", "CA", 831, 2),
        ("Chico", "CA", 530, 1),
        ("Reno", "NV", 775, 2),
        ("Las Vegas", "NV", 702, 3),
        ("Phoenix", "AZ", 602, 3),
        ("Tucson", "AZ", 520, 1),
        ("Portland", "OR", 503, 2),
        ("Seattle", "WA", 206, 2),
        ("Spokane", "WA", 509, 1),
        ("Boise", "ID", 208, 1),
        ("Salt Lake City", "UT", 801, 1),
        ("Denver", "CO", 303, 2),
        ("Albuquerque", "NM", 505, 1),
        ("El Paso", "TX", 915, 1),
        ("Dallas", "TX", 214, 1),
        ("Houston", "TX", 713, 1),
        ("Chicago", "IL", 312, 1),
        ("Minneapolis", "MN", 612, 1),
        ("Atlanta", "GA", 404, 1),
        ("Winston-Salem", "NC", 336, 1),
    )
)
