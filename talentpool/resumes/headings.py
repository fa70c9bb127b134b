"""The words that open a section of a résumé, in seven languages.

Words alone decide: telling headings by their looks gained nothing when it was measured.
"""

import functools
import re

_WORDS = {
    "work": (
        "experience|work experience|professional experience|relevant experience|work|work history|employment"
        "|employment history|career history|career|berufserfahrung|beruflicher werdegang|berufliche erfahrung"
        "|beruflicher hintergrund|berufspraxis|werdegang|praxiserfahrung|expérience|expériences"
        "|expérience professionnelle|expériences professionnelles|parcours professionnel|experiencia"
        "|experiencia laboral|experiencia profesional|trayectoria profesional|werkervaring|ervaring|loopbaan"
        "|arbeidsverleden|experiência|experiência profissional|percurso profissional|histórico profissional"
        "|esperienza|esperienze|esperienza lavorativa|esperienze lavorative|esperienza professionale"
        "|esperienze professionali"
    ),
    "education": (
        "education|academic background|education and training|studies|qualifications|ausbildung|bildung"
        "|bildungsweg|studium|schulbildung|akademische ausbildung|formation|formations|études|éducation"
        "|diplômes|parcours académique|formación|formación académica|educación|estudios|opleiding|opleidingen"
        "|onderwijs|formação|formação académica|formação acadêmica|educação|habilitações|istruzione"
        "|istruzione e formazione|formazione|studi"
    ),
    "skills": (
        "skills|technical skills|professional skills|it skills|computer skills|soft skills|key skills"
        "|core competencies|competencies|technologies|expertise|tech stack|skills & tools|kenntnisse"
        "|fähigkeiten|fachkenntnisse|it-kenntnisse|edv-kenntnisse|kompetenzen|compétences"
        "|compétences techniques|compétences clés|habilidades|competencias|aptitudes|conocimientos"
        "|vaardigheden|competenties|kennis|competências|habilidades técnicas|competenze|capacità"
        "|competenze tecniche"
    ),
    "languages": (
        "languages|language skills|sprachen|sprachkenntnisse|langues|idiomas|lenguas|talen|talenkennis"
        "|línguas|lingue|lingue straniere"
    ),
    "summary": (
        "summary|profile|about|about me|professional summary|objective|career objective|personal statement"
        "|profil|kurzprofil|über mich|zusammenfassung|à propos|résumé|perfil|resumen|sobre mí|extracto"
        "|profiel|samenvatting|over mij|resumo|sobre mim|profilo|sommario|chi sono"
    ),
    "contact": (
        "contact|contact me|contact information|contact details|personal details|personal information|kontakt"
        "|persönliche daten|coordonnées|contacto|datos personales|contactgegevens|persoonlijke gegevens"
        "|contato|dados pessoais|contatti|dati personali|informazioni personali|profiles|links"
    ),
    "references": ("references|recommendations|referenzen|références|referencias|referenties|referências|referenze"),
    "certificates": (
        "certificates|certifications|zertifikate|licenses|certificates and licenses"
        "|licenses and certifications|certificats|certificados|certificaciones|certificaten|certificati"
        "|certificazioni"
    ),
    "other": (
        "projects|side projects|projekte|projets|proyectos|projecten|projetos|progetti|volunteer|volunteering"
        "|volunteer work|volunteer experience|ehrenamt|bénévolat|voluntariado|vrijwilligerswerk|volontariato"
        "|awards|honors|achievements|auszeichnungen|publications|publikationen|publicaciones|courses"
        "|interests|hobbies|hobbys|hobby's|interessen|centres d'intérêt|loisirs|intereses|interesses"
        "|interessi|background|open source projects|projects experience|personal projects|selected projects"
        "|awards and honors|training|weiterbildung|fortbildung|formation continue|cursos|corsi|cursussen"
    ),
}
_SECTION_OF = {word: section for section, words in _WORDS.items() for word in words.split("|")}
_UNSPACED = {word.replace(" ", ""): section for word, section in _SECTION_OF.items() if len(word) > 5}
_AND = re.compile(r" and | und | et | y | e | en | / |/|, ")


@functools.lru_cache(20_000)
def heading(text: str) -> str | None:
    """The section that this line opens, or None."""
    folded = text.strip(" :.•|-–—*#").lower().replace("’", "'")
    folded = folded if "tools" in folded else folded.replace("&", "and")
    if not folded or len(folded) > 40:
        return None
    if folded in _SECTION_OF:
        return _SECTION_OF[folded]
    if (unspaced := folded.replace(" ", "")) in _UNSPACED:  # S K I L L S
        return _UNSPACED[unspaced]
    parts = _AND.split(folded)
    if len(parts) == 2 and parts[0] in _SECTION_OF and parts[1] in _SECTION_OF:
        return _SECTION_OF[parts[0]]
    return None
