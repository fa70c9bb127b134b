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
    r"\b(inc|llc|llp|ltd|limited|corp|corporation|co|plc|gmbh|ag|kg|se|e\.?v|s\.?a\.?s?|sarl|s\.?l\.?u?|s\.?p\.?a|s\.?r\.?l"
    r"|b\.?v|n\.?v|ltda|lda|oy|ab|as|zrt|kft|pvt|pty|holdings?|group|groupe|gruppo|grupo|gruppe|university|universität"
    r"|université|universidad|universidade|università|universiteit|institute|institut|college|school|hospital|clinic"
    r"|klinikum|klinik|krankenhaus|trust|bank|council|city of|ville de|gemeente|ministry|studio|agency|agentur|agencia"
    r"|agência|labs?|systems|technologies|software|solutions|foundation|partners?|& co|werke?|officine)\b\.?",
    re.IGNORECASE,
)
SCHOOL = re.compile(
    r"\b(univ\w*|college|school|institut\w*|academ\w*|akademie|hochschule|fachhochschule|polytechnic|politecnico|politécnic\w*"
    r"|école|escuela|escola|scuola|lycée|liceo|gymnasium|faculty|fakultät|hogeschool|eth|mit|iit"
    r"|tu|lmu|htwk|mcgill|business school)\b",
    re.IGNORECASE,
)
DEGREE = re.compile(
    r"\b(bachelor\w*|master\w*|b\.?\s?sc|m\.?\s?sc|b\.?\s?a|m\.?\s?a|b\.?\s?tech|m\.?\s?tech|b\.?\s?eng|m\.?\s?eng|b\.?com|mba|bsn"
    r"|ph\.?\s?d|doctor\w*|promotion|diplom\w*|magister|staatsexamen|abitur|licen[cs]e|licenciatura|licenciado|grado|máster"
    r"|laurea|dottorato|bacharelado|mestrado|doutorado|associate|a-levels?|high school"
    r"|certificate|degree|licentiaat|doctorandus)\b\.?",
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
    return 1.2 if ORGANISATION.search(text) else 0.0
