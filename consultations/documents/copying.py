"""The texts of an earlier consultation as drafts of a new one."""

from accounts.access import Person
from consultations.documents.drafting import Part, create_document
from consultations.documents.publishing import last_published
from consultations.models import Consultation


def copy_documents(source: Consultation, *, to: Consultation, actor: Person) -> None:
    """Each text as it was last published, as a first version to work on: its articles are new ones, nobody's words.

    Raises NotPermitted. In the transaction of who calls.
    """
    for document in source.documents.order_by("position"):
        version = last_published(document)
        if version is not None:
            articles = [
                Part(kind=article.kind, label=article.label, heading=article.heading, body=article.body)
                for article in version.articles.defer("text", "html")
            ]
            create_document(consultation=to, actor=actor, title=document.title, articles=articles)
