"""The draft texts of the demonstration: their versions, out of files, by the way that an editor takes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from consultations.documents import importing
from consultations.documents.drafting import create_document
from consultations.documents.publishing import publish_version
from consultations.documents.reading_files import Given
from consultations.models import Consultation, Document, Version

FOLDER = Path(__file__).parent / "texts"


def write_first_version(consultation: Consultation, script: dict[str, Any]) -> None:
    """Where the script tells of a text: its first version, published before the consultation was."""
    if "text" not in script:
        return
    editor = User.objects.get(email=script["editor"])
    document = create_document(consultation=consultation, actor=editor, title=script["text"]["title"])
    version = _bring_in(document, script, 1, editor)
    # Long ago: what is published has its date for good, so it gets it now.
    first = consultation.phases.all()[0].starts_at
    version.published_at, version.published_by = first - timedelta(days=2), editor
    version.save(update_fields=["published_at", "published_by"])


def publish_second_version(consultation: Consultation, script: dict[str, Any]) -> None:
    """What people said has changed the text: published now, so that what they annotated is placed in it."""
    if "text" not in script:
        return
    editor = User.objects.get(email=script["editor"])
    document = consultation.documents.get()
    version = _bring_in(document, script, 2, editor)
    publish_version(
        version=version, actor=editor, known_revision=version.revision, summary=script["text"]["second_summary"]
    )


def _bring_in(document: Document, script: dict[str, Any], number: int, editor: User) -> Version:
    text = (FOLDER / f"{script['slug']}-{number}.md").read_text(encoding="utf-8")
    rows = importing.read(document, Given(text, is_markdown=True))
    draft = document.versions.filter(published_at__isnull=True).first()
    known = draft.revision if draft else importing.NO_DRAFT
    version = importing.save(document=document, actor=editor, known_revision=known, rows=rows)
    version.document = document
    return version
