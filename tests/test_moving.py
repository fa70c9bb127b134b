"""A whole pool moved to an empty organisation: every table, every row, nothing lost and nothing of anybody else's."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.test import override_settings

from crm.encryption import EncryptedTextField
from crm.models import AuditEntry, Member, Tenant, User
from crm.moving.archive import Archive
from crm.moving.packing import columns_of, pack
from crm.moving.references import renumbered
from crm.moving.tables import left_out, tables, tenant_models
from crm.moving.unpacking import count_units as units_to_unpack
from crm.moving.unpacking import unpack
from crm.tenancy.models import TenantModel
from crm.tenancy.scope import tenant_scope
from talentpool.actions.derivation import rederive
from talentpool.actions.edits import edit_candidate
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.files import add_file, content_of
from talentpool.actions.notes import add_note
from talentpool.actions.people import IncomingRecord, Outcome, receive_profiles
from talentpool.actions.segments import save_search
from talentpool.actions.tags import tag_named, tag_people
from talentpool.models import (
    Activity,
    Candidate,
    File,
    IdentityKey,
    Profile,
    ProfileKind,
    Segment,
    Source,
    Tag,
)
from talentpool.person import PersonFields
from tests.factories.everything import make_everything
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_entry, make_pipeline

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
NAMES = [
    "Zoë Ångström",
    "李小龍",
    "محمد بن سلمان",
    "Владимир Иванов",
    "สมชาย ใจดี",
    'O\'Brien "Bob" \\ \n|',
    "👩‍⚕️ Nurse",
    "אָלף",
]


def packed(tenant) -> bytes:
    with tenant_scope(tenant.pk):
        return b"".join(content for content, _ in pack(connection, tenant, now=NOW))


def brought_in(tenant, archive: bytes) -> int:
    with tenant_scope(tenant.pk), transaction.atomic():
        return sum(unpack(connection, Archive(io.BytesIO(archive))))


def rows_by_place(tenant, besides=()):
    """Every row of every table that moves, each id replaced by the row's place among those of its table."""
    with tenant_scope(tenant.pk):
        found = {table: list(table.model._default_manager.order_by("pk").values()) for table in tables()}
    found = {table: [row for row in rows if (table.label, row["id"]) not in besides] for table, rows in found.items()}
    places = {(table.label, row["id"]): at for table, rows in found.items() for at, row in enumerate(rows, 1)}
    return {
        table.label: [_plain(renumbered(table, row, lambda *key: places.get(key, 0)), places, table) for row in rows]
        for table, rows in found.items()
    }


