from django.urls import path

from accounts import logo_pages, own_pages, pages, verifying_pages
from accounts.notices import pages as notice_pages

app_name = "accounts"

# /agencies/
urlpatterns = [
    path("agencies/", pages.agencies, name="agencies"),
    path("agencies/new/", pages.create_agency, name="create-agency"),
    path("agencies/<slug:slug>/", pages.agency, name="agency"),
    path("agencies/<slug:slug>/logo/", logo_pages.change_logo, name="change-logo"),
    path("agencies/<slug:slug>/logo/remove/", logo_pages.remove_logo, name="remove-logo"),
    path("agencies/<slug:slug>/logo/<slug:digest>.webp", logo_pages.logo, name="logo"),
    path("agencies/<slug:slug>/verification/", verifying_pages.verify_person, name="verify-person"),
    path(
        "agencies/<slug:slug>/verification/<int:pk>/take-back/",
        verifying_pages.take_back_check,
        name="take-back-check",
    ),
    path("agencies/<slug:slug>/members/", pages.members, name="members"),
    path("agencies/<slug:slug>/members/add/", pages.add_member, name="add-member"),
    path("agencies/<slug:slug>/members/<int:pk>/", pages.change_roles, name="change-roles"),
    path("agencies/<slug:slug>/members/<int:pk>/remove/", pages.remove_member, name="remove-member"),
]

# /account/ (logging in, e-mail and password are allauth's: config/urls.py)
urlpatterns += [
    path("account/me/", pages.change_profile, name="change-profile"),
    path("account/verification/", verifying_pages.verification, name="verification"),
    path("account/terms/", own_pages.agree, name="agree"),
    path("account/participation/", own_pages.participation, name="participation"),
    path("account/data/", own_pages.own_data, name="own-data"),
    path("account/data/own-data.json", own_pages.own_data_file, name="own-data-file"),
    path("account/erase/", own_pages.erase_account, name="erase-account"),
]

# /legal/
urlpatterns += [
    path("legal/<slug:document>/", own_pages.legal, name="legal"),
    path("legal/<slug:document>/<int:version>/", own_pages.legal, name="legal-version"),
]

# /account/notices/
urlpatterns += [
    path("account/notices/", notice_pages.notices, name="notices"),
    path("account/notices/read/", notice_pages.read_notices, name="read-notices"),
    path("account/notices/settings/", notice_pages.notice_settings, name="notice-settings"),
    path("account/notices/<int:pk>/", notice_pages.open_notice, name="open-notice"),
    path("account/notices/unsubscribe/<str:token>/", notice_pages.unsubscribe, name="unsubscribe"),
]
