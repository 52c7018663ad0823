"""Heads are stamped by others: a real RFC 3161 authority, and a small fake of Blockchain Federal Argentina."""

import socket
import threading
from datetime import UTC, datetime

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command

from consultations.clock import database_now
from tests.factories import UserFactory, choose
from tests.voting.authority import FakeBfa, openssl, serving, stamped
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold
from voting.log import stamping
from voting.models import TimeStamp
from voting.timestamping.bfa import Bfa
from voting.timestamping.http import post
from voting.timestamping.port import NoService, Stamp, StampFailed
from voting.timestamping.rfc3161 import Rfc3161

NOTE = b"a head\n"


@pytest.fixture
def service(authority):
    root = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes())
    with serving(lambda path, body: stamped(authority, body)) as url:
        yield Rfc3161(url, [root])


class TestRfc3161:
    def test_a_stamp_is_valid_for_its_note_and_for_no_other(self, service):
        stamp = service.stamp(NOTE)
        assert stamp.at is not None
        assert service.is_valid(NOTE, stamp)
        assert not service.is_valid(b"another head\n", stamp)

    def test_a_stamp_of_an_authority_that_nobody_trusts_is_refused(self, service, authority):
        openssl(
            authority, "req", "-newkey", "rsa:2048", "-nodes", "-x509", "-days", "9", "-subj", "/CN=Other",
            "-keyout", "other.key", "-out", "other.pem",
        )  # fmt: skip
        other = x509.load_pem_x509_certificate((authority / "other.pem").read_bytes())
        with pytest.raises(StampFailed):
            Rfc3161(service._url, [other]).stamp(NOTE)

    @pytest.mark.parametrize("answer", [b"", b"nonsense", b"\x30\x03\x02\x01\x00"])
    def test_an_answer_that_is_none_is_a_failure_and_no_crash(self, service, answer):
        with serving(lambda path, body: answer) as url, pytest.raises(StampFailed):
            Rfc3161(url, service._roots).stamp(NOTE)

    def test_nobody_there_is_a_failure(self, service):
        with pytest.raises(StampFailed):
            Rfc3161("http://127.0.0.1:9", service._roots).stamp(NOTE)


class TestBfa:
    def test_a_hash_is_left_waits_and_is_in_a_block_in_the_end(self):
        chain = FakeBfa()
        with serving(chain) as url:
            service = Bfa(url)
            stamp = service.stamp(NOTE)
            assert (stamp.at, service.complete(NOTE, stamp)) == (None, stamp)
            chain.block()
            done = service.complete(NOTE, stamp)
            assert done.at.year == 2026
            assert done.data["is_permanent"]
            assert service.is_valid(NOTE, done)
            assert not service.is_valid(b"another head\n", done)

    def test_the_time_is_read_as_the_first_version_of_the_service_writes_it_too(self):
        chain = FakeBfa(time="21/11/2026 20:51:49")
        with serving(chain) as url:
            stamp = Bfa(url).stamp(NOTE)
            chain.block()
            assert Bfa(url).complete(NOTE, stamp).at == datetime(2026, 11, 21, 20, 51, 49, tzinfo=UTC)

    def test_a_time_that_is_none_is_a_failure(self):
        chain = FakeBfa(time=None)
        with serving(chain) as url, pytest.raises(StampFailed):
            stamp = Bfa(url).stamp(NOTE)
            chain.block()
            Bfa(url).complete(NOTE, stamp)

    @pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"status": "failure"}', b'{"status": "success"}'])
    def test_an_answer_that_is_none_is_a_failure(self, answer):
        with serving(lambda path, body: answer) as url, pytest.raises(StampFailed):
            Bfa(url).stamp(NOTE)


