"""Moments as the person's own clock shows them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def local_time(moment: datetime) -> str:
    """A moment in the time zone of this person's browser, shortly."""
    return short_time(moment, zone=st.context.timezone, now=datetime.now(UTC))


def short_time(moment: datetime, *, zone: str | None, now: datetime) -> str:
    """Such as "14:03", or "2026-11-20 14:03" on another day than ``now``.

    Args:
        moment: With a time zone, whichever.
        zone: The name of the zone it is told in; one that is not known is told as UTC.
        now: With a time zone, too.
    """
    known = _zone(zone)
    there = moment.astimezone(known or UTC)
    today = there.date() == now.astimezone(known or UTC).date()
    return f"{there:{'%H:%M' if today else '%Y-%m-%d %H:%M'}}" + ("" if known else " UTC")


def _zone(name: str | None) -> tzinfo | None:
    """The zone a browser names, which may be anything."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
