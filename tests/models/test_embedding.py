"""The sentence encoder's loader on a fixture with weights of chance: form and safety, nothing about meaning."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from models import embedding, weights
from tests.fixtures import encoder
from tests.fixtures.sentences import ENGLISH, KOREAN


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder.make(tmp_path_factory.mktemp("encoder"))


def test_each_sentence_becomes_a_row_of_length_one_whatever_its_company(folder: Path) -> None:
    found = embedding.embed([*KOREAN, *ENGLISH], folder)
    assert found.shape == (len(KOREAN) + len(ENGLISH), 32) and found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert np.allclose(embedding.embed(KOREAN[3:4], folder)[0], found[3], atol=1e-5)
    assert embedding.embed([], folder).shape == (0, 32)


def test_weights_that_are_a_pickle_are_no_weights(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / weights.ENCODER
    shutil.copytree(folder, other)
    assert weights.encoder(tmp_path, "ko") == weights.encoder(tmp_path, "en") == other
    (other / "model.safetensors").rename(other / "pytorch_model.bin")
    assert weights.encoder(tmp_path, "ko") is None
    with pytest.raises(OSError, match=r"safetensors"):
        embedding.embed(["one"], other)


def test_an_encoder_of_one_language_is_asked_in_that_language_alone(folder: Path, tmp_path: Path) -> None:
    english = tmp_path / f"{weights.ENCODER}-en"
    shutil.copytree(folder, english)
    assert (weights.encoder(tmp_path, "en"), weights.encoder(tmp_path, "ko")) == (english, None)
    both = tmp_path / weights.ENCODER
    shutil.copytree(folder, both)
    assert (weights.encoder(tmp_path, "en"), weights.encoder(tmp_path, "ko")) == (english, both)
