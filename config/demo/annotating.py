"""What people annotated on the first version of a draft text, and what the agency did with it in the second."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from comments.annotations.annotating import annotate
from comments.dispositions.giving import give_disposition
from comments.models import Comment
from comments.reacting import react
from consultations.models import Article, Consultation, Version


def annotate_first_version(
    consultation: Consultation, script: dict[str, Any], people: list[User], now: datetime
) -> dict[int, Comment]:
    """Write the script's ``annotations`` on the first version. By their place in the script."""
    told = script.get("annotations", [])
    articles = {article.label: article for article in _articles(consultation, 1)}
    written = {}
    for place, annotation in enumerate(told):
        article = articles[annotation["article"]]
        start = article.text.index(annotation["quote"])
        author, *others = people[place:]
        comment = annotate(
            article=article,
            actor=author,
            start=start,
            end=start + len(annotation["quote"]),
            exact=annotation["quote"],
            purpose=annotation.get("purpose", "comment"),
            body=annotation["text"],
            suggestion=annotation.get("suggestion", ""),
        )
        for friend in others[: annotation.get("agree", 0)]:
            react(comment=comment, actor=friend, value=1)
        said_at = now - timedelta(days=20 - place, minutes=37 * place)
        Comment.objects.filter(pk=comment.pk).update(created_at=said_at)
        written[place] = comment
    return written


def answer_annotations(consultation: Consultation, script: dict[str, Any], written: dict[int, Comment]) -> None:
    """Give those their ``disposition`` that the script tells, with the article of the second version that answers."""
    editor = User.objects.get(email=script["editor"])
    articles = {article.label: article for article in _articles(consultation, 2)} if written else {}
    for place, comment in written.items():
        annotation = script["annotations"][place]
        if "disposition" in annotation:
            kind, reason = annotation["disposition"]
            changed = articles.get(annotation.get("answered_in", ""))
            give_disposition(contributions=[comment], actor=editor, kind=kind, reason=reason, article=changed)


def _articles(consultation: Consultation, number: int) -> list[Article]:
    version = Version.objects.filter(document__consultation=consultation, number=number).first()
    return list(version.articles.select_related("version__document__consultation")) if version else []
