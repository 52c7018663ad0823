from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        from consultations.open_data.exports import TABLES
        from consultations.open_data.tables import register

        register(*TABLES)