def _plain(row, places, table):
    left_behind = {
        field.column: None
        for field in table.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.null and getattr(field.related_model, "moving", None)
        if field.related_model.moving.left_out
    }
    row = row | left_behind
    row = {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
    return row | {"id": places[table.label, row["id"]], "tenant_id": "the organisation"}


def test_every_table_moves_or_says_why_not():
    """Whoever adds a table says here what becomes of it; see crm/tenancy/moving.py."""
    moved = {table.model for table in tables()}
    assert {model._meta.db_table for model in tenant_models()} == {table.name for table in tables()} | set(left_out())
    wrong = []
    for model in moved:
        declared = {*model.moving.refs, *model.moving.named, *model.moving.plain}
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                target = field.related_model
                stays = issubclass(target, TenantModel) and target not in moved and not field.null
                if stays or (not issubclass(target, TenantModel) and target is not User and field.name != "tenant"):
                    wrong.append(f"{model.__name__}.{field.name} points at {target.__name__}, which does not move")
            elif _may_hold_ids(field) and field.column not in declared:
                wrong.append(f"{model.__name__}.{field.name}: say in `moving` which ids it holds, or that it is plain")
        wrong += [f"{model.__name__}: no column {name}" for name in declared if not _has(model, name)]
        wrong += [
            f"{model.__name__}: no model {ref.model}"
            for refs in model.moving.refs.values()
            for ref in refs
            if not ref.model.startswith("{") and ref.model not in {table.label for table in tables()}
        ]
    assert wrong == []


def _may_hold_ids(field):
    if isinstance(field, (models.JSONField, ArrayField)):
        return True
    return isinstance(field, models.IntegerField) and field.name.endswith("_id") and not field.primary_key


def _has(model, column):
    return column in {field.column for field in model._meta.concrete_fields}


def test_secrets_and_what_passes_stay_behind():
    encrypted = {
        f"{table.name}.{field.column}"
        for table in tables()
        for field in table.columns
        if isinstance(field, EncryptedTextField)
    }
    assert encrypted == {"talentpool_erasuresecret.secret"}
    assert {"crm_apitoken", "crm_invitation", "crm_bulkrun", "talentpool_searchoutbox"} <= set(left_out())


def test_a_row_of_every_table_comes_out_as_it_went_in(tenant, other_tenant, member):
    make_everything(tenant, member, 7_000_001)
    before = rows_by_place(tenant)
    archive = packed(tenant)
    units = brought_in(other_tenant, archive)
    after = rows_by_place(other_tenant)
    arrived = {
        "crm.Member": [row | {"user_id": None, "removed_at": None} for row in before["crm.Member"]],
        "crm.AuditEntry": [row | {"via": f"moved, {row['via']}"} for row in before["crm.AuditEntry"]],
        "talentpool.AgencyUser": [row | {"removed_at": None} for row in before["talentpool.AgencyUser"]],
        "talentpool.ImportRun": [row | {"state": "cancelled", "worker": ""} for row in before["talentpool.ImportRun"]],
        "talentpool.Drop": [
            row | {"state": "cancelled", "worker": "", "is_on": False} for row in before["talentpool.Drop"]
        ],
        "talentpool.IncomingMail": [
            row | {"state": "cancelled", "worker": ""} for row in before["talentpool.IncomingMail"]
        ],
        "talentpool.Segment": [row | {"size": 0, "ready_made": ""} for row in before["talentpool.Segment"]],
        "campaigns.SendChunk": [row | {"worker": ""} for row in before["campaigns.SendChunk"]],
    }
    assert [row["removed_at"] for row in after["talentpool.AgencyUser"]] != [None]
    after["talentpool.AgencyUser"] = [row | {"removed_at": None} for row in after["talentpool.AgencyUser"]]
    after["crm.Member"] = [row | {"user_id": None, "removed_at": None} for row in after["crm.Member"]]
    assert after == before | arrived
    assert {label: len(rows) for label, rows in after.items() if not rows} == {}
    assert units == units_to_unpack(Archive(io.BytesIO(archive)))


@pytest.fixture
def pool(tenant, member):
    """Some people of all scripts, merged, edited, tagged, erased, with files, notes and pipelines."""
    fair = Source.objects.create(name="Job fair")
    records = [
        IncomingRecord(
            fair,
            ProfileKind.ROW,
            PersonFields(name=name, emails=(f"p{at}@example.org",), skills=("Triage", "Ωmega"), headline=f"No. {at}"),
            raw={"Name": name, "candidate_id": 5, "from": ["p1"]},
            external_id=f"x{at}:{at}",
            observed_at=NOW,
        )
        for at, name in enumerate(NAMES)
    ]
    people = [each.candidate_id for each in receive_profiles(records, by=member, now=NOW)]
    first, second, third = (Candidate.objects.get(pk=pk) for pk in people[:3])
    edit_candidate(first, {"headline": "Head of ICU", "skills": {"add": ["Rust"], "remove": ["Triage"]}}, by=member)
    edit_candidate(first, {"headline": "Head of all"}, by=member)
    add_file(first, "résumé.txt", "Zoë Ångström\nNurse".encode(), by=member)
    add_file(second, "the same.txt", "Zoë Ångström\nNurse".encode(), by=member)
    add_note(second, "Call on Monday", by=member)
    tag = tag_named("Silver 🥈")
    tag_people(tag, [second.pk], by=member)
    make_entry(make_pipeline(member), member, candidate=third)
    save_search("Tagged", text="nurse", facets={"tag": [str(tag.pk)], "source": [str(fair.pk)]}, by=member)
    erase_candidate(Candidate.objects.get(pk=people[-1]), reason="asked", by=member)
    Candidate.objects.filter(pk=people[3]).update(merged_into=people[4])
    return tenant


def test_a_pool_works_as_before_where_it_arrives(pool, other_tenant, other_member):
    third = Tenant.objects.create(name="Third", slug="third")
    with tenant_scope(third.pk):
        make_candidate("Somebody of others")
    archive = packed(pool)
    assert b"Somebody of others" not in rezipped(archive, compression=zipfile.ZIP_STORED)
    with tenant_scope(other_tenant.pk):
        there = {(AuditEntry._meta.label, pk) for pk in AuditEntry.objects.values_list("pk", flat=True)}
    assert brought_in(other_tenant, archive) > 50
    outside = {("crm.Member", other_member.pk), *there}
    before, after = rows_by_place(pool), rows_by_place(other_tenant, besides=outside)
    for label in ("crm.Member", "crm.AuditEntry"):
        assert len(before.pop(label)) == len(after.pop(label))
    assert after == before
    with tenant_scope(other_tenant.pk):
        _check_lineage()
        _check_words_about_rows()
        assert _comes_back(NAMES[-1], len(NAMES) - 1) == Outcome.ERASED
        assert _comes_back(NAMES[1], 1) == Outcome.UNCHANGED
        assert {content_of(file).decode() for file in File.objects.all()} == {"Zoë Ångström\nNurse"}


def _check_lineage():
    """Everybody derived anew is as they came: every id inside lineage and edits names their own profile."""
    Candidate.objects.update(updated_at=NOW)
    rederive(Candidate.objects.filter(merged_into=None).values_list("pk", flat=True), now=NOW + timedelta(days=1))
    assert list(Candidate.objects.exclude(updated_at=NOW)) == []
    first = Candidate.objects.get(name=NAMES[0])
    profile, edits = first.profile_set.get(), list(first.fieldedit_set.order_by("pk"))
    assert first.lineage["headline"]["from"] == [f"e{edits[-1].pk}"]
    assert edits[0].replaced["lineage"] == {"from": [f"p{profile.pk}"]}
    assert profile.raw == {"Name": NAMES[0], "candidate_id": 5, "from": ["p1"]}
    fair = Source.objects.get(name="Job fair")
    assert IdentityKey.objects.get(origin=first, kind="external").value == f"{fair.pk}:x0:0"


def _check_words_about_rows():
    note = Activity.objects.get(kind="noted")
    assert note.data["note_id"] == note.candidate.note_set.get().pk
    assert Activity.objects.filter(kind="received")[0].data["profile"] in Profile.objects.values_list("pk", flat=True)
    tag, fair = Tag.objects.get(), Source.objects.get(name="Job fair")
    assert Segment.objects.get().facets == {"tag": [str(tag.pk)], "source": [str(fair.pk)]}
    entry = AuditEntry.objects.filter(verb="file.added")[0]
    assert entry.detail["candidate_id"] == File.objects.get(pk=entry.subject_id).candidate_id


def _comes_back(name, at):
    fair = Source.objects.get(name="Job fair")
    fields = PersonFields(name=name, emails=(f"p{at}@example.org",), skills=("Triage", "Ωmega"), headline=f"No. {at}")
    raw = {"Name": name, "candidate_id": 5, "from": ["p1"]}
    record = IncomingRecord(fair, ProfileKind.ROW, fields, raw=raw, external_id=f"x{at}:{at}", observed_at=NOW)
    return receive_profiles([record], by=None, now=NOW)[0].outcome


def test_the_archive_is_a_zip_that_other_tools_read(pool):
    archive = zipfile.ZipFile(io.BytesIO(packed(pool)))
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["version"], manifest["organisation"]["name"]) == ("rapport-pool", 1, pool.name)
    assert [facts["table"] for facts in manifest["tables"]] == [table.name for table in tables()]
    for facts in manifest["tables"]:
        lines = archive.read(facts["part"])
        rows = [json.loads(line) for line in lines.splitlines()]
        assert (facts["rows"], facts["bytes"]) == (len(rows), len(lines))
        assert facts["sha256"] == hashlib.sha256(lines).hexdigest()
        assert {key for row in rows for key in row} <= set(facts["columns"])
    [file] = [name for name in archive.namelist() if name.startswith("files/")]
    assert file == f"files/{hashlib.sha256(archive.read(file)).hexdigest()}"
    assert manifest["files"] == {"number": 1, "bytes": len(archive.read(file))}


