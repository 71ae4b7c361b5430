"""A new comparison: prompts or a grid, pictures, repeats, what it takes, a budget, and start."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Contender, Project
from beltmask.workflows.comparable_prompts import comparable_prompts, prompt_grid
from beltmask.workflows.comparison import (
    approved_count,
    comparisons_of,
    start_comparison,
)
from beltmask.workflows.comparison_plan import (
    MOST_REPEATS,
    ComparisonPlan,
    ComparisonWish,
    plan_comparison,
)
from beltmask.workflows.imported_predictions import file_contender, read_predictions
from beltmask.workflows.model_changes import model_changes
from components import state
from components.costs import dollars
from components.errors import explained
from components.model_changes import offer_successors
from components.prompt_advice import choose_next
from components.services import services

_TEMPERATURES = (0.0, 0.2, 0.5, 0.7, 1.0, 1.5)


def comparison_form(project: Project) -> None:
    approved = approved_count(project.id, services=services())
    if not approved:
        st.info("Approve some pictures in Review first: what they hold is the truth.")
        st.page_link("pages/label/review.py", label="Go to Review")
        return
    choose_next()
    changes = model_changes(project.id, services=services())
    offer_successors(changes)
    known = comparable_prompts(project.id, services=services())
    known += [each.after for each in changes if each.after not in known]
    contenders = _choose_contenders(known)
    files = _choose_files()
    contenders = (*contenders, *files)
    wish = _choose_rest(project, contenders, approved)
    if len(contenders) < 2:
        st.caption("Choose two prompts, or values for a grid.")
        return
    with explained(stop=False):
        _say_what_it_takes(plan_comparison(wish, services=services()))
        if st.button("Start", type="primary", icon=":material/play_arrow:", key="compare.start"):
            imported = [
                read_predictions(project.id, contender, data, services=services())
                for contender, data in files.items()
            ]
            started = start_comparison(wish, services=services(), imported=imported)
            state.comparison_id.set(str(started.id))
            st.rerun()


def _choose_contenders(known: Sequence[Contender]) -> tuple[Contender, ...]:
    by_name = {each.name: each for each in known}
    how = st.segmented_control(
        "Compare", ["Prompts", "Grid"], default="Prompts", key="compare.how", required=True
    )
    if how == "Grid":
        return _choose_grid(known)
    chosen = st.multiselect(
        "Prompts",
        list(by_name),
        key="compare.prompts",
        placeholder="The first one chosen is the baseline",
    )
    return tuple(by_name[name] for name in chosen)


def _choose_files() -> dict[Contender, bytes]:
    """Predictions of other makers, by the names of their files."""
    given = st.file_uploader(
        "Predictions of other makers, COCO",
        type="json",
        accept_multiple_files=True,
        key="compare.files",
    )
    files = {}
    for each in given:
        data = each.getvalue()
        files[file_contender(each.name.removesuffix(".json"), data)] = data
    return files


def _choose_grid(known: Sequence[Contender]) -> tuple[Contender, ...]:
    """Every combination of words, temperatures, models and sizes, all else as in one prompt."""
    by_name = {each.name: each for each in known}
    name = st.selectbox("All else as in", list(by_name), key="compare.base")
    if not name:
        return ()
    base = by_name[name]
    words = st.text_area("Queries, a line each", base.prompt.query, key="compare.queries")
    left, middle, right = st.columns(3)
    temperatures = left.multiselect("Temperatures", _TEMPERATURES, key="compare.temperatures")
    models = middle.multiselect(
        "Models",
        [base.prompt.model] if base.prompt.model else [],
        key="compare.models",
        accept_new_options=True,
    )
    sides = right.multiselect("Longest side sent, px", [768, 1024, 1536, 2048], key="compare.sides")
    made = prompt_grid(
        base,
        queries=words.splitlines(),
        temperatures=temperatures,
        models=models,
        sides=sides,
    )
    return tuple(made)


def _choose_rest(
    project: Project, contenders: tuple[Contender, ...], approved: int
) -> ComparisonWish:
    name = st.text_input("Name", key="compare.name", placeholder="What is it about?")
    first, second, third, fourth = st.columns(4)
    pictures = first.number_input(
        f"Pictures, of {approved} approved", 1, approved, approved, key="compare.pictures"
    )
    seed = second.number_input(
        "Seed of the sample", 0, key="compare.seed", disabled=pictures == approved
    )
    repeats = third.number_input(
        "Times each", 1, MOST_REPEATS, key="compare.repeats", help="Repeats show how stable it is."
    )
    budget = fourth.number_input(
        "Budget, USD", 0.0, value=None, key="compare.budget", placeholder="no limit"
    )
    return ComparisonWish(
        project.id,
        contenders,
        name=name.strip(),
        pictures=None if pictures == approved else int(pictures),
        seed=int(seed),
        repeats=int(repeats),
        budget=budget,
        unseen_by=_choose_unseen(project),
    )


def _choose_unseen(project: Project) -> int:
    """Id of the comparison whose pictures are left out; 0 for none."""
    earlier = {each.id: each.name for each in comparisons_of(project.id, services=services())}
    if not earlier:
        return 0
    names = {0: "none", **earlier}
    chosen = st.selectbox(
        "Leave out the pictures of",
        list(names),
        format_func=names.__getitem__,
        key="compare.unseen",
        help="Words drafted from the errors of a comparison are proven on other pictures.",
    )
    return int(chosen or 0)


def _say_what_it_takes(plan: ComparisonPlan) -> None:
    low, high = plan.requests
    requests = counted(high, "request") if low == high else f"{low:,} to {high:,} requests"
    parts = [f"{counted(len(plan.image_ids), 'picture')}: {requests}"]
    if plan.reused:
        parts.append(f"{counted(plan.reused, 'answer')} kept from before")
    if plan.output_tokens[1]:
        tokens = f"{plan.output_tokens[0]:,} to {plan.output_tokens[1]:,}"
        parts.append(f"{plan.input_tokens:,} tokens in, {tokens} out")
    if plan.minutes is not None and plan.asked:
        parts.append(f"about {max(plan.minutes, 0.1):.1f} min")
    if plan.cost is None:
        parts.append("a price is not known")
    elif plan.cost[1]:
        parts.append(f"{dollars(plan.cost[0])} to {dollars(plan.cost[1])}")
    st.caption(", ".join(parts) + ".")
