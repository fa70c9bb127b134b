"""Notes with the colleagues they name."""

from django import template
from django.utils.safestring import SafeString

from talentpool.mentions import marked
from talentpool.models import Note

register = template.Library()


@register.simple_tag
def note_text(note: Note) -> SafeString:
    return marked(note.text, [mention.words for mention in note.mentions.all()])
