"""A folder on a disk and a bucket keep recordings by the same rules: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from obstore.store import LocalStore, MemoryStore

from interview_ai.errors import Conflict, NotFound, TooMuch
from interview_ai.storage import Bucket, Disk, Storage

ONE = "0" * 32
OTHER = "1" * 32
KEY = "answers/1/whole.webm"


@pytest.fixture(params=["disk", "bucket", "bucket on a disk"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each kind of storage, empty. The bucket's code is the one that speaks S3; its store here is local."""
    makers: dict[str, Callable[[], Storage]] = {
        "disk": lambda: Disk(tmp_path / "disk"),
        "bucket": lambda: Bucket(MemoryStore()),
        "bucket on a disk": lambda: Bucket(LocalStore(tmp_path / "bucket", mkdir=True)),
    }
    return makers[request.param]()


def kept(place: Storage, segment: str) -> bytes:
    return b"".join(place.segment(segment))


def test_what_was_appended_comes_back_in_order(place: Storage, tmp_path: Path) -> None:
    assert place.size(ONE) == 0
    assert place.append(ONE, 0, b"first ") == 6
    assert place.append(ONE, 6, b"second") == 12
    assert (place.size(ONE), kept(place, ONE)) == (12, b"first second")
    assert place.fetch(ONE, tmp_path, 12).read_bytes() == b"first second"
    assert place.size(OTHER) == 0


@pytest.mark.parametrize("offset", [0, 3, 7])
def test_a_wrong_offset_is_refused_and_says_what_is_held(place: Storage, offset: int) -> None:
    place.append(ONE, 0, b"first ")
    with pytest.raises(Conflict, match="holds 6 bytes") as refused:
        place.append(ONE, offset, b"other")
    assert refused.value.code == "offset"
    assert kept(place, ONE) == b"first "


def test_of_two_writers_at_the_same_offset_one_is_refused(place: Storage) -> None:
    begun, outcomes = threading.Barrier(2), list[str]()

    def write(data: bytes) -> None:
        begun.wait()
        try:
            with place.hold(ONE):
                place.append(ONE, 0, data)
            outcomes.append(data.decode())
        except Conflict:
            outcomes.append("refused")

    writers = [threading.Thread(target=write, args=(data,)) for data in (b"aaaa", b"bbbb")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert outcomes.count("refused") == 1
    assert kept(place, ONE).decode() in outcomes


def test_a_dropped_upload_is_gone_and_dropping_twice_does_no_harm(place: Storage) -> None:
    place.append(ONE, 0, b"data")
    place.drop(ONE)
    place.drop(ONE)
    assert place.size(ONE) == 0


def test_a_kept_file_is_read_in_parts_and_replaced_whole(place: Storage, tmp_path: Path) -> None:
    for content in (b"0123456789", b"abcdefghijklm"):
        (tmp_path / "made.webm").write_bytes(content)
        place.put(KEY, tmp_path / "made.webm")
        assert place.length(KEY) == len(content)
        assert b"".join(place.read(KEY, 2, 5)) == content[2:5]
        assert b"".join(place.read(KEY, 0, len(content))) == content
    place.delete(KEY)
    place.delete(KEY)
    with pytest.raises(NotFound):
        place.length(KEY)


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "answers/../../x", "answers/1/.hidden", "answers/%2e"])
def test_a_key_that_is_not_ours_never_reaches_a_path(place: Storage, key: str) -> None:
    with pytest.raises(NotFound):
        place.length(key)


@pytest.mark.parametrize("upload", ["..", "../../etc/passwd", "0" * 31, "0" * 33, "Z" * 32, ""])
def test_an_id_that_is_not_ours_never_reaches_a_path(place: Storage, upload: str) -> None:
    with pytest.raises(NotFound):
        place.append(upload, 0, b"data")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.binary(min_size=1, max_size=12)), max_size=20))
def test_whatever_order_parts_come_in_what_is_held_is_what_was_acknowledged(
    tmp_path: Path, parts: list[tuple[int, bytes]]
) -> None:
    disk, bucket = Disk(tmp_path), Bucket(MemoryStore())
    disk.drop(ONE)
    acknowledged = b""
    for offset, data in parts:
        for place in (disk, bucket):
            if offset == len(acknowledged):
                assert place.append(ONE, offset, data) == offset + len(data)
            else:
                with pytest.raises(Conflict):
                    place.append(ONE, offset, data)
        if offset == len(acknowledged):
            acknowledged += data
    assert kept(disk, ONE) == kept(bucket, ONE) == acknowledged


def test_a_part_behind_a_gap_does_not_count(tmp_path: Path) -> None:
    bucket = Bucket(MemoryStore())
    bucket.append(ONE, 0, b"four")
    leave_a_gap(bucket)
    assert (bucket.size(ONE), kept(bucket, ONE)) == (4, b"four")


def leave_a_gap(bucket: Bucket) -> None:
    """What a second node left that believed in bytes the store never took."""
    beyond = Path("uploads") / ONE / f"{9:020d}"
    bucket.store.put(str(beyond), b"behind a gap")


def test_a_disk_that_fills_up_keeps_what_was_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(tmp_path)
    disk.append(ONE, 0, b"acknowledged")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("interview_ai.storage.os.fdatasync", full)
    with pytest.raises(TooMuch) as refused:
        disk.append(ONE, 12, b" and more")
    assert refused.value.status == 507
    assert kept(disk, ONE) == b"acknowledged"
