"""Each fold grows the poll's Merkle tree and signs its head; the log says its rules first, and is only added to."""

import base64
import json
import secrets

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import override_settings

from tests.factories import UserFactory, choose, make_consultation, make_poll
from tests.voting.test_closing import end
from voting.ballots.bulk import append_ballots
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due, result_of
from voting.ballots.folding import fold
from voting.ledger import entries
from voting.ledger.note import BadNote, VerifyingKey, opened
from voting.ledger.tree import leaf_hash, root_of, verify_consistency, verify_inclusion
from voting.log import reading as log
from voting.models import Ballot, Leaf, Opening, Poll, Seal, SigningKey, Subtree

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_poll()


def cast(poll, side="for"):
    return cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))


def crowd(poll, number):
    append_ballots(poll, ((secrets.token_bytes(32), choose(poll, "for")) for _ in range(number)))
    return fold(poll.pk)


def test_the_first_entry_is_the_manifest_with_the_rules_as_they_were_at_the_first_ballot(poll):
    cast(poll)
    fold(poll.pk)
    first, ballot = Leaf.objects.filter(poll=poll)
    manifest = json.loads(first.statement)

    assert (first.number, first.ballot_id, manifest["kind"]) == (0, None, "manifest")
    assert manifest["question"] == entries.text_hash(poll.question)
    assert [option["kind"] for option in manifest["options"]] == ["for", "against", "abstain"]
    assert manifest["method"] == "for_against_abstain"
    assert VerifyingKey.parse(manifest["key"]) == SigningKey.objects.get().verifying
    assert bytes(first.hash) == leaf_hash(first.statement.encode())
    assert ballot.number == 1


def test_the_signed_head_is_that_of_the_tree_over_all_entries_and_names_the_log(poll):
    cast(poll)
    fold(poll.pk)
    cast(poll)
    seal = fold(poll.pk)
    head = log.head_of(seal)

    assert (head.origin, head.size) == (f"testserver/polls/{poll.pk}", 3)
    assert head.root == root_of(bytes(hash_) for hash_ in Leaf.objects.values_list("hash", flat=True))


def test_a_ballots_leaf_is_the_hash_of_what_its_row_says(poll):
    ballot = cast(poll)
    fold(poll.pk)
    row = Ballot.objects.get(pk=ballot.pk)
    entry = entries.ballot_entry(
        ballot_id=str(row.pk), voter=bytes(row.pseudonym), revision=1, commitment=bytes(row.commitment)
    )
    assert bytes(row.leaf.hash) == leaf_hash(entry)


def test_ballots_of_one_seal_stand_in_the_order_of_their_commitments(poll):
    for _ in range(12):
        cast(poll)
    fold(poll.pk)
    commitments = [bytes(c) for c in Ballot.objects.order_by("leaf__number").values_list("commitment", flat=True)]
    assert commitments == sorted(commitments)


def test_every_entry_and_every_earlier_head_is_proven_in_the_newest_head_over_full_subtrees_too(poll):
    heads = [log.head_of(crowd(poll, number)) for number in (1, 300, 255, 1, 600)]
    last = heads[-1]
    assert Subtree.objects.filter(poll=poll).count() == last.size // 256 == 4
    hashes = [bytes(hash_) for hash_ in Leaf.objects.values_list("hash", flat=True)]

    for number in (0, 1, 255, 256, 300, 511, 512, last.size - 1):
        found = log.inclusion(poll, number, last.size)
        assert verify_inclusion(hashes[number], number, last.size, found.proof, last.root)
    for head in heads:
        proof = log.consistency(poll, head.size, last.size)
        assert verify_consistency(head.size, last.size, head.root, last.root, proof)


