from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        from accounts import participation
        from accounts.own_data import holdings
        from consultations.open_data.exports import TABLES
        from consultations.open_data.tables import register
        from consultations.own_data import HOLDINGS
        from consultations.participation import SECTIONS

        register(*TABLES)
        holdings.register(*HOLDINGS)
        participation.register(*SECTIONS)
