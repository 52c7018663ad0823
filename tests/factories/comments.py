import factory

from comments.models import Comment


class CommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Comment

    body = factory.Sequence(lambda n: f"Comentario número {n}, con **énfasis**.")
