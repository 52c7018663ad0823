from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        from accounts import participation
        from accounts.notices import sight, tasks
        from accounts.own_data import holdings
        from consultations.announcing import announce_phases
        from consultations.desk import measures, numbers
        from consultations.desk import tasks as desk_tasks
        from consultations.documents.exports import TABLES as DOCUMENT_TABLES
        from consultations.feeds import entries, phases
        from consultations.history import deeds
        from consultations.milestones.exports import TABLES as FOLLOW_UP_TABLES
        from consultations.milestones.feed import reports
        from consultations.open_data.exports import TABLES
        from consultations.open_data.tables import register
        from consultations.own_data import HOLDINGS
        from consultations.participation import SECTIONS
        from consultations.review.desk import SOURCES as REVIEW_TASKS
        from consultations.review.exports import REVIEWS
        from consultations.sight import place_of, unseen

        register(*TABLES, REVIEWS, *FOLLOW_UP_TABLES, *DOCUMENT_TABLES)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
        sight.register(unseen)
        sight.register_places(place_of)
        tasks.register_announcer(announce_phases)
        for source in (phases.publications, phases.beginnings, phases.ends, reports):
            entries.register(source)
        desk_tasks.register(*desk_tasks.SOURCES, *REVIEW_TASKS)
        numbers.register(*measures.MEASURES)
        deeds.register(*deeds.DEEDS)
