"""Where recordings lie: a local disk or an S3 bucket behind one set of verbs; alone knows either."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import ObjectStore, S3Store

from interview_ai.errors import Conflict, NotFound, TooMuch
from interview_ai.settings import settings

READ_BYTES = 1024 * 1024
FULL_SHARE = 0.9  # new uploads are refused above this share of the disk
KEY = re.compile(r"[a-z]+(/[0-9a-z-]+)*(\.[a-z0-9]{2,4})?")
UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


class Storage(Protocol):
    """What the use cases need of a place. A segment's offset is what the place holds, never a number beside it."""

    def size(self, segment_id: str) -> int:
        """Bytes held of an upload; 0 when nothing came yet."""

    def append(self, segment_id: str, offset: int, data: bytes) -> int:
        """Adds `data` at `offset`, durably, and returns the new size.

        Raises Conflict when `offset` is not the size, TooMuch (507) when the disk is full: what was held stays.
        """

    def hold(self, segment_id: str) -> AbstractContextManager[None]:
        """A context in which nobody else on this machine writes the upload; Conflict (code `locked`) if one does."""

    def drop(self, segment_id: str) -> None:
        """Forgets an upload. Safe to run twice."""

    def fetch(self, segment_id: str, folder: Path, length: int) -> Path:
        """The upload's first `length` bytes as a local file, in `folder` unless it lies on this machine already.

        Not to be changed. What a late writer put behind them is none of the answer's.
        """

    def segment(self, segment_id: str) -> Iterator[bytes]:
        """The upload's bytes from the start."""

    def put(self, key: str, path: Path) -> None:
        """Keeps a finished file under `key`; it is there whole or not at all."""

    def length(self, key: str) -> int:
        """Bytes under `key`. Raises NotFound."""

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes `start` to `end` (not included) under `key`. Raises NotFound."""

    def delete(self, key: str) -> None:
        """Forgets what lies under `key`. Safe to run twice."""

    def has_room(self) -> bool:
        """Whether new uploads may begin."""

    def room(self) -> tuple[int, int] | None:
        """Free bytes and all bytes of the place; None where it has no end."""


def _checked(key: str) -> str:
    """Keys are ours and plain; anything else never reaches a path."""
    if not KEY.fullmatch(key):
        raise NotFound
    return key


def _no_place() -> TooMuch:
    return TooMuch(
        "The server's disk is full. What arrived is safe; please try again in a while.",
        "서버의 저장 공간이 가득 찼어요. 받은 부분은 안전해요. 잠시 뒤 다시 시도해 주세요.",
        status=507,
    )


def _wrong_offset(held: int) -> Conflict:
    return Conflict(
        f"The server holds {held} bytes; go on from there.",
        f"서버에 {held}바이트가 있어요. 거기서부터 이어서 보내 주세요.",
        code="offset",
    )


class Disk:
    """A folder on a local disk: `uploads/` grow in place, `kept/` are whole files."""

    def __init__(self, root: Path) -> None:
        self.uploads = root / "uploads"
        self.kept = root / "kept"
        self.uploads.mkdir(parents=True, exist_ok=True)
        self.kept.mkdir(parents=True, exist_ok=True)

    def _upload(self, segment_id: str) -> Path:
        if not UPLOAD_ID.fullmatch(segment_id):
            raise NotFound
        return self.uploads / segment_id[:2] / segment_id

    def size(self, segment_id: str) -> int:
        """Bytes held of an upload; 0 when nothing came yet."""
        try:
            return self._upload(segment_id).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, segment_id: str, offset: int, data: bytes) -> int:
        """Adds `data` at `offset` and syncs it; what a full disk cut off is taken away again."""
        path = self._upload(segment_id)
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            held = os.fstat(descriptor).st_size
            if held != offset:
                raise _wrong_offset(held)
            self._write(descriptor, offset, data)
        finally:
            os.close(descriptor)
        return offset + len(data)

    @staticmethod
    def _write(descriptor: int, offset: int, data: bytes) -> None:
        view = memoryview(data)
        position = offset
        try:
            while view:
                written = os.pwrite(descriptor, view, position)
                view = view[written:]
                position += written
            os.fdatasync(descriptor)
        except OSError as error:
            os.ftruncate(descriptor, offset)
            raise _no_place() from error

    @contextmanager
    def hold(self, segment_id: str) -> Iterator[None]:
        """An advisory lock that the kernel lets go of when the process dies."""
        path = self._upload(segment_id).with_suffix(".lock")
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Conflict(
                    "Another tab is sending this recording right now.",
                    "다른 창에서 이 녹화를 보내고 있어요.",
                    code="locked",
                ) from error
            yield

    def drop(self, segment_id: str) -> None:
        """Removes the file and its lock."""
        path = self._upload(segment_id)
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)

    def fetch(self, segment_id: str, folder: Path, length: int) -> Path:
        """The file itself: it lies on this machine, and nobody writes behind its end once it was received."""
        return self._upload(segment_id)

    def segment(self, segment_id: str) -> Iterator[bytes]:
        """The upload's bytes, a megabyte at a time; none when nothing came yet."""
        if not self.size(segment_id):
            return
        with self._upload(segment_id).open("rb") as file:
            while data := file.read(READ_BYTES):
                yield data

    def put(self, key: str, path: Path) -> None:
        """Copies beside its place, syncs, then renames: never half there."""
        target = self.kept / _checked(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(target.suffix + ".part")
        with path.open("rb") as source, beside.open("wb") as copy:
            shutil.copyfileobj(source, copy, READ_BYTES)
            copy.flush()
            os.fsync(copy.fileno())
        beside.replace(target)

    def length(self, key: str) -> int:
        """Bytes under `key`."""
        try:
            return (self.kept / _checked(key)).stat().st_size
        except FileNotFoundError as error:
            raise NotFound from error

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes `start` to `end`, a megabyte at a time."""
        self.length(key)
        with (self.kept / _checked(key)).open("rb") as file:
            file.seek(start)
            left = end - start
            while left > 0 and (data := file.read(min(READ_BYTES, left))):
                left -= len(data)
                yield data

    def delete(self, key: str) -> None:
        """Removes the file."""
        (self.kept / _checked(key)).unlink(missing_ok=True)

    def has_room(self) -> bool:
        """Whether less than 90 % of the disk is used."""
        usage = shutil.disk_usage(self.uploads)
        return usage.used < FULL_SHARE * usage.total

    def room(self) -> tuple[int, int] | None:
        """Free bytes and all bytes of the disk."""
        usage = shutil.disk_usage(self.uploads)
        return usage.free, usage.total


class Bucket:
    """An object store: an upload is its contiguous parts `uploads/<id>/<offset>`, each put only if it is not there."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store

    def _parts(self, segment_id: str) -> list[tuple[str, int]]:
        if not UPLOAD_ID.fullmatch(segment_id):
            raise NotFound
        listed = obstore.list(self.store, f"uploads/{segment_id}/").collect()
        parts: list[tuple[str, int]] = []
        held = 0
        for item in sorted(listed, key=lambda entry: entry["path"]):
            if int(item["path"].rsplit("/", 1)[1]) == held:
                parts.append((item["path"], item["size"]))
                held += item["size"]
        return parts

    def size(self, segment_id: str) -> int:
        """The sum of the parts that join without a gap."""
        return sum(size for _, size in self._parts(segment_id))

    def append(self, segment_id: str, offset: int, data: bytes) -> int:
        """Puts one part; of two writers at the same offset one is refused by the store itself."""
        held = self.size(segment_id)
        if held != offset:
            raise _wrong_offset(held)
        try:
            obstore.put(self.store, f"uploads/{segment_id}/{offset:020d}", data, mode="create")
        except AlreadyExistsError as error:
            raise _wrong_offset(self.size(segment_id)) from error
        return offset + len(data)

    @contextmanager
    def hold(self, segment_id: str) -> Iterator[None]:
        """Nothing to hold: the store refuses the second of two writers."""
        yield

    def drop(self, segment_id: str) -> None:
        """Deletes every part."""
        paths = [entry["path"] for entry in obstore.list(self.store, f"uploads/{segment_id}/").collect()]
        if paths:
            obstore.delete(self.store, paths)

    def fetch(self, segment_id: str, folder: Path, length: int) -> Path:
        """Writes the parts into `folder`, one after the other, up to `length`."""
        path = folder / segment_id
        with path.open("wb") as file:
            for data in self.segment(segment_id):
                file.write(data[: length - file.tell()])
        return path

    def segment(self, segment_id: str) -> Iterator[bytes]:
        """The upload's bytes, part by part."""
        for path, _ in self._parts(segment_id):
            yield bytes(obstore.get(self.store, path).bytes())

    def put(self, key: str, path: Path) -> None:
        """One put, in parts where the file is large."""
        obstore.put(self.store, "kept/" + _checked(key), path)

    def length(self, key: str) -> int:
        """Bytes under `key`."""
        try:
            return int(obstore.head(self.store, "kept/" + _checked(key))["size"])
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes `start` to `end`, a megabyte at a time."""
        self.length(key)
        for begin in range(start, end, READ_BYTES):
            stop = min(begin + READ_BYTES, end)
            yield bytes(obstore.get_range(self.store, "kept/" + _checked(key), start=begin, end=stop))

    def delete(self, key: str) -> None:
        """Deletes the object."""
        try:
            obstore.delete(self.store, "kept/" + _checked(key))
        except (NotFoundError, FileNotFoundError):
            return

    def has_room(self) -> bool:
        """A bucket has no end."""
        return True

    def room(self) -> tuple[int, int] | None:
        """None: a bucket has no end."""
        return None


@cache
def storage() -> Storage:
    """The storage of the settings."""
    url = settings().storage
    if url.startswith("file://"):
        return Disk(Path(urlsplit(url).path))
    return Bucket(S3Store.from_url(url))
