"""The words by which mail programs mark what they forward and quote, in seven languages."""

import re

FROM, TO, COPY, DATE, SUBJECT, OTHER = "from", "to", "copy", "date", "subject", "other"

_LABELS = {
    FROM: "from|von|de|da|van|remitente|expéditeur|expediteur|mittente|remetente|afzender|absender",
    TO: "to|an|à|a|para|aan|destinataire|destinatario|pour|voor|naar",
    COPY: "cc|kopie|copie|copia|cópia|kopie (cc)",
    DATE: (
        "date|sent|datum|gesendet|envoyé|envoye|fecha|enviado|enviado el|enviada|enviada em|enviado em|data|inviato"
        "|data invio|verzonden|verzonden op"
    ),
    SUBJECT: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp",
    OTHER: (
        "reply-to|reply to|antwort an|répondre à|responder a|responder para|rispondi a|antwoord aan|bcc|importance"
        "|wichtigkeit|importancia|attachments|anlagen|pièces jointes|datos adjuntos|anexos|allegati|bijlagen|priority"
        "|organization|message-id"
    ),
}
LABELS = {word: kind for kind, words in _LABELS.items() for word in words.split("|")}

# “---------- Forwarded message ---------”, “-----Ursprüngliche Nachricht-----”, Apple's “Begin forwarded message:”.
_MARKS = (
    "forwarded message|forwarded by .{1,80}|original message|original appointment|begin forwarded message"
    "|weitergeleitete nachricht|ursprüngliche nachricht|original-nachricht|originalnachricht"
    "|anfang der weitergeleiteten (?:nachricht|e-mail)"
    "|message transféré|message transmis|message d.origine|message original|début du message (?:réexpédié|transféré)"
    "|mensaje reenviado|mensaje original|inicio del mensaje reenviado"
    "|mensagem encaminhada|mensagem original|mensagem reencaminhada"
    "|início da mensagem (?:reencaminhada|encaminhada)|início de mensagem reenviada"
    "|messaggio inoltrato|messaggio originale|inizio messaggio inoltrato|inizio del messaggio inoltrato"
    "|doorgestuurd bericht|oorspronkelijk bericht|begin doorgestuurd bericht"
)
MARK = re.compile(rf"[-_ ]{{0,40}}(?:{_MARKS})(?: ?:| [-_]{{2,40}}|[-_ ]{{0,40}})", re.IGNORECASE)
RULE = re.compile(r"[_-]{10,200}")

# “On Tue, 3 Mar 2026 at 10:12, Jane Doe <jane@example.org> wrote:”, over at most three lines.
ATTRIBUTION = re.compile(
    r"^(?:On|Am|Le|El|Em|Il|Op|At|Den)\b[^\n]{0,200}(?:\n[^\n]{0,200}){0,2}?"
    r"\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|geschreven)\b[^\n:]{0,200}:[ \t]*$",
    re.MULTILINE,
)
SUBJECT_MARK = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|antw|tr|rv|enc|res|rif|i|r|doorst|sv|vs|réf|ref)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
