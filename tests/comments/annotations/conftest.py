import pytest

from accounts.models import Role
from comments.annotations.annotating import annotate
from tests.factories import UserFactory, make_consultation, make_document, member


@pytest.fixture
def consultation(db):
    return make_consultation()


@pytest.fixture
def document(consultation):
    """Three articles about trees, in version 1: see ``tests/factories/documents.py``."""
    return make_document(consultation)


@pytest.fixture
def first(document):
    """Version 1."""
    return document.versions.get(number=1)


@pytest.fixture
def ana(db):
    return UserFactory(name="Ana")


@pytest.fixture
def editor(consultation):
    return member(consultation.agency, Role.EDITOR)


@pytest.fixture
def note():
    """note(version, actor, words): an annotation of the first place where these words stand."""
    return annotation_of


def annotation_of(version, actor, words, purpose="comment", body="Me parece bien.", **more):
    article = next(article for article in version.articles.all() if words in article.text)
    start = article.text.index(words)
    comment = annotate(
        article=article,
        actor=actor,
        start=start,
        end=start + len(words),
        exact=words,
        purpose=purpose,
        body=body,
        **more,
    )
    return comment.annotation
