"""Fields of the ATS's own, and which of ours they are. Values stay as they came; ours are read from them when a person
is derived: typed, and as the ATS's word."""

from django.core.exceptions import ValidationError

from ats_sync.actions.rights import derive_anew, hold_rules
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from crm.audit import record
from crm.models import Member
from crm.permissions import Permission, may
from talentpool.actions.custom_fields import create_field
from talentpool.custom_values import likely_kind
from talentpool.models import CustomField, Profile, Source

LOOKED_AT = 200  # values by which a new field's kind is guessed
LONGEST_LABEL = 80


def field_for(connection: Connection, word: AtsRecord, *, by: Member) -> str:
    """The key of a new field of ours that is called so, of the kind that all its values are."""
    if word.kind != Kind.FIELD:
        raise ValidationError(f"“{word.name}” is no field.")
    if not may(by, Permission.MANAGE_ORGANISATION):
        raise ValidationError("Only who manages the organisation may add fields to people.")
    said = Profile.objects.filter(source=connection.source_id, fields__custom__has_key=word.external_id)
    values = [str(fields["custom"][word.external_id]) for fields in said.values_list("fields", flat=True)[:LOOKED_AT]]
    label = " ".join(word.name.split())[:LONGEST_LABEL].strip()
    return create_field(label, likely_kind(values), by=by).key


def map_fields(connection: Connection, *, by: Member) -> None:
    """Everybody of the ATS is derived anew in the background. Raises a ValidationError for a field of ours that two of
    theirs would be, or that is none of ours."""
    words = AtsRecord.objects.filter(connection=connection, kind=Kind.FIELD).exclude(maps_to="")
    mapped = dict(words.values_list("external_id", "maps_to"))
    ours = dict(CustomField.objects.filter(key__in=mapped.values()).values_list("key", "label"))
    for key in mapped.values():
        if key not in ours:
            raise ValidationError("That is no field of yours any more. Look at the list again.")
        if list(mapped.values()).count(key) > 1:
            raise ValidationError(f"Two of their fields can’t be “{ours[key]}”: choose one of them.")
    hold_rules()
    Source.objects.filter(pk=connection.source_id).update(own_fields=mapped)
    record("connection.fields_mapped", connection, by=by, fields=mapped)
    derive_anew(connection, by=by)
