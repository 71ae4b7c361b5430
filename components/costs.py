"""Money and time on screen: the estimate before a run, the bill after it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Prompt
from beltmask.workflows.costs import Estimate, Spent, budget_left, estimate_for, spent_on
from components.services import services


def show_estimate(prompt: Prompt, image_ids: Sequence[int]) -> None:
    """What the run may cost, and what the day's budget still allows."""
    guess = estimate_for(prompt, image_ids, services=services())
    if guess is None:
        return
    st.caption(_estimated(guess))
    left = budget_left(services())
    if left is not None and left <= 0:
        st.warning("The budget of the day is spent: only answers kept from before will come.")
    elif left is not None:
        st.caption(f"Budget left today: {dollars(left)}.")


def show_bill(run_id: int) -> None:
    """What a run took, as the service counted it."""
    spent = spent_on(run_id, services=services())
    if spent.requests and spent.input_tokens:
        st.caption(billed(spent))


def billed(spent: Spent) -> str:
    unknown = f" and {spent.unpriced} of unknown cost" if spent.unpriced else ""
    return (
        f"{counted(spent.requests, 'request')}, {spent.input_tokens:,} tokens in, "
        f"{spent.output_tokens:,} out, {dollars(spent.cost)}{unknown}, "
        f"{spent.seconds:,.1f} s of answering"
    )


def dollars(amount: float) -> str:
    return f"{amount:,.2f} USD" if amount >= 1 else f"{amount:.4f} USD"


def _estimated(guess: Estimate) -> str:
    low, high = guess.output_tokens
    tokens = f"{guess.input_tokens:,} tokens in, {low:,} to {high:,} out"
    if guess.cost is None:
        cost = "the price of this model is not known"
    else:
        cost = f"{dollars(guess.cost[0])} to {dollars(guess.cost[1])}"
    return f"Estimate for {counted(guess.pictures, 'picture')}{_requests(guess)}: {tokens}, {cost}."


def _requests(guess: Estimate) -> str:
    """How many, where it is not one for each picture."""
    fewest, most = guess.requests
    if (fewest, most) == (guess.pictures, guess.pictures):
        return ""
    return (
        f" in {counted(most, 'request')}"
        if fewest == most
        else f" in {fewest:,} to {most:,} requests"
    )
