"""Which words name a job and which an organisation, in seven languages.

Measured to matter more than any other rule for telling the two apart.
"""

import re

_TITLE_WORDS = """
engineer developer manager director analyst consultant specialist coordinator assistant officer intern trainee
administrator architect designer lead head chief president vp nurse technician supervisor representative executive
associate accountant scientist researcher teacher lecturer professor recruiter auditor planner programmer writer
editor producer clerk cashier driver operator mechanic advisor adviser counsel attorney lawyer paralegal founder
co-founder owner partner volunteer freelance freelancer contractor tester strategist buyer controller treasurer
secretary receptionist therapist physician doctor resident pharmacist chef cook waiter barista foreman inspector agent
broker captain member fellow apprentice ceo cto cfo coo sre qa entwickler entwicklerin softwareentwickler leiter
leiterin teamleiter teamleiterin berater beraterin ingenieur konstrukteur zeichner buchhalter buchhalterin
controllerin referent referentin sachbearbeiter sachbearbeiterin werkstudent werkstudentin praktikant praktikantin
assistent assistentin assistenzarzt facharzt oberarzt arzt ärztin mitarbeiter mitarbeiterin geschäftsführer kaufmann
kauffrau techniker systemadministrator verkäufer lehrer pfleger auszubildender meister comptable contrôleur directeur
directrice auditeur responsable chargé chargée assistante ingénieur développeur développeuse conseiller vendeur
stagiaire gestionnaire technicien infirmier infirmière jefe técnico técnica directora coordinador coordinadora
ingeniero ingeniera desarrollador analista becario contable comercial enfermera gerente medewerker teamleider hoofd
adviseur ontwikkelaar ontwerper ontwerpster stagiair verkoper beheerder leraar verpleegkundige vormgever programador
engenheiro engenheira líder coordenador coordenadora estagiário estagiária consultor consultora desenvolvedor
enfermeiro ingegnere progettista responsabile tecnico direttore direttrice grafico grafica impiegato tirocinante
sviluppatore consulente addetto infermiere redattore manutentore
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_TITLE_ENDING = re.compile(
    r"(ingenieur|entwickler(in)?|leiter(in)?|berater(in)?|arzt|ärztin|manager(in)?|techniker(in)?|assistent(in)?"
    r"|ontwikkelaar|ontwerper|medewerker|buchhalter(in)?|student(in)?)$"
)
_RANKS = frozenset(
    ["senior", "junior", "jr", "sr", "staff", "principal", "lead", "head", "deputy", "associate", "chief"]
)
ORGANISATION = re.compile(
    r"\b(inc|llc|llp|ltd|limited|corp|corporation|co|plc|gmbh|ag|kg|se|e\.?v|s\.?a\.?s?|sarl|s\.?l\.?u?"
    r"|s\.?p\.?a|s\.?r\.?l"
    r"|b\.?v|n\.?v|ltda|lda|oy|ab|as|zrt|kft|pvt|pty|holdings?|group|groupe|gruppo|grupo|gruppe|university"
    r"|universität"
    r"|université|universidad|universidade|università|universiteit|institute|institut|college|school|hospital|clinic"
    r"|klinikum|klinik|krankenhaus|trust|bank|council|city of|ville de|gemeente|ministry|studio|agency"
    r"|agentur|agencia"
    r"|agência|labs?|systems|technologies|software|solutions|foundation|partners|& partner|& co|werke?"
    r"|officine)\b\.?",
    re.IGNORECASE,
)
SCHOOL = re.compile(
    r"\b(univ\w*|college|school|schule|institut\w*|academ\w*|akademie|hochschule|fachhochschule|polytech\w*"
    r"|politecnico|politécnic\w*"
    r"|école|ecole|escuela|escola|scuola|lycée|liceo|gymnasium|faculty|fakultät|hogeschool|\w+schule"
    r"|\w+gymnasium|\w*college|roc"
    r"|eth|epfl|mit|iit|iut|ifsi|iim|hec|insead|em lyon|essec|tu|th|fh|htw\w*|haw|dhbw|lmu|rwth|kit|fu|ucla"
    r"|ucl|lse|nyu|mcgill"
    r"|ihk|volkshochschule|seminary|conservator\w*|bootcamp)\b",
    re.IGNORECASE,
)
DEGREE = re.compile(
    r"\b(?:bachelor\w*|master\w*|b\.?\s?sc|m\.?\s?sc|b\.\s?a|m\.\s?a|ba|ma|b\.?\s?tech|m\.?\s?tech|b\.?\s?eng"
    r"|m\.?\s?eng|b\.?com|bba|mba|bsn|msn"
    r"|adn|asn|ll\.?[bm]|ph\.?\s?d|dphil|dnp|pharmd|jd|md|doctor\w*|promotion|diplom\w*|magister|staatsexamen"
    r"|abitur|fachabitur|matura"
    r"|mittlere reife|ausbildung|baccalauréat|bac(?:\s?[+]\s?\d)?|bts|dut|licen[cs]e|licenciatura|licenciado"
    r"|grado|máster|técnico superior"
    r"|bachillerato|laurea|dottorato|maturità|bacharelado|mestrado|doutorado|doutoramento|mestre|técnico em"
    r"|associate\w*|a-levels?"
    r"|high school diploma|ged|certificate|apprenticeship|degree|doctorandus|drs|hbo|mbo|vwo|havo)\b\.?"
    r"(?:(?:'s)?(?:\s+degree)?)?"
    r"(?:\s+(?:of|in|en|d'|of the)\s+(?:applied\s+|fine\s+)?(?:science|arts|engineering|technology|philosophy"
    r"|laws?|education"
    r"|business administration|public health|social work|état|etat)s?(?!\w)(?!\s+and\b))?",
    re.IGNORECASE,
)
AREA = re.compile(
    r"(?:scien|engineer|mathemat|matemat|mathém|econom|ekonom|écon|wirtschaft|financ|finanz|business"
    r"|informati[ckq]|informátic"
    r"|comput|design|nurs|pfleg|infirm|soins|medi[cz]|jura|\blaw\b|droit|derecho|direito|market|manag"
    r"|psycholog|psicolog|ingenier"
    r"|ingegner|engenhar|ingénier|maschinen|elektro|physi|chem|chim|quím|biolog|account|buchhalt|compta"
    r"|administra|communic"
    r"|comunica|kommunik|publici|logisti|stud(?:y|ies)|studien|\barts?\b|kunst|histor|geschichte|statisti"
    r"|linguist|literat|philosoph"
    r"|sociolog|politi|architect|arquitect|humanit|educa|pädagog|pedagog|trade|welding|automo|technolog"
    r"|bildung|tourism|vormgev"
    r"|gestal|rechts|theolog|music|analytics|data\b|systems?\b|health|human resources|supply)",
    re.IGNORECASE,
)


def title_score(text: str) -> float:
    """0 to 2: how much these words name a job."""
    words = re.findall(r"[\w'’-]+", text.lower())
    if not words or len(words) > 9:
        return 0.0
    named = sum(word in _TITLES or bool(_TITLE_ENDING.search(word)) for word in words)
    return min(named + 0.5 * sum(word in _RANKS for word in words), 2.0)


def organisation_score(text: str) -> float:
    """ "Software Engineer" and "Business Partner" are no organisations for all their words."""
    words = re.findall(r"[\w'’-]+", text)
    if not words or (len(words) > 1 and title_score(words[-1]) >= 1 and not re.search(r"[&]", text)):
        return 0.0
    return 1.2 if ORGANISATION.search(text) else 0.0


_SMALL_WORDS = """
of and the for in at on to by with a an de la le les du des et en y e da do dos das di del della delle dei van der den
für und im die das el los las zu von vom zum zur mit au aux à per con com met op bij een het il lo l' d' & um bei aus
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_MARK = re.compile(r"\s[–—|•·/-]\s|[,;:(]\s?")
_STRONG_MARK = re.compile(r"\s[–—|•·]\s")


