from django.urls import path

from accounts import logo_pages, own_pages, pages

app_name = "accounts"

# /agencies/
urlpatterns = [
    path("agencies/", pages.agencies, name="agencies"),
    path("agencies/new/", pages.create_agency, name="create-agency"),
    path("agencies/<slug:slug>/", pages.agency, name="agency"),
    path("agencies/<slug:slug>/logo/", logo_pages.change_logo, name="change-logo"),
    path("agencies/<slug:slug>/logo/remove/", logo_pages.remove_logo, name="remove-logo"),
    path("agencies/<slug:slug>/logo/<slug:digest>.webp", logo_pages.logo, name="logo"),
    path("agencies/<slug:slug>/members/", pages.members, name="members"),
    path("agencies/<slug:slug>/members/add/", pages.add_member, name="add-member"),
    path("agencies/<slug:slug>/members/<int:pk>/", pages.change_roles, name="change-roles"),
    path("agencies/<slug:slug>/members/<int:pk>/remove/", pages.remove_member, name="remove-member"),
]

# /account/ (logging in, e-mail and password are allauth's: config/urls.py)
urlpatterns += [
    path("account/me/", pages.change_profile, name="change-profile"),
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
