"""By what words questions on equal opportunity are known, whose answers stay there unless an organisation wants them.

No list of words finds them all. Where an ATS mixes them with other questions, an answer is only taken when somebody
said which of our fields the question is, and then only if the question has none of these words. Fields that an
organisation added to its ATS are known by the same words. They are those of the seven languages of our pages; what is
left out wrongly comes as soon as the organisation wants such answers, what came in wrongly can't be unsaid.
"""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import combining, normalize

# Folded: small, without accents, the words of a name like `x_studio_raceEthnicity` apart.
_WORDS = re.compile(
    "|".join(
        (
            r"\beeoc?\b|equal ?opportunit|chancengleich|gleichstellung|egalite des chances|igualdad de oportunidades",
            r"pari opportunita|gelijke kansen|igualdade de oportunidades|diversi(?:t|d)|demogra(?:ph|f)",
            r"self ?identif|auto ?identif|selbst ?identif|zelf ?identif",
            r"\bgender|geschlecht|geslacht|\bgenre\b|\bgenero\b|\bgenere\b|\bsex(?:e|o|us)?\b|sexu|\bsess(?:o|ual)|seksu",
            r"trans ?gender|transsex|\blgbt|pronoun|\bpronom|voornaamwoord",
            r"orientation|orientierung|orientacion|orientamento|orientacao|geaardheid",
            r"ethni|\betni|\brac(?:e|es|a|ial|iale|ismo)\b|\brassen?\b|\braza\b|\brazz(?:a|iale)\b|\bras\b",
            r"hispanic|hispano|latin[oax]\b|indigen|skin colou?r|hautfarbe|couleur de peau|color de piel",
            r"colore della pelle|huidskleur|cor da pele|migrationshintergrund|migratieachtergrond",
            r"nation(?:al)? origin|origine nationale|origen nacional|origem nacional",
            r"nationale (?:herkunft|afkomst)",
            r"nationalit|nacionalid|nazionalit|staatsangehor",
            r"disabilit|disabled|handicap|behinder|discapaci|minusval|deficien|invalidit|invalidez|incapaci|\brqth\b",
            r"beperking|gehandicapt|\bgdb\b",
            r"veteran|milita(?:r|ir)|wehrdienst|ancien combattant|excombatiente|ex combat",
            r"religi|konfession|glauben|weltanschauung|godsdienst|\bgeloof|levensbeschouw|\bcredo\b",
            r"pregnan|schwanger|enceinte|grossesse|embaraz|gravid|incinta|zwanger",
            r"marital|familienstand|zivilstand|etat civil|situation (?:familial|matrimonial)|estado civil|stato civile",
            r"burgerlijke staat",
        )
    )
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")
_NAMES = ("name", "title", "label", "text", "key", "name_key")
MOST_DEPTH = 20


def is_on_equal_opportunity(*words: str) -> bool:
    """Of what a field or question is called, in whatever notation."""
    return any(_WORDS.search(_folded(each)) for each in words if each)


def without_eeo(value: Any, *, wants_eeo: bool, depth: int = 0) -> Any:
    """A record as it came, without what its keys name so, and without objects in it that name themselves so and hold a
    value, as fields of an organisation's own do."""
    if wants_eeo:
        return value
    if depth > MOST_DEPTH:
        return None
    if isinstance(value, Mapping):
        kept = {name: one for name, one in value.items() if not is_on_equal_opportunity(str(name)) and not _is_eeo(one)}
        return {name: without_eeo(one, wants_eeo=False, depth=depth + 1) for name, one in kept.items()}
    if isinstance(value, list | tuple):
        return [without_eeo(one, wants_eeo=False, depth=depth + 1) for one in value if not _is_eeo(one)]
    return value


def _is_eeo(field: Any) -> bool:
    if not isinstance(field, Mapping) or "value" not in field:
        return False
    return is_on_equal_opportunity(*(str(field[name]) for name in _NAMES if isinstance(field.get(name), str)))


def _folded(text: str) -> str:
    parts = normalize("NFKD", _HUMP.sub(" ", text)).casefold()
    return _BETWEEN.sub(" ", "".join(char for char in parts if not combining(char))).strip()
