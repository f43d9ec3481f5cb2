"""`make bench-gpu`: batched Whisper on a GPU: real-time factor by size, precision and windows taken together.

Weights of chance in the published sizes stand in for the real ones: they cost the same and say nothing true, so each
window is made to give as many tokens as fluent speech does. Times include the words' times. Full windows of 29.5 s; the
median of `--runs` after one run that is not counted. Prints a Markdown table for `models/CARDS.md`.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from whisper.model import ModelDimensions, Whisper

from models import speech_whisper
from models.hearing import Task

SECONDS = 29.5
TOKENS = 80  # fluent English speech of this length gives 70-150
EOT = 50257
BATCHES = (1, 8, 32)
# mels, audio width/heads/layers, words, text layers; as openai-whisper publishes them
SIZES = {
    "small": ModelDimensions(80, 1500, 768, 12, 12, 51865, 448, 768, 12, 12),
    "large-v3-turbo": ModelDimensions(128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 4),
}


def stand_in(dims: ModelDimensions, path: Path) -> Path:
    """A checkpoint of these dimensions with weights of chance, in openai-whisper's format."""
    torch.manual_seed(7)
    network = Whisper(dims)
    torch.nn.init.normal_(network.decoder.positional_embedding, std=0.02)
    torch.save({"dims": dataclasses.asdict(dims), "model_state_dict": network.half().state_dict()}, path)
    return path


def seconds(path: Path, task: Task, batch: int, runs: int) -> float:
    """Median wall seconds of one batch of full windows."""
    chance = np.random.default_rng(batch)
    sounds = [(chance.standard_normal(int(SECONDS * 16_000)) * 0.05).astype(np.float32) for _ in range(batch)]
    took = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        found = speech_whisper.recognise(sounds, path, task)
        took.append(time.perf_counter() - begun)
        if len(found) != batch:
            raise RuntimeError("a window was lost")
    return statistics.median(took[1:])


def main() -> int:
    """Measures and prints. Exits 2 where there is no GPU."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--batches", nargs="+", type=int, default=list(BATCHES))
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    if not torch.cuda.is_available():
        print("There is no GPU that PyTorch can use here (TORCH=cuda make setup).", file=sys.stderr)
        return 2
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, beam 5, {TOKENS} tokens a window")
    print(
        "| weights (of chance) | precision | together | s a batch | real-time factor | GPU memory |\n|---|---|--:|--:|--:|--:|"
    )
    with tempfile.TemporaryDirectory() as made:
        for size in given.sizes:
            path = stand_in(SIZES[size], Path(made) / f"{size}.pt")
            for halved in (True, False):
                task = Task("en", most_tokens=TOKENS, suppressed=f"-1,{EOT}", halved=halved)
                for batch in given.batches:
                    torch.cuda.reset_peak_memory_stats()
                    took = seconds(path, task, batch, given.runs)
                    memory = torch.cuda.max_memory_allocated() / 2**30
                    factor = took / (batch * SECONDS)
                    row = (
                        size,
                        "fp16" if halved else "float32",
                        batch,
                        f"{took:.2f}",
                        f"{factor:.4f}",
                        f"{memory:.1f} GiB",
                    )
                    print("| " + " | ".join(map(str, row)) + " |", flush=True)
                speech_whisper.loaded.cache_clear()
                torch.cuda.empty_cache()
    return 0


if __name__ == "__main__":
    sys.exit(main())
