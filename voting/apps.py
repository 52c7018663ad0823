from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "voting"

    def ready(self) -> None:
        from accounts import participation
        from accounts.models import Letter
        from accounts.notices import mails, tasks
        from accounts.own_data import holdings
        from consultations.desk import numbers
        from consultations.desk import tasks as desk_tasks
        from consultations.feeds import entries
        from consultations.history import deeds
        from consultations.milestones.winners import register_winners
        from consultations.open_data.tables import register
        from voting.deeds import CHOICES, DEEDS
        from voting.desk import MEASURES, SOURCES
        from voting.drafts.reminding import remind_of_drafts
        from voting.exports import TABLES
        from voting.feed import outcomes
        from voting.own_data import HOLDINGS
        from voting.participation import SECTIONS
        from voting.results.announcing import announce_outcomes
        from voting.results.decided import winners_of
        from voting.results.other_methods import count_those_waiting
        from voting.rolls.inviting import invitation_mail

        register(*TABLES)
        register_winners(winners_of)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
        tasks.register_announcer(announce_outcomes)
        tasks.register_announcer(remind_of_drafts)
        tasks.register_announcer(count_those_waiting)
        mails.register_writer(Letter.Kind.ROLL, invitation_mail)
        entries.register(outcomes)
        desk_tasks.register(*SOURCES)
        numbers.register(*MEASURES)
        deeds.register(*DEEDS, choices=CHOICES)
