from django.urls import path

from accounts import pages

app_name = "accounts"

# /agencies/
urlpatterns = [
    path("agencies/", pages.agencies, name="agencies"),
    path("agencies/new/", pages.create_agency, name="create-agency"),
    path("agencies/<slug:slug>/", pages.agency, name="agency"),
    path("agencies/<slug:slug>/members/", pages.members, name="members"),
    path("agencies/<slug:slug>/members/add/", pages.add_member, name="add-member"),
    path("agencies/<slug:slug>/members/<int:pk>/", pages.change_roles, name="change-roles"),
    path("agencies/<slug:slug>/members/<int:pk>/remove/", pages.remove_member, name="remove-member"),
]

# /account/ (logging in, e-mail and password are allauth's: config/urls.py)
urlpatterns += [
    path("account/me/", pages.change_profile, name="change-profile"),
]