def test_members_are_known_by_their_address_and_the_rest_let_nobody_in(pool, member, other_tenant, other_member):
    known = User.objects.create_user("known@example.org", "correct horse battery")
    with tenant_scope(pool.pk):
        Member.objects.create(user=known, role="recruiter", name="Known")
        Member.objects.create(user=User.objects.create_user("gone@example.org"), role="viewer", name="Gone")
    archive = packed(pool)
    User.objects.filter(email="gone@example.org").update(email="renamed@example.org")
    brought_in(other_tenant, archive)
    with tenant_scope(other_tenant.pk):
        rows = Member.objects.order_by("pk").values_list("user__email", "name", "user__is_active")
        assert set(rows) == {
            (
                other_member.user.email.removesuffix(".example") if False else "owner@rival.example",
                other_member.name,
                True,
            ),
            ("owner@acme.example", member.name, True),
            ("known@example.org", "Known", True),
            ("gone@example.org", "Gone", False),
        }
        assert list(Member.objects.active()) == [other_member]
    assert not User.objects.get(email="gone@example.org").has_usable_password()


def test_an_organisation_with_anything_in_it_is_refused(pool, other_tenant):
    with tenant_scope(other_tenant.pk):
        make_candidate()
    with pytest.raises(ValidationError, match="candidates here already"):
        brought_in(other_tenant, packed(pool))


