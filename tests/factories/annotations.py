"""Large draft texts, annotated at random."""

from comments.models import Annotation, Comment, Placement
from tests.factories.accounts import UserFactory
from tests.factories.documents import ARTICLES

WORDS = sorted(set(" ".join(ARTICLES).lower().replace(".", "").split()))


def article_of(chance):
    return "\n\n".join(
        " ".join(f"{' '.join(chance.choices(WORDS, k=14)).capitalize()}." for _ in range(3)) for _ in range(2)
    )


def annotate_at_random(version, count, chance):
    articles = [article for article in version.articles.all() if article.text]
    people = [UserFactory().pk for _ in range(50)]
    document = version.document
    comments = Comment.objects.bulk_create(
        Comment(consultation=document.consultation, document=document, author_id=chance.choice(people), body="Sí.")
        for _ in range(count)
    )
    quotes = [quote_of(comment, chance.choice(articles), chance) for comment in comments]
    Annotation.objects.bulk_create(quotes, batch_size=2_000)
    Placement.objects.bulk_create(
        (
            Placement(annotation=q, version=version, state="kept", article=q.article, start=q.start, end=q.end)
            for q in quotes
        ),
        batch_size=2_000,
    )


def quote_of(comment, article, chance):
    start = chance.randrange(len(article.text) - 40)
    end = start + chance.randrange(5, 40)
    return Annotation(comment=comment, article=article, start=start, end=end, exact=article.text[start:end])
