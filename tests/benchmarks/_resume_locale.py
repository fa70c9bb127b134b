"""Section words, months and ways of writing dates, by language, for the layouts of our own."""

import random
from typing import Any

HEADINGS = {
    "en": {"work": "Work Experience", "education": "Education", "skills": "Skills", "languages": "Languages", "profile": "Profile", "contact": "Contact", "references": "References", "certificates": "Certificates"},
    "de": {"work": "Berufserfahrung", "education": "Ausbildung", "skills": "Kenntnisse", "languages": "Sprachen", "profile": "Kurzprofil", "contact": "Kontakt", "references": "Referenzen", "certificates": "Zertifikate"},
    "fr": {"work": "Expérience professionnelle", "education": "Formation", "skills": "Compétences", "languages": "Langues", "profile": "Profil", "contact": "Contact", "references": "Références", "certificates": "Certificats"},
    "es": {"work": "Experiencia laboral", "education": "Formación académica", "skills": "Habilidades", "languages": "Idiomas", "profile": "Perfil", "contact": "Contacto", "references": "Referencias", "certificates": "Certificados"},
    "nl": {"work": "Werkervaring", "education": "Opleiding", "skills": "Vaardigheden", "languages": "Talen", "profile": "Profiel", "contact": "Contact", "references": "Referenties", "certificates": "Certificaten"},
    "pt": {"work": "Experiência profissional", "education": "Formação académica", "skills": "Competências", "languages": "Idiomas", "profile": "Perfil", "contact": "Contacto", "references": "Referências", "certificates": "Certificados"},
    "it": {"work": "Esperienza lavorativa", "education": "Istruzione e formazione", "skills": "Competenze", "languages": "Lingue", "profile": "Profilo", "contact": "Contatti", "references": "Referenze", "certificates": "Certificati"},
}  # fmt: skip
_TODAY = {
    "en": "present",
    "de": "heute",
    "fr": "aujourd'hui",
    "es": "actualidad",
    "nl": "heden",
    "pt": "atual",
    "it": "oggi",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
_SINCE = {"de": "seit", "en": "since", "fr": "depuis"}
_TO = {"en": " to ", "de": " bis "}


class Dates:
    """One way of writing dates, kept through a whole résumé."""

    def __init__(self, language: str, key: str) -> None:
        self._random = random.Random(key)
        self._language = language
        self._form = self._random.choice("0012233456")
        self._between = self._random.choice([" – ", " - ", " — ", "–", _TO.get(language, " - ")])
        self._since = language in _SINCE and self._random.random() < 0.2

    def range(self, entry: dict[str, Any]) -> str:
        if self._since and not entry.get("endDate"):
            return f"{_SINCE[self._language]} {self._one(entry['startDate'])}"
        last = self._one(entry["endDate"]) if entry.get("endDate") else _TODAY[self._language]
        return self._one(entry["startDate"]) + self._between + last

    def _one(self, date: str) -> str:
        year, month = int(date[:4]), int(date[5:7])
        name = _MONTHS[self._language].split()[month - 1]
        letters = 4 if self._language == "fr" else 3  # "juin" and "juil."
        short = f"{name[:letters]}. {year}" if len(name) > 4 else f"{name} {year}"
        return {
            "0": f"{month:02d}/{year}",
            "1": f"{name} {year}",
            "2": short,
            "3": f"{year}-{month:02d}",
            "4": str(year),
            "5": f"{month:02d}.{year}",
            "6": f"{name[:3]} {year}" if self._language == "en" else short,
        }[self._form]