@pytest.mark.django_db
class TestHeads:
    @pytest.fixture
    def sealed(self, poll):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        return fold(poll.pk)

    def test_the_newest_head_of_each_poll_is_stamped_once(self, sealed, service):
        assert stamping.stamp_heads(service).stamped == [sealed]
        assert stamping.stamp_heads(service) == stamping.Round()
        kept = TimeStamp.objects.get()
        assert (kept.seal, kept.service) == (sealed, "rfc3161")
        assert kept.stamped_at is not None

    def test_one_that_waits_is_completed_by_a_later_call(self, sealed):
        chain = FakeBfa()
        with serving(chain) as url:
            stamping.stamp_heads(Bfa(url))
            assert TimeStamp.objects.get().stamped_at is None
            chain.block()
            stamping.stamp_heads(Bfa(url))
        assert TimeStamp.objects.get().stamped_at.year == 2026

    @pytest.mark.parametrize("data", [{}, {"token": "AAAA"}, {"rd": "1x-4212", "is_permanent": True}])
    def test_a_stamp_that_nobody_could_check_in_the_export_is_not_kept(self, sealed, data):
        class Careless(NoService):
            def stamp(self, note):
                return Stamp("bfa" if "rd" in data else "rfc3161", data, database_now())

        assert [seal for seal, _ in stamping.stamp_heads(Careless()).failed] == [sealed]
        assert not TimeStamp.objects.exists()

    def test_a_service_that_fails_costs_nothing_but_the_stamp(self, sealed):
        assert [seal for seal, _ in stamping.stamp_heads(Bfa("http://127.0.0.1:9")).failed] == [sealed]
        assert not TimeStamp.objects.exists()

    def test_without_a_service_the_command_says_so(self, sealed, capsys):
        assert isinstance(stamping.service(), NoService)
        call_command("stamp_heads")
        assert "no time-stamping service" in capsys.readouterr().out

    def test_the_operator_is_told_of_each_that_failed_and_why_and_the_command_fails(self, sealed, capsys, settings):
        settings.TIMESTAMPING, settings.TIMESTAMP_URL = "bfa", "http://127.0.0.1:9"
        with pytest.raises(CommandError, match="the next run asks again"):
            call_command("stamp_heads")
        said = capsys.readouterr().err
        assert f"Poll {sealed.poll_id}: the head of number {sealed.number} was not stamped: no answer: " in said

    def test_a_stamp_that_waits_and_is_not_known_any_more_is_told_as_well(self, sealed, settings, capsys):
        chain = FakeBfa()
        with serving(chain) as url:
            settings.TIMESTAMPING, settings.TIMESTAMP_URL = "bfa", url
            call_command("stamp_heads")
            chain.waiting = {}
            with pytest.raises(CommandError):
                call_command("stamp_heads")
        assert "does not know the hash" in capsys.readouterr().err

    @pytest.mark.parametrize("content", [None, b"", b"no certificate"])
    def test_certificates_that_cannot_be_read_are_told_in_one_line(self, settings, tmp_path, content):
        settings.TIMESTAMPING, settings.TIMESTAMP_ROOTS = "rfc3161", str(tmp_path / "roots.pem")
        if content is not None:
            (tmp_path / "roots.pem").write_bytes(content)
        with pytest.raises(CommandError, match="TIMESTAMP_ROOTS"):
            call_command("stamp_heads")

    def test_the_wrong_authority_is_named_as_such(self, sealed, service, authority, tmp_path):
        openssl(
            authority, "req", "-newkey", "rsa:2048", "-nodes", "-x509", "-days", "9", "-subj", "/CN=Other",
            "-keyout", "another.key", "-out", "another.pem",
        )  # fmt: skip
        other = x509.load_pem_x509_certificate((authority / "another.pem").read_bytes())
        [(_, reason)] = stamping.stamp_heads(Rfc3161(service._url, [other])).failed
        assert "TIMESTAMP_ROOTS" in reason


@pytest.mark.parametrize("line", [b"HELLO\r\n\r\n", b""])
def test_what_is_no_answer_of_http_is_a_failure(line):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            other, _ = server.accept()
            other.recv(65536)
            other.sendall(line)
            other.close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(StampFailed):
            post(f"http://127.0.0.1:{server.getsockname()[1]}", b"{}", "application/json")


@pytest.mark.parametrize("url", ["http://", "http://[1/", "http://a:b/", "http://a b/"])
def test_an_address_that_is_none_is_a_failure(url):
    with pytest.raises(StampFailed):
        post(url, b"{}", "application/json")
