"""Charts of a comparison, for a page and for a report that is opened without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from beltmask.workflows.comparison_tables import ERROR_NAMES, LOSS_NAMES

if TYPE_CHECKING:
    import altair as alt

    Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart

Summary = Mapping[str, Any]
Rows = list[dict[str, Any]]


def charts_of(result: Summary) -> dict[str, Chart]:
    """By title; a chart with nothing to show is left out."""
    made = {
        "Difference of F1 from the baseline, with its 95 % interval": _differences(result),
        "Quality against cost": _cost(result),
        "Quality against temperature": _temperature(result),
        "What became of the true objects": _losses(result),
        "Kinds of error": _errors(result),
    }
    return {title: chart for title, chart in made.items() if chart is not None}


def _chart(rows: Rows) -> alt.Chart:
    """The numbers are within the chart, however many they are."""
    import altair as alt  # noqa: PLC0415  # 0.4 s nobody else waits for

    return alt.Chart(alt.InlineData(values=rows))


def _differences(result: Summary) -> Chart | None:
    import altair as alt  # noqa: PLC0415

    rows = [
        {"prompt": name, **{key: found["f1"][key] for key in ("delta", "low", "high", "verdict")}}
        for name, found in result["differences"].items()
        if found["f1"]["delta"] is not None
    ]
    if not rows:
        return None
    base = _chart(rows).encode(y=alt.Y("prompt:N", title=None, sort=None))
    span = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title="Difference of F1"), x2="high:Q", color="verdict:N"
    )
    zero = _chart([{"zero": 0}]).mark_rule(strokeDash=[4, 4]).encode(x="zero:Q")
    point = base.mark_point(filled=True, size=80).encode(x="delta:Q", color="verdict:N")
    return alt.layer(zero, span, point)


def _cost(result: Summary) -> Chart | None:
    import altair as alt  # noqa: PLC0415

    rows = [
        {"prompt": name, "cost": row["cost_per_picture"], "f1": row["f1"]}
        for name, row in result["prompts"].items()
        if row["cost_per_picture"] and row["f1"] is not None
    ]
    if not rows:
        return None
    at = _chart(rows).encode(
        x=alt.X("cost:Q", title="USD per picture"),
        y=alt.Y("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1])),
    )
    points = at.mark_point(filled=True, size=80).encode(color=alt.Color("prompt:N", legend=None))
    return alt.layer(points, at.mark_text(align="left", dx=8).encode(text="prompt:N"))


def _temperature(result: Summary) -> Chart | None:
    """With the spread of repeats and the share of failures, where temperatures differ."""
    import altair as alt  # noqa: PLC0415

    rows = [
        {
            "words": row["asked"]["query"],
            "temperature": row["asked"]["temperature"],
            "f1": row["f1"],
            "low": row["spread"][0],
            "high": row["spread"][1],
        }
        for row in result["prompts"].values()
        if row["asked"]["temperature"] is not None and row["f1"] is not None
    ]
    if len({row["temperature"] for row in rows}) < 2:
        return None
    at = _chart(rows).encode(
        x=alt.X("temperature:Q", title="Temperature"), color=alt.Color("words:N", title="Words")
    )
    line = at.mark_line(point=True).encode(
        y=alt.Y("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1]))
    )
    return alt.layer(at.mark_rule().encode(y="low:Q", y2="high:Q"), line)


def _losses(result: Summary) -> Chart | None:
    import altair as alt  # noqa: PLC0415

    rows = list(_loss_rows(result))
    if not rows:
        return None
    names = list(LOSS_NAMES.values())
    made: Chart = (
        _chart(rows)
        .mark_bar()
        .encode(
            y=alt.Y("prompt:N", title=None, sort=None),
            x=alt.X("share:Q", title="Of 100 true objects"),
            color=alt.Color("step:N", title=None, sort=names, scale=alt.Scale(scheme="tableau10")),
            order=alt.Order("number:Q"),
            tooltip=["prompt:N", "step:N", "objects:Q"],
        )
    )
    return made


def _loss_rows(result: Summary) -> Iterator[dict[str, Any]]:
    for name, row in result["prompts"].items():
        for number, (step, told) in enumerate(reversed(list(LOSS_NAMES.items()))):
            objects = row["losses"].get(step, 0)
            if objects:
                share = 100 * objects / max(row["objects"], 1)
                said = {"prompt": name, "step": told, "objects": objects, "share": share}
                yield {**said, "number": number}


def _errors(result: Summary) -> Chart | None:
    import altair as alt  # noqa: PLC0415

    rows = [
        {"prompt": name, "kind": ERROR_NAMES[kind], "errors": count}
        for name, row in result["prompts"].items()
        for kind, count in row["errors"].items()
        if count
    ]
    if not rows:
        return None
    made: Chart = (
        _chart(rows)
        .mark_bar()
        .encode(
            y=alt.Y("kind:N", title=None, sort="-x"),
            x=alt.X("errors:Q", title="Errors"),
            color=alt.Color("prompt:N", title=None),
            yOffset="prompt:N",
        )
    )
    return made
