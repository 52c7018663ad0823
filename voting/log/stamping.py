"""Having the heads of logs stamped by the service that the settings choose."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, Max

from voting.ledger import verify as verifier
from voting.models import Seal, TimeStamp
from voting.timestamping.bfa import Bfa
from voting.timestamping.port import NoService, Service, Stamp, StampFailed
from voting.timestamping.rfc3161 import Rfc3161


@dataclass
class Round:
    """What became of the heads that were asked for. ``failed``: with the reason; they are asked for again."""

    stamped: list[Seal] = field(default_factory=list)
    failed: list[tuple[Seal, str]] = field(default_factory=list)


def service() -> Service:
    """The one that ``TIMESTAMPING`` names. Raises ImproperlyConfigured where its certificates cannot be read."""
    if Bfa.name == settings.TIMESTAMPING:
        return Bfa(settings.TIMESTAMP_URL)
    if Rfc3161.name == settings.TIMESTAMPING:
        try:
            roots = x509.load_pem_x509_certificates(Path(settings.TIMESTAMP_ROOTS).read_bytes())
        except (OSError, ValueError) as fault:
            raise ImproperlyConfigured(f"TIMESTAMP_ROOTS names no file of certificates in PEM: {fault}") from fault
        return Rfc3161(settings.TIMESTAMP_URL, roots)
    return NoService()


def stamp_heads(stamper: Service) -> Round:
    """Ask for a stamp of each poll's newest head that has none, and for those that still wait.

    One that fails is left for the next call. Not inside a transaction that holds a lock: a service may take its time.
    """
    done = Round()
    _complete(stamper, done)
    newest = Seal.objects.annotate(last=Max("poll__seals__number")).filter(number=F("last"))
    for seal in newest.filter(stamps__isnull=True).order_by("pk"):
        try:
            stamp = _checked(seal, stamper.stamp(seal.head.encode()))
        except StampFailed as fault:
            done.failed.append((seal, str(fault)))
            continue
        TimeStamp.objects.create(seal=seal, service=stamp.service, data=stamp.data, stamped_at=stamp.at)
        done.stamped.append(seal)
    return done


def _complete(stamper: Service, done: Round) -> None:
    rows = TimeStamp.objects.filter(stamped_at__isnull=True, service=stamper.name)
    for row in rows.select_related("seal"):
        try:
            waiting = Stamp(row.service, row.data, None)
            stamp = _checked(row.seal, stamper.complete(row.seal.head.encode(), waiting))
        except StampFailed as fault:
            done.failed.append((row.seal, str(fault)))
            continue
        row.data, row.stamped_at = stamp.data, stamp.at
        row.save(update_fields=["data", "stamped_at"])


def _checked(seal: Seal, stamp: Stamp) -> Stamp:
    """The stamp, unless it has its time and whoever checks the export could not read it as one of this head."""
    if stamp.at is not None:
        try:
            verifier.check_stamps([{"note": seal.head, "stamps": [{"service": stamp.service, **stamp.data}]}])
        except verifier.Wrong as wrong:
            raise StampFailed("the answer is not as it should be") from wrong
    return stamp