def test_the_close_is_the_last_entry_and_commits_to_the_result_without_telling_it(poll):
    cast(poll)
    poll = close_if_due(end(poll))
    last = json.loads(Leaf.objects.get(poll=poll, number=2).statement)

    assert last["kind"] == "close"
    assert last["result"] == entries.commitment_of(bytes(poll.outcome.salt), result_of(poll, poll.outcome)).hex()
    assert last["result"] != entries.commitment_of(b"", result_of(poll, poll.outcome)).hex()
    assert Seal.objects.get(poll=poll).number == 2


def test_a_poll_in_which_nobody_voted_has_a_log_of_its_rules_and_its_close(poll):
    close_if_due(end(poll))
    assert [json.loads(leaf.statement)["kind"] for leaf in Leaf.objects.all()] == ["manifest", "close"]


def test_a_fold_that_cannot_sign_counts_nothing_and_loses_nothing(poll):
    cast(poll)
    with override_settings(SIGNING_KEY="nonsense"), pytest.raises(ValueError, match="32 bytes"):
        fold(poll.pk)
    assert (Leaf.objects.count(), poll.queue.count()) == (0, 1)
    assert fold(poll.pk).number == 1


class TestKeys:
    new = base64.b64encode(b"another key, of thirty-two bytes").decode()

    def test_a_new_key_signs_what_comes_and_the_old_one_vouches_for_it(self, poll, settings):
        cast(poll)
        first = fold(poll.pk)
        settings.SIGNING_KEY_BEFORE, settings.SIGNING_KEY = settings.SIGNING_KEY, self.new
        cast(poll)
        second = fold(poll.pk)

        old, new = SigningKey.objects.all()
        assert (first.key, second.key) == (old, new)
        text, by = opened(new.endorsement, [old.verifying])
        assert by == old.verifying and str(new.verifying) in text
        with pytest.raises(BadNote):
            opened(second.head, [old.verifying])
        assert log.head_of(first).size < log.head_of(second).size

    def test_the_page_and_the_api_show_the_public_half_and_never_the_secret(self, client, poll, settings):
        cast(poll)
        fold(poll.pk)
        for address in ("/polls/keys/", "/api/v1/signing-keys/"):
            answer = client.get(address).content.decode()
            assert SigningKey.objects.get().verifying.id.hex() in answer
            assert settings.SIGNING_KEY not in answer


