from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from comments.exports import TABLES
        from consultations.open_data.tables import register

        register(*TABLES)