def _begins_or_ends_with_title(piece: str) -> bool:
    words = piece.split()
    return 0 < len(words) <= 7 and (title_score(" ".join(words[:2])) > 0 or title_score(words[-1]) > 0)


def is_prose(text: str) -> bool:
    """Words that tell what somebody did rather than name a job or an employer."""
    words = re.findall(r"[^\s,;:()]+", text)
    if len(words) < 4:
        return False
    first = _STRONG_MARK.split(text)[0].split()
    if (
        len(first) < len(words)
        and len(first) <= 5
        and all(word[0].isupper() or not word[0].isalpha() for word in first)
    ):
        return False  # "Confluent · a platform for streams"
    small = sum(word.lower() in _SMALL for word in words)
    lower = sum(word[0].islower() and word.lower() not in _SMALL for word in words)
    counts = any(re.fullmatch(r"[$€£]?\d[\d.,]*\+?%?", word) for word in words)
    if any(_begins_or_ends_with_title(piece) for piece in _MARK.split(text)):
        return counts and lower >= 3
    if ORGANISATION.search(words[-1]) or SCHOOL.search(text):
        return counts and lower >= 2
    return (
        (counts and lower + small >= 2)
        or (len(words) >= 5 and lower >= 2)
        or (len(words) >= 6 and small >= 3)
        or (lower >= 2 and words[0][0].isupper())
    )
