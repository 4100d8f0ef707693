"""The portal as Django knows it: templates and styles, no models."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The petitioner's pages."""

    name = "dengwen.portal"
    label = "portal"
    verbose_name = "网上信访"
