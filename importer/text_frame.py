"""The texts of a table as a DataFrame, each distinct one kept once. Knows references and texts; knows no field."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals


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


def stack_texts(frames: Sequence[pd.DataFrame], names: Sequence[str]) -> pd.DataFrame:
    """The rows of all frames in the order of their references; a column that a frame lacks is blank there."""
    refs = np.concatenate([frame.index.to_numpy() for frame in frames])
    is_in_order = bool((refs[1:] > refs[:-1]).all())
    order = slice(None) if is_in_order else np.argsort(refs, kind="stable")
    blank = pd.Categorical([""])
    texts = {}
    for name in names:
        parts = [frame[name].array if name in frame else blank.repeat(len(frame)) for frame in frames]
        texts[name] = union_categoricals(parts)[order]
    return pd.DataFrame(texts, index=pd.Index(refs[order], name="ref"), copy=False)
