from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        from accounts.logging_in import forget_a_strangers_password
        from accounts.own_data.holdings import register
        from accounts.own_data.of_accounts import HOLDINGS

        email_confirmed.connect(forget_a_strangers_password)
        register(*HOLDINGS)
