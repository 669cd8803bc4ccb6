"""The plots of a data card: lengths in tokens, composition, difficulty.

Belongs here: from counts to a picture, the same bytes for the same counts. Does not belong here: where pictures lie.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK, _PALE = "#33415c", "#d5dbe6"
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999")
"""Colours that are told apart by people who do not see all of them, the last one for all others."""

_MOST_KINDS = 28
_MOST_NAMES = 5
_DOTS_PER_INCH = 120
_OTHERS = "others"
_BARS = 20
_ROUNDING = 1e-9
"""What is on the edge of two bars falls into the upper one, however it was rounded."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of a card: what it shows, its heading for readers who do not see it, and its bytes as PNG."""

    subject: str
    alt: str
    png: bytes

    @property
    def name(self) -> str:
        """The name of its file, which says what is in it."""
        return f"plot-{self.subject}-{sha256(self.png).hexdigest()[:8]}.png"


def draw_plots(summary: pl.DataFrame) -> list[Plot]:
    """Draw the plots of a mixture.

    Args:
        summary: `Rendered.summary`.

    Returns:
        `tokens`, `composition`, and, where the difficulty of runs is known, `difficulty`.
    """
    import matplotlib.style

    # What a person set up for plots of their own must not change these.
    with matplotlib.style.context("default"):
        plots = [
            Plot("tokens", "Samples by their length in tokens", _png(_tokens(summary))),
            Plot("composition", "Samples by kind, domain, source and narrator", _png(_composition(summary))),
        ]
        known = summary.filter(pl.col("difficulty").is_not_null())
        if len(known):
            plots.append(Plot("difficulty", "Samples by the difficulty of the run", _png(_difficulty(known))))
    return plots


def _tokens(summary: pl.DataFrame) -> "Figure":
    """A histogram with two bars to an octave: lengths differ by powers of ten."""
    figure = _figure(8, 3)
    axes = figure.add_subplot()
    binned = summary.with_columns(
        bin=(pl.col("n_tokens").clip(lower_bound=1).log(2) * 2 + _ROUNDING).floor().cast(pl.Int64)
    )
    numbers = range(binned["bin"].min(), binned["bin"].max() + 1)
    _stack(axes, binned, {number: (2 ** (number / 2), 2 ** (number / 2) * (2**0.5 - 1)) for number in numbers})
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlim(2 ** (numbers[0] / 2 - 1), 2 ** (numbers[-1] / 2 + 1.5))
    for share, label, height in ((0.5, "median", 1.0), (0.95, "95 %", 0.93)):
        at = max(summary["n_tokens"].quantile(share, "lower"), 1)
        axes.axvline(at, color=_INK, linewidth=0.8, linestyle=":")
        said = f" {label}: {at:,.0f}"
        axes.annotate(said, (at, height), xycoords=("data", "axes fraction"), va="top", fontsize=7, color=_INK)
    axes.set_xlabel("tokens of a sample", fontsize=8)
    return figure


def _composition(summary: pl.DataFrame) -> "Figure":
    kinds = summary["kind"].n_unique()
    figure = _figure(8, max(3.6, 1 + 0.2 * min(kinds, _MOST_KINDS)))
    grid = figure.add_gridspec(3, 2)
    _bars(figure.add_subplot(grid[:, 0]), summary, "kind", most=_MOST_KINDS, room=10)
    for row, column in enumerate(("domain", "source", "narrator")):
        axes = figure.add_subplot(grid[row, 1])
        _bars(axes, summary, column, most=_MOST_NAMES, room=2)
        axes.set_xlim(0, 1.25 * len(summary))
    return figure


def _difficulty(known: pl.DataFrame) -> "Figure":
    """A histogram from 0 to 1, the whole scale, whatever part of it is there."""
    figure = _figure(8, 2.6)
    axes = figure.add_subplot()
    binned = known.with_columns(
        bin=(pl.col("difficulty") * _BARS + _ROUNDING).floor().cast(pl.Int64).clip(0, _BARS - 1)
    )
    _stack(axes, binned, {number: (number / _BARS, 1 / _BARS) for number in range(_BARS)})
    axes.set_xlim(0, 1)
    axes.set_xlabel("difficulty of the run, from 0 to 1", fontsize=8)
    return figure


def _stack(axes: "Axes", binned: pl.DataFrame, edges: Mapping[int, tuple[float, float]]) -> None:
    """Bars that stand on each other, one colour for each domain.

    Args:
        axes: where to.
        binned: `domain`, and in `bin` the number of the bar that a row belongs to.
        edges: left edge and width of each bar, by number.
    """
    names, grouped = _grouped(binned, "domain", len(_COLOURS))
    counted = {(name, number): count for name, number, count in grouped.group_by("group", "bin").len().iter_rows()}
    lefts, widths = zip(*edges.values(), strict=True)
    below = [0] * len(edges)
    for name, colour in zip(names, _COLOURS, strict=False):
        heights = [counted.get((name, number), 0) for number in edges]
        axes.bar(
            lefts, heights, widths, below, align="edge", color=colour, label=name, linewidth=0.4, edgecolor="white"
        )
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.legend(fontsize=7, frameon=False, loc="upper right", ncols=2)
    axes.yaxis.grid(True, color=_PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.margins(y=0.25)
    axes.set_ylabel("samples", fontsize=8)
    axes.yaxis.set_major_formatter("{x:,.0f}")


def _bars(axes: "Axes", summary: pl.DataFrame, column: str, *, most: int, room: int) -> None:
    """Bars that lie below each other, the longest on top, each with its share: not more than `most`, and with room for
    `room`, so that few are not too thick.
    """
    names, grouped = _grouped(summary, column, most)
    counted = dict(grouped.group_by("group").len().iter_rows())
    counts = [counted[name] for name in names]
    places = range(len(names))
    axes.barh(places, counts, 0.72, color=_COLOURS[0])
    for place, count in zip(places, counts, strict=True):
        axes.annotate(f" {count / len(summary):.1%}", (count, place), va="center", fontsize=7, color=_INK)
    axes.set_yticks(places, names)
    axes.set_ylim(max(len(names), room) - 0.4, -0.6)
    axes.margins(x=0.25)
    axes.set_title(column, fontsize=9, loc="left", color=_INK)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _grouped(frame: pl.DataFrame, column: str, most: int) -> tuple[list[str], pl.DataFrame]:
    """The values of a column, most frequent first, and the frame with a column `group` that names the one of each row.

    Of more than `most` values the rarest are one group.
    """
    named = frame.with_columns(pl.col(column).fill_null("none").alias("group"))
    counted = named.group_by("group").len().sort(["len", "group"], descending=[True, False])
    names = counted["group"].to_list()
    if len(names) <= most:
        return names, named
    names = names[: most - 1]
    kept = pl.when(pl.col("group").is_in(names)).then("group").otherwise(pl.lit(_OTHERS))
    return [*names, _OTHERS], named.with_columns(group=kept)


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure((width, height), _DOTS_PER_INCH, layout="constrained")


def _png(figure: "Figure") -> bytes:
    """The picture, small for having few colours, and with nothing in it that changes from one time to the next."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text
    from PIL import Image

    for axes in figure.axes:
        axes.tick_params(labelsize=7, color=_PALE)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["bottom", "left"]].set_color(_PALE)
    # A font of the same name that the machine has may be another version of it.
    own_font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    for text in figure.findobj(Text):
        text.set_parse_math(False)
        text.get_fontproperties().set_file(str(own_font))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    written = io.BytesIO()
    picture.convert("RGB").quantize(48).save(written, "PNG", optimize=True)
    return written.getvalue()
