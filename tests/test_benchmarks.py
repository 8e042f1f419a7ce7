"""The table of ratios: what it says of two measurements, and that it keeps and finds those of the last release."""

import sys
from pathlib import Path

import pytest

from tests.bench import ratio_table, refusals, speed
from tests.bench.ratio_table import Ratio


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the page, in which this release's figures are kept."""
    page = tmp_path / "benchmarks.md"
    page.write_text(ratio_table.KEPT.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(ratio_table, "KEPT", page)
    monkeypatch.setattr(ratio_table, "__version__", "9.0.0")
    ratio_table.keep([Ratio("Reading", [4.0, 4.0, 4.4]), Ratio("A list, sent: speed", [2.0])])
    return page


def test_the_noise_of_a_ratio_is_how_far_its_values_lie_apart() -> None:
    ratio = Ratio("Reading", [3.0, 4.0, 5.0])

    assert (ratio.median, ratio.noise) == (4.0, 0.25)


def test_the_figures_that_are_kept_are_found_again_and_the_rest_of_the_page_stays(kept: Path) -> None:
    before = ratio_table.KEPT.read_text(encoding="utf-8")

    version, found = ratio_table.read_kept()
    ratio_table.keep([Ratio("Reading", [4.0, 4.0, 4.4])])

    assert version == "9.0.0"
    assert {name: (each.ratio, each.noise) for name, each in found.items()} == {
        "Reading": (4.0, 0.1), "A list, sent: speed": (2.0, 0.0),
    }  # fmt: skip
    assert kept.read_text(encoding="utf-8") == before
    assert "`constraints.txt`.\n" in before


@pytest.mark.usefixtures("kept")
def test_a_difference_is_told_only_where_it_is_larger_than_the_noise(capsys: pytest.CaptureFixture[str]) -> None:
    ratio_table.print_table(
        [Ratio("Reading", [3.8, 4.0, 4.1]), Ratio("A list, sent: speed", [1.5]), Ratio("New", [9.0])]
    )

    _, reading, sent, new = capsys.readouterr().out.strip().splitlines()
    assert reading.endswith("alike, within the noise")
    assert sent.endswith("WORSE by 25%")
    assert new.split() == ["New", "9.00", "0%"]


def test_the_page_keeps_figures_of_a_release() -> None:
    version, found = ratio_table.read_kept()

    assert version != "before"
    assert found


def test_what_refused_rows_cost_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusals.measure(tmp_path, 40, 1)

    _, unnamed, named = capsys.readouterr().out.strip().splitlines()
    assert unnamed.startswith("  positions not told: ")
    assert unnamed.endswith("39 rows created, 1 refused")
    assert named == "  positions told: 2 bulk requests, 39 rows created, 1 refused"


def test_the_memory_of_a_command_is_not_that_of_the_benchmark_which_starts_it() -> None:
    held = bytearray(b"x") * (300 << 20)

    ran = speed.run(sys.executable, "-c", "import time; time.sleep(1)")

    assert len(held) == 300 << 20
    assert 0 < ran.peak_mb < 100
