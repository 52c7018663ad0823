from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "voting"

    def ready(self) -> None:
        from accounts import participation
        from accounts.own_data import holdings
        from consultations.open_data.tables import register
        from voting.exports import TABLES
        from voting.own_data import HOLDINGS
        from voting.participation import SECTIONS

        register(*TABLES)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
