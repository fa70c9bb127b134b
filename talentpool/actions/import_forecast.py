"""What a trial has foreseen so far: the people that the rows above would have made, and what would find them again.

The run decides chunk by chunk, with the rows above in the pool. The trial decides by the same code, with them in here:
as numbers and hashes, for a file of a million rows would not fit into a worker otherwise.
"""

import marshal
from array import array
from collections.abc import Iterable, Mapping, Sequence

from talentpool.actions.arrivals import Arrival, Received, settle
from talentpool.identity.keys import Key
from talentpool.identity.matching import TOO_MANY_PEOPLE, Group, Matching
from talentpool.identity.vetoes import Traits

NONE_YET = 2**64 - 1


class Forecast:
    """People of the pool have their ids in it; those who would be new are numbered -1, -2, …"""

    def __init__(self) -> None:
        self._people_of_key: dict[int, int | tuple[int, ...]] = {}
        self._said: dict[int, int] = {}
        self._first_row = array("Q")  # of those who would be new
        self._first_row_of_known: dict[int, int] = {}
        self._said_traits = bytearray()  # one behind the other: a million objects would be held twice as large
        self._traits: array[int] = array("Q")  # where in it those of each who would be new begin
        self._traits_of_known: dict[int, int] = {}

    def receive(self, arrivals: Sequence[Arrival]) -> list[Received]:
        """What receive_arrivals would answer if the batches before had been written."""
        said = {each.place: (0, self._said[hash(each.place)]) for each in arrivals if hash(each.place) in self._said}
        settle(arrivals, _Foreseeing(self), {}, said)
        answers = [each.answer() for each in arrivals]
        new: dict[int, int] = {}
        for each in arrivals:
            if each.group is None or each.known:
                continue
            group = each.group.now()
            person = group.candidate_id or new.get(id(group))
            if person is None:
                person = new[id(group)] = -1 - len(self._traits)
                self._traits.append(NONE_YET)
            self._remember(each, person)
        return answers

    def first_rows(self, people: Iterable[int], *, before: int) -> Mapping[int, int]:
        """For whom rows above this one would have brought something: the first of them."""
        found = {}
        for person in people:
            row = self._first_row[-1 - person] if person < 0 else self._first_row_of_known.get(person)
            if row is not None and row < before:
                found[person] = row
        return found

    def people_of(self, key: Key) -> tuple[int, ...]:
        found = self._people_of_key.get(hash(key), ())
        return (found,) if isinstance(found, int) else found

    def traits_of(self, person: int) -> list[Traits]:
        place = self._traits[-1 - person] if person < 0 else self._traits_of_known.get(person, NONE_YET)
        if place == NONE_YET:
            return []
        with memoryview(self._said_traits) as said:
            return list(map(Traits.unpacked, marshal.loads(said[place:])))  # noqa: S302 (our own)

    def _remember(self, arrival: Arrival, person: int) -> None:
        self._said[hash(arrival.place)] = person
        for key in map(hash, arrival.keys):
            known = self._people_of_key.get(key)
            if known is None:
                self._people_of_key[key] = person
            elif isinstance(known, int):
                self._people_of_key[key] = known if known == person else (known, person)
            elif person not in known and len(known) <= TOO_MANY_PEOPLE:
                self._people_of_key[key] = (*known, person)
        row = arrival.record.row_number or 0
        traits = dict.fromkeys((*self.traits_of(person), arrival.traits))
        place = len(self._said_traits)
        self._said_traits += marshal.dumps([each.packed() for each in traits])
        if person > 0:
            self._first_row_of_known.setdefault(person, row)
            self._traits_of_known[person] = place
            return
        self._traits[-1 - person] = place
        if len(self._first_row) < -person:
            self._first_row.append(row)


class _Foreseeing(Matching):
    """Finds those who would be new as if the pool had them."""

    def __init__(self, forecast: Forecast) -> None:
        super().__init__()
        self._forecast = forecast

    def read(self, keys: Iterable[Key]) -> None:
        keys = list(dict.fromkeys(keys))
        super().read(keys)
        for person, known in self._of_candidate.items():
            known.traits += [each for each in self._forecast.traits_of(person) if each not in known.traits]
        for key in keys:
            for person in self._forecast.people_of(key):
                group = self._group(person)
                if group is not None and group not in self._of_key[key]:
                    self._of_key[key].append(group)

    def _group(self, person: int) -> Group | None:
        if person not in self._of_candidate:
            if person > 0:
                self._read_people({person})
            if group := self._of_candidate.get(person) or (Group(person) if person < 0 else None):
                group.traits += [each for each in self._forecast.traits_of(person) if each not in group.traits]
                self._of_candidate[person] = group
        return self._of_candidate.get(person)
