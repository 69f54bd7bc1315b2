"""Run `jazzgen tunes`."""

import json

import click

from jazzgen.cli.columns import aligned
from jazzgen.harmony.changes import Chart, format_chart
from jazzgen.harmony.tunes import Tune, find_tune, format_tune, tune_names

_NUMBERS = (4, 6)


def tunes(name: str | None, as_json: bool) -> None:
    found = {each: find_tune(each) for each in ((name,) if name else tune_names())}
    if as_json:
        objects = [_fields(each, tune) for each, tune in found.items()]
        click.echo(json.dumps(objects[0] if name else objects, indent=1))
    elif name:
        click.echo(format_tune(found[name]))
    else:
        click.echo("\n".join(aligned((_row(*item) for item in found.items()), _NUMBERS)))


def _fields(name: str, tune: Tune) -> dict[str, object]:
    return {
        "name": name,
        "title": tune.title,
        "key": str(tune.key),
        "meter": str(tune.chart.meter),
        "bars": sum(1 for _ in tune.chart.bars()),
        "sections": [label for _, label in tune.chart.sections],
        "tempo": tune.bpm,
        "feel": tune.feel,
        "style": tune.style,
        "changes": format_chart(tune.chart),
    }


def _row(name: str, tune: Tune) -> tuple[str, ...]:
    bars = f"{sum(1 for _ in tune.chart.bars())} bars"
    sections = "".join(label for _, label in tune.chart.sections)
    return name, tune.title, str(tune.key), _meters(tune.chart), bars, sections, f"{tune.bpm:g} bpm", tune.feel


def _meters(chart: Chart) -> str:
    """Return the first meter, with an asterisk if others follow."""
    return str(chart.meter) + ("*" if len(chart.meters) > 1 else "")
