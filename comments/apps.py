from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from accounts import participation
        from accounts.notices import sight
        from accounts.own_data import holdings
        from comments.deeds import DEEDS
        from comments.desk import MEASURES, SOURCES
        from comments.exports import TABLES
        from comments.feed import official_replies
        from comments.own_data import HOLDINGS
        from comments.participation import SECTIONS
        from comments.sight import unseen
        from consultations.desk import numbers
        from consultations.desk import tasks as desk_tasks
        from consultations.feeds import entries
        from consultations.history import deeds
        from consultations.open_data.tables import register

        register(*TABLES)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
        sight.register(unseen)
        entries.register(official_replies)
        desk_tasks.register(*SOURCES)
        numbers.register(*MEASURES)
        deeds.register(*DEEDS)
