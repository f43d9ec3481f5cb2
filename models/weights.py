"""The weights that recognisers need: name, address, sha256, licence; fetched so that a break costs nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from interview_ai.errors import Misconfigured

OFFICIAL = "https://openaipublic.azureedge.net/main/whisper/models"
MIT = "MIT (openai/whisper)"
FACES = "yunet"
ENCODER = "encoder"  # the folder of a sentence encoder; with -ko or -en behind it, of one for that language alone
ENCODER_FILES = ("config.json", "model.safetensors", "tokenizer.json")
SOURCE = "source.json"  # in a converted folder: the digests of what it was made from and of what was made


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights. `bytes` is its size as published."""

    name: str
    sha256: str
    file: str
    megabytes: float
    licence: str = MIT
    published: str = ""

    @property
    def address(self) -> str:
        """Where it is published; Whisper's folder is named after its digest."""
        return self.published or f"{OFFICIAL}/{self.sha256}/{self.file}"


# digests and addresses as openai-whisper 20250625 pins them; tiny and base are left out: 23-34 % of Korean
# characters wrong is too many for anything that ranks
CATALOGUE = {
    item.name: item
    for item in (
        Weights("small", "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794", "small.pt", 461),
        Weights("medium", "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1", "medium.pt", 1457),
        Weights(
            "large-v3-turbo",
            "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
            "large-v3-turbo.pt",
            1543,
        ),
        Weights(
            FACES,
            "25a606a145a5b6d7271ae138fbd00eba91dad8b83222ae3f2c7ecd0f4a7b0e31",
            "yunet_n_640_640.onnx",
            0.3,
            "Apache-2.0 (ShiqiYu/libfacedetection.train)",
            "https://github.com/ShiqiYu/libfacedetection.train/raw/master/onnx/yunet_n_640_640.onnx",
        ),
    )
}


def weights(name: str) -> Weights:
    """The catalogue's entry. Raises Misconfigured naming what there is."""
    if name not in CATALOGUE:
        known = ", ".join(CATALOGUE)
        raise Misconfigured(
            f"There are no weights named {name}; there are: {known}.",
            f"{name}라는 가중치는 없습니다. 있는 것: {known}.",
        )
    return CATALOGUE[name]


def installed(name: str, folder: Path) -> Path | None:
    """The file, if it is there in its full name; not checked."""
    path = folder / weights(name).file
    return path if path.is_file() else None


def whole(name: str, folder: Path) -> bool:
    """Whether the file is there and the published one."""
    path = installed(name, folder)
    return path is not None and digest(path) == weights(name).sha256


def checked(name: str, folder: Path) -> Path:
    """The file after its sha256 was found right. Raises Misconfigured when it is missing or another one."""
    path = installed(name, folder)
    if path is None:
        raise Misconfigured(
            f"Fetch the weights first: interview-ai models pull {name}",
            f"먼저 가중치를 받아 주세요: interview-ai models pull {name}",
            code="no_recogniser",
        )
    if digest(path) != weights(name).sha256:
        raise Misconfigured(
            f"{path.name} is not the file that was published; delete it and pull again.",
            f"{path.name} 파일이 공개된 것과 다릅니다. 지우고 다시 받아 주세요.",
            code="no_recogniser",
        )
    return path


def face_detector(folder: Path) -> Path | None:
    """YuNet, if it was pulled and is the published file; without it Haar's cascade, inside OpenCV, counts faces."""
    return installed(FACES, folder) if FACES in CATALOGUE and whole(FACES, folder) else None


def encoder(folder: Path, language: str) -> Path | None:
    """The sentence encoder for a language, if one was put there: its own (`encoder-ko`) before one for all (`encoder`).

    Weights in any form but safetensors do not count.
    """
    named = (folder / f"{ENCODER}-{language}", folder / ENCODER)
    whole = (there for there in named if all((there / name).is_file() for name in ENCODER_FILES))
    return next(whole, None)


def as_converted(name: str, folder: Path) -> bool:
    """Whether a converted folder is as it was made, from the published checkpoint of this name."""
    try:
        made = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
        wanted = {"checkpoint_sha256": weights(name).sha256, "model_sha256": digest(folder / "model.bin")}
        return bool(made == wanted)
    except (OSError, ValueError):
        return False


def digest(path: Path) -> str:
    """The sha256 of a file, in hex; read once per process while the file stays as it is."""
    facts = path.stat()
    return _digest(path, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=16)
def _digest(path: Path, size: int, changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pull(name: str, folder: Path, mirror: str = "", progress: Callable[[int, int], None] | None = None) -> Path:
    """Fetches weights from the official place or a mirror (folder or http), goes on where a break was, checks them.

    `progress` is told the bytes held and the bytes in all. Raises Misconfigured when the place does not answer or
    gives another file.
    """
    wanted = weights(name)
    there = installed(name, folder)
    if there and digest(there) == wanted.sha256:
        return there
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (wanted.file + ".part")
    if mirror and urlsplit(mirror).scheme in ("", "file"):
        _copy(Path(urlsplit(mirror).path) / wanted.file, part)
    else:
        _download(f"{mirror.rstrip('/')}/{wanted.file}" if mirror else wanted.address, part, progress)
    if digest(part) != wanted.sha256:
        part.unlink()
        raise Misconfigured(
            f"What came for {name} is not the published file; nothing was kept.",
            f"{name}(으)로 받은 파일이 공개된 것과 다릅니다. 아무것도 남기지 않았습니다.",
        )
    return part.rename(folder / wanted.file)


def _copy(source: Path, part: Path) -> None:
    try:
        shutil.copyfile(source, part)
    except OSError as error:
        raise Misconfigured(
            f"{source} cannot be read: {error.strerror}. INTERVIEW_MODELS_URL names the folder that holds it.",
            f"{source} 파일을 읽을 수 없습니다: {error.strerror}. INTERVIEW_MODELS_URL은 이 파일이 있는 폴더입니다.",
        ) from error


def _download(address: str, part: Path, progress: Callable[[int, int], None] | None) -> None:
    held = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={held}-"} if held else {}
    try:
        with httpx.stream("GET", address, headers=headers, follow_redirects=True, timeout=30) as answer:
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and held:
                return  # all of it came last time; its digest is compared next
            answer.raise_for_status()
            held = held if answer.status_code == httpx.codes.PARTIAL_CONTENT else 0
            whole = held + int(answer.headers.get("content-length", 0))
            with part.open("ab" if held else "wb") as file:
                for block in answer.iter_bytes():
                    held += file.write(block)
                    if progress:
                        progress(held, whole)
    except httpx.HTTPError as error:
        raise Misconfigured(
            f"{address} does not answer ({type(error).__name__}); what came is kept, try again.",
            f"{address}에서 응답이 없습니다({type(error).__name__}). 받은 부분은 남아 있으니 다시 시도해 주세요.",
        ) from error
