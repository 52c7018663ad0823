from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from django.contrib.auth.signals import user_logged_in

        from accounts.logging_in import forget_a_strangers_password, write_nothing
        from accounts.own_data.holdings import register
        from accounts.own_data.of_accounts import HOLDINGS

        # When somebody logged in is written nowhere: it would stand beside the ballots of a quiet vote. Django's own
        # receiver comes later (its app does), and is not connected where one of this name is.
        user_logged_in.connect(write_nothing, dispatch_uid="update_last_login")
        email_confirmed.connect(forget_a_strangers_password)
        register(*HOLDINGS)
