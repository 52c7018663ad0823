from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from comments.exports import TABLES
        from consultations.tables import register

        register(*TABLES)
