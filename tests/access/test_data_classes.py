"""Every column of the registry, the editions and the accounts says what kind of data it holds."""

from __future__ import annotations

import pytest
from django.apps import apps

from dengwen.law.packs.vocabulary import DATA_CLASSES

MODELS = [
    model
    for label in ("organs", "editions", "access")
    for model in apps.get_app_config(label).get_models()
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_column_has_a_data_class(model):
    columns = {column.name for column in model._meta.get_fields() if column.concrete}
    assert set(model.class_of) == columns
    assert set(model.class_of.values()) <= set(DATA_CLASSES)
