"""What a result workbook keeps of many places, in few bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.coordinates import Place
from importer.spreadsheet.write.place_digests import PlaceDigests, digest

PLACES = st.tuples(st.integers(1, 1 << 20), st.integers(0, (1 << 14) - 1))


@given(st.lists(st.tuples(PLACES, st.text(max_size=3))))
def test_each_place_is_told_once_in_the_order_of_rows_with_the_last_text(told: list[tuple[Place, str]]) -> None:
    pairs = [(place, digest([text])) for place, text in told]

    assert list(PlaceDigests(pairs)) == sorted(dict(pairs).items())


def test_a_text_that_is_no_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        PlaceDigests().add((1, 0), "a remark")
