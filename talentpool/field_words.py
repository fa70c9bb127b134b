"""The fields of a person in words, for pages and sentences."""

from talentpool.identity.rules import GROUPS

FIELD_WORDS = {
    "name": "Name",
    "given_name": "Given name",
    "family_name": "Family name",
    "headline": "Headline",
    "summary": "Summary",
    "birth_date": "Date of birth",
    "location": "Lives in",
    "country": "Country",
    "emails": "E-mail addresses",
    "phones": "Phone numbers",
    "links": "Links",
    "positions": "Posts",
    "education": "Education",
    "skills": "Skills",
    "languages": "Languages",
    "certificates": "Certificates",
    "interests": "Work they want",
    "wanted_places": "Places they want",
    "salary": "Pay they expect",
    "availability": "Available",
    "remote": "Where they work",
    "relocate": "Moving",
    "permits": "May work in",
}
GROUP_WORDS = {
    "names": "Name",
    "about": "Headline, summary and date of birth",
    "place": "Where they live",
    "contact": "E-mail addresses, phones and links",
    "career": "Posts",
    "education": "Education",
    "skills": "Skills, languages and certificates",
    "wishes": "What they want",
    "custom": "Your own fields",
}
assert set(GROUP_WORDS) == set(GROUPS), "every group needs its words"


def field_words(name: str) -> str:
    return FIELD_WORDS.get(name, name.replace("_", " ").capitalize())