def rezipped(archive: bytes, changes=None, *, added=(), compression=zipfile.ZIP_DEFLATED) -> bytes:
    """The archive as somebody's tools might have changed it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for name in old.namelist():
            content = (changes or {}).get(name, lambda content: content)(old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in added:
            new.writestr(name, content)
    return out.getvalue()


def with_table(archive: bytes, name: str, change) -> bytes:
    """A table's rows changed, and the manifest made to fit."""
    part = f"tables/{name}.jsonl"
    rows = [json.loads(line) for line in zipfile.ZipFile(io.BytesIO(archive)).read(part).splitlines()]
    lines = "".join(json.dumps(row) + "\n" for row in change(rows)).encode()

    def fitted(manifest):
        said = json.loads(manifest)
        for facts in said["tables"]:
            if facts["table"] == name:
                number, digest = lines.count(b"\n"), hashlib.sha256(lines).hexdigest()
                facts |= {"rows": number, "bytes": len(lines), "sha256": digest}
        return json.dumps(said)

    return rezipped(archive, {part: lambda _: lines, "manifest.json": fitted})


def _edited(**values):
    return lambda rows: [rows[0] | values, *rows[1:]]


def _manifest(**values):
    return {"manifest.json": lambda text: json.dumps(json.loads(text) | values)}


