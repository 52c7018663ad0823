from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        from consultations.exports import TABLES
        from consultations.tables import register

        register(*TABLES)
