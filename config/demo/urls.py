from django.urls import path

from config.demo import mail_pages

app_name = "demo"

# /demo/
urlpatterns = [
    path("mail/", mail_pages.letters, name="letters"),
    path("mail/<str:name>/", mail_pages.letter, name="letter"),
    path("mail/<str:name>/html/", mail_pages.letter_html, name="letter-html"),
]