DAMAGE = {
    "no zip": (lambda good: b"hello", "no zip"),
    "cut off": (lambda good: good[: len(good) // 2], "no zip"),
    "no manifest": (lambda good: rezipped(good, {"manifest.json": lambda _: None}), "no manifest.json"),
    "another format": (lambda good: rezipped(good, _manifest(format="x")), "no pool that was moved"),
    "a later version": (lambda good: rezipped(good, _manifest(version=2)), "version 2"),
    "a foolish manifest": (lambda good: rezipped(good, _manifest(tables=[{"table": 5}])), "manifest can’t be read"),
    "a row changed": (
        lambda good: rezipped(good, {"tables/talentpool_tag.jsonl": lambda text: text.replace(b"Silver", b"Golden")}),
        "not as it was packed",
    ),
    "a row more": (
        lambda good: rezipped(good, {"tables/talentpool_tag.jsonl": lambda text: text + text}),
        "longer than the archive says",
    ),
    "a table missing": (lambda good: rezipped(good, {"tables/talentpool_tag.jsonl": lambda _: None}), "missing"),
    "a file changed": (
        lambda good: rezipped(good, dict.fromkeys(_files(good), lambda text: text + b"!")),
        "is not as it was packed",
    ),
    "a file missing": (lambda good: rezipped(good, dict.fromkeys(_files(good), lambda _: None)), "is missing"),
    "a path upwards": (lambda good: rezipped(good, added=[("../../etc/passwd", "x")]), "does not belong"),
    "no row": (lambda good: with_table(good, "talentpool_tag", lambda rows: [["x"]]), "is no row"),
    "an id twice": (lambda good: with_table(good, "talentpool_tag", lambda rows: rows * 2), "with one id"),
    "another's row": (
        lambda good: with_table(good, "talentpool_candidatetag", _edited(candidate_id=9_999_999_999)),
        "candidate_id that is not in the archive",
    ),
    "no id": (lambda good: with_table(good, "talentpool_candidatetag", _edited(tag_id="x")), "is no id of a row"),
    "a strange column": (
        lambda good: rezipped(
            good,
            {"manifest.json": lambda text: text.replace(b'"moved_at"', b'"moved_at", "tenant_id"')},
        ),
        "not known here",
    ),
    "a value that is none of the choices": (
        lambda good: with_table(good, "talentpool_source", _edited(kind="<b>")),
        "that “talentpool_source” knows",
    ),
    "a text too long": (
        lambda good: with_table(good, "talentpool_tag", _edited(name="x" * 61)),
        "can’t be taken",
    ),
    "a NUL": (lambda good: with_table(good, "talentpool_tag", _edited(name="\0")), "can’t be taken"),
    "a role that is none": (lambda good: with_table(good, "crm_member", _edited(role="god")), "“god”"),
    "a member without address": (lambda good: with_table(good, "crm_member", _edited(email="")), "no e-mail address"),
}


def _files(archive):
    return [name for name in zipfile.ZipFile(io.BytesIO(archive)).namelist() if name.startswith("files/")]


def test_what_is_damaged_or_forged_is_refused_in_a_sentence_and_leaves_nothing(pool, other_tenant):
    good, said = packed(pool), {}
    for name, (damage, _) in DAMAGE.items():
        with pytest.raises(ValidationError) as error:
            brought_in(other_tenant, damage(good))
        said[name] = error.value.messages[0]
    assert {name: words for name, words in said.items() if DAMAGE[name][1] not in words} == {}
    with tenant_scope(other_tenant.pk):
        assert [table.name for table in tables() if table.model._default_manager.exists()] == []
    assert brought_in(other_tenant, rezipped(good, compression=zipfile.ZIP_STORED)) > 50


@override_settings(MOVE_IN_MAX_UNPACKED=10_000)
def test_a_bomb_is_refused_before_it_is_unpacked(pool, other_tenant):
    with pytest.raises(ValidationError, match="larger than"):
        brought_in(other_tenant, packed(pool))


def test_columns_that_the_archive_lacks_begin_with_their_defaults(pool, other_tenant):
    def without_trust(rows):
        return [{key: value for key, value in row.items() if key != "trust"} for row in rows]

    older = with_table(packed(pool), "talentpool_source", without_trust)
    older = rezipped(older, {"manifest.json": lambda text: text.replace(b'"trust",', b"")})
    assert "trust" in columns_of(next(table for table in tables() if table.model is Source))
    brought_in(other_tenant, older)
    with tenant_scope(other_tenant.pk):
        assert Source.objects.values_list("trust", flat=True)[0] == Source._meta.get_field("trust").default
