"""Annotations for these tests, written straight into their tables."""

from comments.models import Annotation, Comment


def annotate(article, author, *, quote=None, body="Esto no se entiende."):
    """On the words ``quote`` of an article; on all of it where none are given."""
    quote = quote or article.text
    start = article.text.index(quote)
    document = article.version.document
    comment = Comment.objects.create(consultation=document.consultation, document=document, author=author, body=body)
    Annotation.objects.create(comment=comment, article=article, start=start, end=start + len(quote), exact=quote)
    return comment
