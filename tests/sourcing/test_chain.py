"""The chain holds through what is meant to happen, and tells what is not. Tampering is done as the superuser."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from crm.models import AuditEntry
from crm.tenancy.scope import _tenant_id, tenant_scope
from sourcing.actions.chaining import anchor_chain, chain_entries
from sourcing.actions.keeping import begin_hold, end_hold, keep_log
from sourcing.actions.masking import mask_words
from sourcing.models import SearchLogEntry, SearchLogHead, SearchLogLink, SearchLogWords
from sourcing.queries.verification import verify_log
from talentpool.actions.erasure import erase_candidate
from tests.database import _connect
from tests.factories.people import make_candidate
from tests.sourcing.conftest import NOW, searched

pytestmark = pytest.mark.django_db(transaction=True)


def tamper(*statements):
    with _connect(connection.settings_dict["NAME"]) as database, database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            database.execute(statement)


def fault(now=NOW):
    found = verify_log(now=now).fault
    return found and (found.number, found.entry_id, found.sentence)


def test_an_untouched_chain_holds_and_its_hashes_can_be_followed(log):
    found = verify_log(now=NOW)
    assert (found.entries, found.fault) == (3, None)
    assert found.hash == SearchLogLink.objects.get(number=3).hash == SearchLogHead.objects.get().hash
    assert chain_entries() == 0


def test_an_organisation_without_searches_has_nothing_broken(tenant):
    assert verify_log(now=NOW).fault is None


@pytest.mark.parametrize(
    "change",
    [
        "total = 7",
        "at = at + interval '1 microsecond'",
        "candidate_ids = '{8}'",
        "member_id = NULL",
        "session = gen_random_uuid()",
        "search_id = 1",
        "kind = 'paged'",
        "detail = '{}'",
        "via = 'api'",
    ],
)
def test_a_changed_entry_is_found(log, change):
    second = log.entries[1].pk
    tamper(f"UPDATE sourcing_searchlogentry SET {change} WHERE id = {second}")
    assert fault() == (2, second, "The entry is not what it was when it was chained.")


def test_changed_and_removed_words_are_found(log):
    second = log.entries[1].pk
    tamper(f"""UPDATE sourcing_searchlogwords SET said = said || '{{"text": "x"}}' WHERE entry_id = {second}""")
    assert fault() == (2, second, "The entry’s words are not what they were.")
    tamper(f"DELETE FROM sourcing_searchlogwords WHERE entry_id = {second}")
    assert fault() == (2, second, "The entry’s words are not what they were.")


def test_a_removed_entry_is_found(log):
    second = log.entries[1].pk
    tamper(f"DELETE FROM sourcing_searchlogentry WHERE id = {second}")
    assert fault() == (2, second, "The entry is gone, and no removal in the log accounts for it.")


def test_a_removal_that_the_application_did_not_seal_excuses_nothing(log, member, tenant):
    second = log.entries[1].pk
    tamper(
        f"DELETE FROM sourcing_searchlogentry WHERE id = {second}",
        "INSERT INTO sourcing_searchlogentry (tenant_id, at, kind, candidate_ids, total_is_estimate, act, detail,"
        f" words_digest, via) VALUES ({tenant.pk}, '{NOW}', 'removed', '{{}}', false, '',"
        f""" '{{"entries": [{second}], "seal": "x"}}', '', 'web')""",
    )
    chain_entries()
    assert fault() == (2, second, "The entry is gone, and no removal in the log accounts for it.")


def test_a_removed_link_is_found(log):
    tamper("DELETE FROM sourcing_searchloglink WHERE number = 2")
    assert fault() == (2, log.entries[2].pk, "Link 2 of the chain is missing; the next one is 3.")


def test_links_in_another_order_are_found(log):
    _, second, third = (entry.pk for entry in log.entries)
    tamper(
        f"UPDATE sourcing_searchloglink SET number = 99 WHERE entry_id = {second}",
        f"UPDATE sourcing_searchloglink SET number = 2 WHERE entry_id = {third}",
        f"UPDATE sourcing_searchloglink SET number = 3 WHERE entry_id = {second}",
    )
    sentence = "The link does not follow from the one before it: it was changed, moved or put between."
    assert fault() == (2, third, sentence)


def test_a_chain_that_was_cut_short_is_found(log):
    third = log.entries[2].pk
    tamper(
        f"DELETE FROM sourcing_searchlogwords WHERE entry_id = {third}",
        f"DELETE FROM sourcing_searchlogentry WHERE id = {third}",
        "DELETE FROM sourcing_searchloglink WHERE number = 3",
    )
    assert fault() == (2, 0, "The chain ends at 2, and it did reach 3: it was cut short.")
    last = SearchLogLink.objects.get(number=2).hash
    tamper(f"UPDATE sourcing_searchloghead SET number = 2, hash = '{last}'")
    assert fault() == (2, 0, "The end of the chain carries no seal of this application.")
    tamper("DELETE FROM sourcing_searchloghead")
    assert fault() == (2, 0, "Where the chain ends was written down nowhere.")


def test_a_chain_that_was_put_back_to_an_older_end_is_found_by_the_audit_log(log, member):
    older = SearchLogHead.objects.get()
    searched(member, "doctor", 9)
    chain_entries()
    anchor_chain()
    fourth = SearchLogLink.objects.get(number=4)
    tamper(
        f"DELETE FROM sourcing_searchlogwords WHERE entry_id = {fourth.entry_id}",
        f"DELETE FROM sourcing_searchlogentry WHERE id = {fourth.entry_id}",
        "DELETE FROM sourcing_searchloglink WHERE number = 4",
        f"UPDATE sourcing_searchloghead SET number = 3, hash = '{older.hash}', seal = '{older.seal}'",
    )
    assert fault() == (3, 0, "The chain ends at 3; the audit log remembers 4.")


def test_an_entry_that_came_in_beside_the_chain_is_found(log, member):
    entry = searched(member, "backdated", 5, now=NOW - timedelta(days=2))
    assert chain_entries() == 0
    assert fault() == (3, entry.pk, "The entry is older than an hour and in no chain.")


def test_the_command_tells_the_first_broken_entry_and_ends_with_1(log, tenant, capsys):
    call_command("verify_search_log", tenant="acme")
    assert capsys.readouterr().out == f"acme: 3 entries hold. Last hash: {SearchLogHead.objects.get().hash}\n"
    second = log.entries[1].pk
    tamper(f"UPDATE sourcing_searchlogentry SET total = 7 WHERE id >= {second}")
    with pytest.raises(CommandError, match=r"The search log of acme does not hold\.") as error:
        call_command("verify_search_log")
    assert error.value.returncode == 1
    assert f"acme: broken at link 2, entry {second}. The entry is not what" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no organisation"):
        call_command("verify_search_log", tenant="nowhere")


def test_a_hundred_searches_at_once_make_one_chain(tenant, member):
    trouble = []

    def search(number):
        try:
            with tenant_scope(tenant.pk):
                for each in range(10):
                    searched(member, f"nurse {number} {each}", number, now=timezone.now())
                    chain_entries()
        except BaseException as error:
            trouble.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=search, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain_entries()
    assert trouble == []
    assert verify_log(now=timezone.now()).entries == 100
    assert fault(timezone.now()) is None


def test_what_a_killed_process_left_unchained_comes_with_the_next(log, member):
    cache.set("search-log-chaining", True, 60)  # its task was never sent
    left = searched(member, "left", 4)
    searched(member, "next", 5)
    assert chain_entries() == 2
    assert SearchLogLink.objects.get(number=4).entry_id == left.pk
    assert fault() is None


def test_an_entry_whose_transaction_ends_outside_the_scope_is_chained_all_the_same(tenant, member):
    cache.delete("search-log-chaining")
    token = _tenant_id.set(None)
    try:
        with transaction.atomic(), tenant_scope(tenant.pk):
            searched(member, "nurse", 1)
    finally:
        _tenant_id.reset(token)
    assert cache.get("search-log-chaining") is True


def test_what_was_kept_long_enough_goes_and_the_chain_holds(log, member):
    young = searched(member, "young", 9, now=NOW + timedelta(days=800))
    keep_log(now=NOW + timedelta(days=3 * 366))
    assert [entry.pk for entry in SearchLogEntry.objects.exclude(kind="removed")] == [young.pk]
    assert SearchLogWords.objects.count() == 1
    assert SearchLogLink.objects.count() == 5
    assert fault(NOW + timedelta(days=3 * 366)) is None
    anchor = AuditEntry.objects.get(verb="search_log.anchored").detail
    assert (anchor["number"], anchor["hash"]) == (5, SearchLogHead.objects.get().hash)
    assert AuditEntry.objects.get(verb="search_log.removed").detail == {"number": 3}


def test_the_database_removes_nothing_younger_than_a_year(log, member):
    young = searched(member, "young", 9, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM search_log_remove(%s::bigint[])", [[young.pk]])
        assert cursor.fetchall() == []


def test_a_hold_upon_the_whole_log_stops_removal_in_the_database_too(log, member):
    hold = begin_hold(reason="EEOC charge 550-2026", by=member)
    later = NOW + timedelta(days=4 * 366)
    keep_log(now=later)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM search_log_remove(%s::bigint[])", [[entry.pk for entry in log.entries]])
        assert cursor.fetchall() == []
    assert SearchLogEntry.objects.count() == 3
    end_hold(hold, by=member, now=later)
    keep_log(now=later)
    assert [entry.kind for entry in SearchLogEntry.objects.all()] == ["removed"]


def test_erasing_somebody_takes_their_name_out_of_the_words_and_the_chain_holds(log, member):
    person = make_candidate("Zoë Ångström", contact_points=[{"kind": "email", "value": "zoe@example.org"}])
    entry = searched(member, 'nurse "Angstrom, Zoe" OR ZOE@example.org', person.pk)
    other = searched(member, "zoe nurse", 1)
    chain_entries()
    erase_candidate(person, reason="asked", by=member)
    chain_entries()
    assert SearchLogWords.objects.get(entry=entry).said["text"] == 'nurse "[erased], [erased]" OR [erased]@example.org'
    assert SearchLogWords.objects.get(entry=other).said["text"] == "zoe nurse"
    assert SearchLogEntry.objects.get(pk=entry.pk).candidate_ids == [person.pk]
    assert fault() is None
    tamper(f"""UPDATE sourcing_searchlogwords SET said = '{{"text": "x"}}' WHERE entry_id = {entry.pk}""")
    assert fault() == (4, entry.pk, "The entry’s words are not what they were.")


def test_a_name_of_one_word_is_left_alone(log, member):
    searched(member, "nurse madonna", 1)
    assert mask_words(["Madonna", "nobody@example.org"], now=NOW) == 0


def test_chains_of_two_organisations_have_nothing_to_do_with_each_other(log, other_member):
    with tenant_scope(other_member.tenant_id):
        searched(other_member, "nurse", 1)
        chain_entries()
        assert (verify_log(now=NOW).entries, verify_log(now=NOW).fault) == (1, None)
    assert verify_log(now=NOW).entries == 3
