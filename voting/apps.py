from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "voting"

    def ready(self) -> None:
        from consultations.open_data.tables import register
        from voting.exports import TABLES

        register(*TABLES)
