"""Words of an ATS as we understand them: what a stage means by its name, and text without its HTML."""

import re

from talentpool.intake.mail.html_text import text_of_html
from talentpool.models import Phase

LONGEST_TEXT = 100_000
# In this order: "offer interview" would be an interview, "hired" is said last of all.
_PHASES = (
    (Phase.REJECTED, r"reject|declin|not selected|disqualif|absage|abgelehnt|refus|rechazad|afgewezen|rifiutat"),
    (Phase.WITHDRAWN, r"withdr|zurückgezogen|retir[eé]|désist|ritirat|teruggetrokken"),
    (Phase.HIRED, r"hired|contract signed|placed|onboard|eingestellt|embauch|contratad|aangenomen|assunt"),
    (Phase.INTERVIEW, r"interview|onsite|on-site|assessment|gespräch|entretien|entrevista|gesprek|colloquio|panel"),
    (Phase.OFFER, r"offer|angebot|offre|oferta|proposta|aanbod|contract proposal|reference"),
    (Phase.SCREENING, r"screen|review|phone|initial|qualif|prüf|sichtung|présélection|vorauswahl|shortlist|triage"),
    (Phase.APPLIED, r"appl|new|inbox|sourced|lead|bewerb|candidat|nouveau|nuev|beworben|reached out|contacted"),
)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:[a-z]+|#\d+);")


def likely_phase(stage: str) -> str:
    """A guess that the mapping page shows and lets change; empty when the name says nothing."""
    name = stage.casefold()
    return next((phase.value for phase, pattern in _PHASES if re.search(pattern, name)), "")


def plain_text(text: str) -> str:
    """Without HTML, where there is any; what PostgreSQL can't hold is left out."""
    text = text[:LONGEST_TEXT].replace("\x00", "")
    text = "".join(char for char in text if not "\ud800" <= char <= "\udfff")
    return text_of_html(text).strip() if _TAG.search(text) else text.strip()
