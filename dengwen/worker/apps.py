"""The Django app `worker`."""

from __future__ import annotations

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """值守."""

    name = "dengwen.worker"
    label = "worker"
    verbose_name = "值守"