class TestTheDatabaseItselfRefuses:
    @pytest.fixture
    def sealed(self, poll):
        cast(poll)
        crowd(poll, 300)
        return poll

    @pytest.mark.parametrize("table", ["ballot", "leaf", "subtree", "seal", "signingkey"])
    @pytest.mark.parametrize(
        "statement", ["DELETE FROM {}", "UPDATE {} SET id = {id}", "TRUNCATE {} CASCADE", "DELETE FROM {} WHERE true"]
    )
    def test_whatever_is_not_adding_even_to_a_replica(self, sealed, table, statement):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
            with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                new_id = "gen_random_uuid()" if table == "ballot" else "id + 1000000"
                cursor.execute(statement.format(f"voting_{table}", id=new_id))

    def test_changing_an_opening_even_to_a_replica(self, sealed):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
                Opening.objects.update(choices={})

    def test_a_ballot_of_no_poll_and_the_end_of_a_poll_that_has_ballots(self, poll):
        with pytest.raises(IntegrityError, match="no such poll"), transaction.atomic():
            Ballot.objects.create(poll_id=poll.pk + 999, pseudonym=b"p" * 32, revision=1, commitment=b"x" * 32)
        cast(poll)
        with pytest.raises(IntegrityError, match="has ballots"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM voting_option; DELETE FROM voting_pollsecret; DELETE FROM voting_poll")

    def test_every_guard_is_there_and_always_on(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgenabled = 'A' AND tgrelid::regclass::text LIKE 'voting_%'"
            )
            found = set(cursor.fetchall())
        only_added = {
            "voting_ballot",
            "voting_leaf",
            "voting_subtree",
            "voting_seal",
            "voting_signingkey",
            "voting_deviation",
        }
        assert found == {
            *((table, f"{table}_never_changes") for table in only_added),
            *((table, f"{table}_is_never_deleted") for table in only_added),
            *((table, f"{table}_is_never_emptied") for table in only_added),
            ("voting_opening", "voting_opening_never_changes"),
            ("voting_ballot", "voting_ballot_guard"),
            ("voting_poll", "voting_poll_stays_closed"),
            ("voting_poll", "voting_poll_with_ballots_stays"),
        }


class TestTheApi:
    def test_gives_heads_newest_first_and_proofs_that_hold(self, client, poll):
        for _ in range(3):
            cast(poll)
            fold(poll.pk)
        api = f"/api/v1/polls/{poll.pk}/log/"
        keys = [VerifyingKey.parse(key["key"]) for key in client.get("/api/v1/signing-keys/").json()]
        heads = [log.Head.parse(opened(seal["head"], keys)[0]) for seal in client.get(f"{api}heads/").json()]
        assert [head.size for head in heads] == [4, 3, 2]
        assert client.get(api).json()["head"]["number"] == 3
        assert [head["size"] for head in client.get(f"{api}heads/?before=2").json()] == [2]

        inclusion = client.get(f"{api}inclusion/?number=2").json()
        proof = [base64.b64decode(hash_) for hash_ in inclusion["proof"]]
        assert verify_inclusion(base64.b64decode(inclusion["leaf_hash"]), 2, 4, proof, heads[0].root)
        answer = client.get(f"{api}consistency/?old=2&new=4").json()
        proof = [base64.b64decode(hash_) for hash_ in answer["proof"]]
        assert verify_consistency(2, 4, heads[2].root, heads[0].root, proof)

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("inclusion/", 400),
            ("inclusion/?number=-1", 400),
            ("inclusion/?number=9", 404),
            ("inclusion/?number=0&size=99", 404),
            ("inclusion/?number=0&size=99999999999999", 400),
            ("consistency/?old=2&new=1", 404),
            ("consistency/?old=0&new=99", 404),
            ("consistency/?old=x&new=1", 400),
        ],
    )
    def test_says_plainly_what_it_cannot_prove(self, client, poll, query, status):
        cast(poll)
        fold(poll.pk)
        assert client.get(f"/api/v1/polls/{poll.pk}/log/{query}").status_code == status


def test_an_export_never_carries_more_checkpoints_than_allowed_and_always_the_last(poll):
    for _ in range(9):
        cast(poll)
        fold(poll.pk)
    assert [seal.number for seal in log.checkpoints_of(poll)] == list(range(1, 10))
    few = [seal.number for seal in log.checkpoints_of(poll, most=4)]
    assert len(few) == 4 and few[-1] == 9 and few[0] == 1


def test_the_page_of_the_log_tells_its_seals_and_rules(client, poll):
    assert client.get(f"/polls/{poll.pk}/log/").status_code == 200
    cast(poll)
    seal = fold(poll.pk)
    page = client.get(f"/polls/{poll.pk}/log/").content.decode()
    assert seal.head.split("\n")[2] in page.replace("&#x27;", "'")
    assert Poll.objects.get(pk=poll.pk).question in page
    assert "Renglón 0: las reglas, fijas desde el primer voto" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_a_budget_fixes_amount_and_costs_in_its_manifest():
    from tests.factories.consultations import ProposalFactory

    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    proposals = [ProposalFactory(consultation=consultation, cost_cents=cost) for cost in (60_00, 40_00)]
    poll = make_poll(consultation, method="greedy", options=proposals)
    cast_ballot(poll=poll, voter=UserFactory(), choices={})
    fold(poll.pk)
    manifest = json.loads(Leaf.objects.get(poll=poll, number=0).statement)
    assert manifest["limits"]["budget"] == 100_00
    assert [option["cost"] for option in manifest["options"]] == [60_00, 40_00]
