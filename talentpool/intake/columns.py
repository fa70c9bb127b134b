"""What a column means: by its heading in several languages, and where that says nothing, by what stands in it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from talentpool.identity.emails import clean_email

KEEP = "custom"  # kept under its own heading
LEAVE = ""  # left out
NEW_FIELD = "custom.+"  # becomes a new field of the organisation's own


class Field(StrEnum):
    """What a column may become, with the words that the page shows."""

    NAME = "name", "Full name"
    GIVEN_NAME = "given_name", "Given name"
    FAMILY_NAME = "family_name", "Family name"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    LINK = "link", "Link"
    TITLE = "title", "Job title"
    EMPLOYER = "employer", "Employer"
    START = "start", "In this job since"
    HEADLINE = "headline", "Headline"
    SUMMARY = "summary", "Summary"
    LOCATION = "location", "City or place"
    REGION = "region", "State or region"
    COUNTRY = "country", "Country"
    SKILLS = "skills", "Skills"
    LANGUAGES = "languages", "Languages"
    CERTIFICATES = "certificates", "Certificates"
    SCHOOL = "school", "School"
    DEGREE = "degree", "Degree"
    AREA = "area", "Field of study"
    BIRTH_DATE = "birth_date", "Date of birth"
    INTERESTS = "interests", "Work they want"
    WANTED_PLACES = "wanted_places", "Places they want"
    SALARY = "salary", "Pay they expect"
    CURRENCY = "currency", "Currency of the pay"
    AVAILABILITY = "availability", "Available from, or notice"
    REMOTE = "remote", "Remote or at the office"
    RELOCATE = "relocate", "Would move"
    PERMITS = "permits", "Work permits"
    EXTERNAL_ID = "external_id", "Id at the source"

    label: str

    def __new__(cls, value: str, label: str = "") -> "Field":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


# One person may have several of these; of the others the first column that claims it gets it.
SEVERAL = frozenset(
    {
        *(Field.EMAIL, Field.PHONE, Field.LINK, Field.SKILLS, Field.LANGUAGES, Field.CERTIFICATES),
        *(Field.INTERESTS, Field.WANTED_PLACES, Field.PERMITS),
    }
)

_NAMES: dict[Field, str] = {
    Field.NAME: (
        "name|full name|fullname|candidate|candidate name|contact|contact name|applicant|applicant name"
        "|person|vollstandiger name|bewerber|kandidat|nom complet|candidat|nombre completo"
        "|nombre y apellidos|candidato|nome completo|volledige naam|kandidaat|naam|имя и фамилия|фио|姓名|氏名"
        "|名前"
    ),
    Field.GIVEN_NAME: (
        "first name|firstname|first|given name|given names|forename|vorname|prenom|nombre|nombres|nome"
        "|voornaam|imie|имя|名"
    ),
    Field.FAMILY_NAME: (
        "last name|lastname|last|family name|surname|nachname|familienname|nom|nom de famille|apellido"
        "|apellidos|cognome|sobrenome|apelido|achternaam|nazwisko|фамилия|姓"
    ),
    Field.EMAIL: (
        "email|e mail|mail|email address|e mail address|mail address|primary email|work email"
        "|personal email|private email|email 1|email 2|emailadresse|e mail adresse|courriel|adresse email"
        "|adresse e mail|correo|correo electronico|e mailadres|emailadres|indirizzo email|posta elettronica"
        "|endereco de email|почта|эл почта|メール|邮箱|电子邮件"
    ),
    Field.PHONE: (
        "phone|phone number|telephone|tel|mobile|mobile phone|mobile number|cell|cell phone|cellphone"
        "|work phone|home phone|telefon|telefonnummer|handy|handynummer|mobil|mobiltelefon"
        "|telephone portable|portable|movil|telefono|telefone|telemovel|celular|cellulare|telefoonnummer"
        "|mobiel|telefoon|телефон|電話|电话|手机"
    ),
    Field.LINK: (
        "linkedin|linkedin url|linkedin profile|profile url|url|website|web|github|github url|xing|homepage"
        "|portfolio|link|links|profil url|site web|sitio web|webseite|profile link"
    ),
    Field.TITLE: (
        "title|job title|position|role|current title|current position|current role|occupation|job|beruf"
        "|stelle|position|berufsbezeichnung|funktion|poste|fonction|intitule du poste|puesto|cargo"
        "|cargo actual|posizione|ruolo|mansione|functie|functietitel|profissao|должность|役職|职位"
    ),
    Field.EMPLOYER: (
        "employer|company|company name|current company|current employer|organisation|organization|firm"
        "|firma|arbeitgeber|unternehmen|entreprise|employeur|societe|empresa|empleador|empregador|azienda"
        "|datore di lavoro|bedrijf|werkgever|organisatie|компания|会社|公司"
    ),
    Field.START: ("start date|in this job since|position since|seit|employed since|job start"),
    Field.HEADLINE: ("headline|tagline|profile headline"),
    Field.SUMMARY: (
        "summary|about|bio|profile summary|profil|zusammenfassung|resume summary|resumen|perfil|notes on profile"
    ),
    Field.LOCATION: (
        "location|city|town|place|residence|suburb|ort|stadt|wohnort|ville|lieu|localisation|ciudad"
        "|localidad|ubicacion|cidade|localidade|citta|luogo|plaats|woonplaats|stad|город|市|城市"
    ),
    Field.REGION: ("state|region|province|county|bundesland|provincia|estado|regione|departement|provincie"),
    Field.COUNTRY: ("country|country code|land|pays|pais|paese|nation|страна|国|国家"),
    Field.SKILLS: (
        "skills|skill|technologies|competencies|expertise|key skills|kenntnisse|fahigkeiten|kompetenzen"
        "|competences|habilidades|competencias|conocimientos|competenze|vaardigheden|навыки|スキル|技能"
    ),
    Field.LANGUAGES: ("languages|language|spoken languages|sprachen|langues|idiomas|lingue|talen|linguas|языки"),
    Field.CERTIFICATES: (
        "certificates|certifications|licenses|licences|zertifikate|certificats|certificados|certificati"
    ),
    Field.SCHOOL: (
        "school|university|college|education|institution|hochschule|universitat|schule|universite|ecole"
        "|universidad|universita|universiteit|escuela|scuola"
    ),
    Field.DEGREE: ("degree|qualification|abschluss|diplome|titulo|titulacion|laurea|graad"),
    Field.AREA: ("field of study|area of study|major|studienfach|studiengang|filiere"),
    Field.BIRTH_DATE: (
        "date of birth|birth date|birthdate|birthday|dob|geburtsdatum|geburtstag|date de naissance"
        "|fecha de nacimiento|data di nascita|data de nascimento|geboortedatum"
    ),
    Field.INTERESTS: (
        "interests|work they want"
        "|desired job|desired position|desired role|desired jobs|job interests|wanted work|looking for"
        "|gewunschte stelle|wunschposition|gesuchte stelle|poste recherche|puesto deseado|cargo pretendido"
        "|gewenste functie|posizione desiderata"
    ),
    Field.WANTED_PLACES: (
        "places they want|desired location|desired locations|preferred location|preferred locations|willing to work in"
        "|wunschort|gewunschter ort|lieu souhaite|lieux souhaites|ubicacion deseada|gewenste locatie"
    ),
    Field.SALARY: (
        "salary|pay they expect"
        "|salary expectation|salary expectations|expected salary|desired salary|salary requirement"
        "|salary requirements|compensation|pay|rate|day rate|hourly rate|gehalt|gehaltsvorstellung|gehaltswunsch"
        "|wunschgehalt|stundensatz|tagessatz|salaire|pretentions salariales|salaire souhaite|tjm|salario"
        "|salario deseado|expectativa salarial|pretension salarial|pretensao salarial|salaris|salariswens"
        "|stipendio|ral|retribuzione desiderata"
    ),
    Field.CURRENCY: ("currency|salary currency|wahrung|devise|moneda|moeda|valuta"),
    Field.AVAILABILITY: (
        "available|availability|available from|availability date|notice period|notice|earliest start"
        "|earliest start date"
        "|verfugbar|verfugbar ab|verfugbarkeit|kundigungsfrist|eintrittstermin|disponibilite|disponible a partir de"
        "|preavis|disponibilidad|disponibilidade|preaviso|beschikbaar|beschikbaarheid|opzegtermijn|disponibilita"
        "|preavviso"
    ),
    Field.REMOTE: (
        "remote|where they work"
        "|remote work|work model|workplace type|home office|homeoffice|teletravail|teletrabajo|thuiswerken"
    ),
    Field.RELOCATE: (
        "relocate|moving|relocation|willing to relocate|open to relocation|umzugsbereit|umzugsbereitschaft|mobilite"
    ),
    Field.PERMITS: (
        "work permit|may work in|work permits|work authorization|work authorisation|right to work|visa|visa status"
        "|arbeitserlaubnis|aufenthaltstitel|permis de travail|permiso de trabajo|autorizacao de trabalho"
        "|werkvergunning|permesso di lavoro"
    ),
    Field.EXTERNAL_ID: (
        "id|candidate id|external id|record id|rec id|contact id|person id|applicant id|bewerber id|kandidaten id"
        "|candidate number"
    ),
}
_FIELD_OF = {name: field for field, names in reversed(_NAMES.items()) for name in names.split("|")}
_PHONE = re.compile(r"\+?[\d\s()./-]{7,25}")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:[T ].*)?|\d\d?[./-]\d\d?[./-](?:\d\d){1,2}")
_MOSTLY = 0.6
_NOTHING: Mapping[str, str] = {}


def recognised(
    headings: Sequence[str], samples: Sequence[Sequence[str]], own: Mapping[str, str] = _NOTHING
) -> list[str]:
    """For each column a Field, or KEEP for what is only kept; each single field is given once.

    `own` are the labels of the organisation's own fields with their names: a column of that heading becomes that field.
    """
    guesses = [_by_heading(heading) for heading in headings]
    for index, guess in enumerate(guesses):
        if guess is None:
            guesses[index] = _by_content([row[index] for row in samples if index < len(row) and row[index]])
    if Field.NAME in guesses and Field.FAMILY_NAME in guesses and Field.GIVEN_NAME not in guesses:
        guesses[guesses.index(Field.NAME)] = Field.GIVEN_NAME  # German and Dutch files: "Vorname" and "Name"
    if Field.NAME in guesses and Field.GIVEN_NAME in guesses and Field.FAMILY_NAME not in guesses:
        guesses[guesses.index(Field.NAME)] = Field.FAMILY_NAME
    return _with_own(_each_once(guesses), headings, {folded(label): name for label, name in own.items()})


def _with_own(columns: list[str], headings: Sequence[str], own: Mapping[str, str]) -> list[str]:
    taken: set[str] = set()
    for index, heading in enumerate(headings):
        name = own.get(folded(heading), "")
        if name and name not in taken:
            columns[index] = name
            taken.add(name)
    return columns


def _each_once(guesses: list[Field | None]) -> list[str]:
    taken: set[Field] = set()
    columns: list[str] = []
    for guess in guesses:
        free = guess is not None and (guess in SEVERAL or guess not in taken)
        columns.append(str(guess) if guess is not None and free else KEEP)
        if guess is not None:
            taken.add(guess)
    return columns


def folded(heading: str) -> str:
    """Lower case, without accents, marks and words in brackets; other scripts stay."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading).casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char)).replace("ß", "ss")
    return " ".join(re.sub(r"[^\w]+|_", " ", unicodedata.normalize("NFC", bare)).split())


def _by_heading(heading: str) -> Field | None:
    name = folded(heading)
    if name in _FIELD_OF:
        return _FIELD_OF[name]
    without_number = re.sub(r"\s*\d+$", "", name)
    return _FIELD_OF.get(without_number) or _FIELD_OF.get(
        without_number.removeprefix("candidate ").removeprefix("contact ")
    )


def _by_content(values: Sequence[str]) -> Field | None:
    if len(values) < 2:
        return None
    for field, fits in ((Field.EMAIL, _is_email), (Field.LINK, _is_link), (Field.PHONE, _is_phone)):
        if sum(map(fits, values)) >= _MOSTLY * len(values):
            return field
    return None


def _is_email(value: str) -> bool:
    return bool(clean_email(value))


def _is_link(value: str) -> bool:
    return _LINK.fullmatch(value) is not None


def _is_phone(value: str) -> bool:
    digits = sum(char.isdigit() for char in value)
    if _DATE.fullmatch(value):
        return False
    spaced = re.search(r"[\s()+-]", value) is not None
    return spaced and 7 <= digits <= 15 and _PHONE.fullmatch(value) is not None
