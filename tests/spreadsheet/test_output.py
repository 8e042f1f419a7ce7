from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from importer.errors import Guarded
from importer.spreadsheet.write.atomic_write import check_folder, put, result_path


def write_word(word: bytes) -> Callable[[BinaryIO], None]:
    def write(file: BinaryIO) -> None:
        file.write(word)

    return write


def test_the_result_is_named_after_the_input_and_not_after_an_earlier_result() -> None:
    for name in ("team.csv", "team.xlsx", "team.result.xlsx", "team (2).result.xlsx", "team.plan.xlsx"):
        assert result_path(Path("folder") / name) == Path("folder/team.result.xlsx")


def test_a_number_in_the_inputs_own_name_stays() -> None:
    assert result_path(Path("team (2).csv")) == Path("team (2).result.xlsx")


def test_a_file_that_is_there_is_never_touched(tmp_path: Path) -> None:
    target = tmp_path / "team.result.xlsx"
    target.write_bytes(b"theirs")

    second, third = put(target, write_word(b"ours")), put(target, write_word(b"ours too"))

    assert target.read_bytes() == b"theirs"
    assert second == tmp_path / "team (2).result.xlsx"
    assert third == tmp_path / "team (3).result.xlsx"
    assert second.read_bytes() == b"ours"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "team (2).result.xlsx",
        "team (3).result.xlsx",
        "team.result.xlsx",
    ]


def test_a_failure_while_writing_leaves_no_half_file(tmp_path: Path) -> None:
    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        put(tmp_path / "a.xlsx", fail)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(Guarded, match="We cannot write files in"):
        check_folder(tmp_path / "nowhere" / "a.xlsx")


def test_a_result_can_be_read_by_whoever_may_read_the_folder(tmp_path: Path) -> None:
    path = put(tmp_path / "a.xlsx", write_word(b"x"))
    plain = tmp_path / "plain"
    plain.write_bytes(b"x")

    assert path.stat().st_mode == plain.stat().st_mode
