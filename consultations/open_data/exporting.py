"""Taking a table away: who may, what is in it, and the file as it streams."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.access import Person, require
from accounts.database import async_connection_parameters
from consultations.models import Consultation
from consultations.open_data.copying import Format, copy_statement
from consultations.open_data.streaming import STREAMS, as_json
from consultations.open_data.tables import Column, Extract, Table


@dataclass(frozen=True)
class Export:
    """A file that may be read. Everything was asked and decided; reading opens the connection."""

    filename: str
    _begin: Callable[[], AsyncIterator[bytes]]

    def read(self) -> AsyncIterator[bytes]:
        """The bytes, as they come. Recorded where they tell who people are."""
        return self._begin()


def export_table(
    *, consultation: Consultation, table: Table, file_format: Format, actor: Person, personal: bool = False
) -> Export:
    """One table of a consultation that ``actor`` may see, as a file.

    personal: with the columns that tell who a person is; needs a permission.
    Raises NotPermitted: for personal columns, or where everything in the table is withheld at this time.
    """
    if personal:
        require(actor, "consultations.export_personal_consultation", consultation)
    extract = table.extract(consultation, actor)
    extract.require_something()
    columns = table.columns_for(personal=personal)
    statement = copy_statement(extract.rows, columns, file_format)
    meta = described(consultation, table, columns, extract)  # now, while the reader's language is known

    def head(at: datetime) -> bytes:
        if file_format == Format.CSV:
            return ",".join(column.name for column in columns).encode() + b"\r\n"
        return as_json({"meta": {**meta, "generated_at": at.isoformat(timespec="milliseconds")}})

    def begin() -> AsyncIterator[bytes]:
        if personal:
            _record(consultation, table, file_format, actor)
        return STREAMS[file_format](async_connection_parameters(), statement, head)

    return Export(f"{consultation.slug}-{table.name}{'-personal' if personal else ''}.{file_format}", begin)


@transaction.atomic
def _record(consultation: Consultation, table: Table, file_format: Format, actor: Person) -> None:
    audit.record(
        "consultations.personal_data_exported",
        actor=actor,
        on=consultation,
        consultation_id=consultation.pk,
        table=table.name,
        format=file_format.value,
    )


def described(consultation: Consultation, table: Table, columns: list[Column], extract: Extract) -> dict[str, object]:
    """What a file says about itself, in the reader's language: the data dictionary, and what is held back."""
    return {
        "consultation": consultation.slug,
        "title": consultation.title,
        "agency": consultation.agency.slug,
        "table": table.name,
        "description": str(table.description),
        "columns": [
            {"name": column.name, "type": column.type.value, "meaning": str(column.meaning)} for column in columns
        ],
        "withheld": [
            {
                "id": part.id,
                "title": part.title,
                "code": part.reason.code,
                "reason": str(part.reason.sentence),
                "until": part.until.isoformat() if part.until else None,
            }
            for part in extract.withheld
        ],
        "source": settings.SITE_URL + reverse("consultations:data", args=[consultation.slug]),
        "licence": settings.DATA_LICENCE,
    }
