from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from accounts import participation
        from accounts.own_data import holdings
        from comments.exports import TABLES
        from comments.own_data import HOLDINGS
        from comments.participation import SECTIONS
        from consultations.open_data.tables import register

        register(*TABLES)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
