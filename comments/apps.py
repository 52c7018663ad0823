from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from accounts import participation
        from accounts.notices import sight
        from accounts.own_data import holdings
        from comments.annotations.downloading import notes_in
        from comments.annotations.placing import place_again, preview_counts
        from comments.deeds import DEEDS
        from comments.desk import MEASURES, SOURCES
        from comments.dispositions.contributions import CONTRIBUTIONS
        from comments.exports import TABLES
        from comments.feed import official_replies
        from comments.models import Mark
        from comments.own_data import HOLDINGS
        from comments.participation import SECTIONS
        from comments.sight import unseen
        from consultations.desk import numbers
        from consultations.desk import tasks as desk_tasks
        from consultations.documents.downloads import register_annotations
        from consultations.documents.publishing import register_placer
        from consultations.feeds import entries
        from consultations.history import deeds
        from consultations.open_data.tables import register
        from consultations.running import answered

        register(*TABLES)
        register_placer(preview_counts, place_again)
        register_annotations(notes_in)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
        sight.register(unseen)
        entries.register(official_replies)
        desk_tasks.register(*SOURCES)
        numbers.register(*MEASURES)
        marks = dict(Mark.choices)
        deeds.register(*DEEDS, choices={"old": marks, "new": marks})
        answered.register(CONTRIBUTIONS)
