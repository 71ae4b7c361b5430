"""The whole of a comparison as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from beltmask.model import Comparison
from beltmask.workflows.comparison import find_comparison
from beltmask.workflows.comparison_charts import charts_of
from beltmask.workflows.comparison_pictures import (
    BOUNDARY,
    EXTRA,
    MATCHED,
    MISSED,
    WRONG_CLASS,
    compared_pictures,
    difference_jpeg,
    truth_jpeg,
)
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.comparison_tables import (
    DIFFERENCE_COLUMNS,
    FIGURE_COLUMNS,
    LOSS_NAMES,
    difference_rows,
    figure_rows,
)
from beltmask.workflows.services import Services

_MOST_PICTURES = 8
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; font-size: 13px; display: block; overflow: auto }
th, td { border: 1px solid #ccd; padding: .25rem .5rem; text-align: right }
th:first-child, td:first-child { text-align: left }
.pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem }
figure { margin: 0 } img { width: 100% } figcaption, .quiet { color: #667; font-size: 13px }
svg { max-width: 100%; height: auto } .key span { padding: 0 .5rem; color: #fff }
"""
_KEY = {
    "matched": MATCHED,
    "missed": MISSED,
    "extra": EXTRA,
    "wrong class": WRONG_CLASS,
    "outline apart": BOUNDARY,
}


def report_html(comparison_id: int, *, services: Services) -> str:
    """Sentence, tables, charts, and the pictures with the biggest losses, for keeping and sending.

    Raises:
        NotFoundError: There is no such comparison.
    """
    comparison = find_comparison(comparison_id, services=services)
    result = comparison_result(comparison_id, services=services)
    parts = [*_words(comparison, result), *_tables(result), *_charts(result)]
    if result["pictures"]:
        parts += _pictures(comparison, services)
    title = f"<title>{escape(comparison.name)}</title>"
    head = f'<meta charset="utf-8">{title}<style>{_STYLE}</style>'
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{''.join(parts)}</body></html>"


def _words(comparison: Comparison, result: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h1>{escape(comparison.name)}</h1>"
    yield f"<p><strong>{escape(result['sentence'])}</strong></p>"
    when = f"{comparison.created_at:%Y-%m-%d %H:%M} UTC"
    about = (
        f"{result['pictures']} pictures, {comparison.repeats} times each, IoU {comparison.iou:g}"
    )
    yield f"<p class='quiet'>{escape(comparison.actor.name)}, {when}: {about}.</p>"
    for each in comparison.contenders:
        prompt = each.prompt
        asked = [prompt.detector, prompt.model, f"longest side {prompt.image_side} px"]
        asked += [] if prompt.temperature is None else [f"temperature {prompt.temperature:g}"]
        words = f"{prompt.query} ({', '.join(filter(None, asked))})"
        yield f"<p><em>{escape(each.name)}</em>: {escape(words)}</p>"


def _tables(result: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Figures</h2>"
    yield _table(list(FIGURE_COLUMNS.values()), figure_rows(result))
    if result["differences"]:
        yield f"<h2>Against {escape(result['baseline'])}</h2>"
        yield _table(list(DIFFERENCE_COLUMNS.values()), difference_rows(result))
    yield "<h2>What became of the true objects</h2>"
    rows = [
        [name, *(row["losses"].get(step, 0) for step in LOSS_NAMES)]
        for name, row in result["prompts"].items()
    ]
    yield _table(["Prompt", *LOSS_NAMES.values()], rows)


def _charts(result: Mapping[str, Any]) -> Iterator[str]:
    import vl_convert  # noqa: PLC0415  # it brings a whole browser engine along

    for title, chart in charts_of(result).items():
        drawn = chart.properties(width=640).to_json(indent=None)
        yield f"<h2>{escape(title)}</h2>{vl_convert.vegalite_to_svg(drawn)}"


def _pictures(comparison: Comparison, services: Services) -> Iterator[str]:
    """Where each prompt lost most against the baseline."""
    key = "".join(f"<span style='background:{c}'>{name}</span>" for name, c in _KEY.items())
    yield f"<h2>Pictures</h2><p class='key'>{key}</p>"
    baseline = comparison.baseline
    for name in (each.name for each in comparison.contenders if each.name != baseline):
        pictures = compared_pictures(comparison.id, name, baseline, services=services)
        yield f"<h3>{escape(name)} against {escape(baseline)}, the biggest losses first</h3>"
        for each in pictures[:_MOST_PICTURES]:
            drawn = [
                ("truth", truth_jpeg(comparison.id, each.image.id, services=services)),
                *(
                    (who, difference_jpeg(comparison.id, each.image.id, who, services=services))
                    for who in (baseline, name)
                ),
            ]
            yield f"<h4>{escape(each.image.name)}: F1 {each.other_f1:.3f} → {each.f1:.3f}</h4>"
            yield f"<div class='pictures'>{''.join(_figure(*one) for one in drawn)}</div>"


def _figure(caption: str, jpeg: bytes) -> str:
    data = base64.b64encode(jpeg).decode()
    image = f"<img alt='{escape(caption)}' src='data:image/jpeg;base64,{data}'>"
    return f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(value))}</td>' for value in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: Any) -> str:
    return "–" if value is None else str(value)
