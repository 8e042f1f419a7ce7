"""The texts of a table as a DataFrame, each distinct one kept once. Knows references and texts; knows no field."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


def text_frame(columns: Mapping[str, Sequence[str]], refs: Sequence[int]) -> pd.DataFrame:
    """A row for each reference, a categorical column of texts for each name.

    Shapes: every column has a text for each of `refs`.
    """
    index = pd.Index(np.fromiter(refs, dtype=np.int64, count=len(refs)), name="ref")
    return pd.DataFrame({name: categorical(texts) for name, texts in columns.items()}, index=index)


def categorical(texts: Sequence[str]) -> pd.Categorical:
    """The texts as numbers of the distinct ones, in the order in which they first stand."""
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    return pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=object))
