"""Compare prompts on approved pictures: which is better, how sure that is, and where it loses."""

import streamlit as st

from beltmask.workflows.comparison import comparisons_of
from beltmask.workflows.comparison_result import comparison_result, stamp_of
from components.comparison_charts import show_charts
from components.comparison_choice import choose_comparison
from components.comparison_form import comparison_form
from components.comparison_pictures import show_pictures
from components.comparison_progress import watch_comparison
from components.comparison_report import offer_report
from components.comparison_table import (
    offer_promotion,
    show_changed_truth,
    show_losses,
    show_table,
)
from components.errors import explained
from components.project_choice import chosen_project
from components.prompt_advice import show_advice
from components.services import services
from components.stability import show_stability

with explained():
    project = chosen_project()
    known = comparisons_of(project.id, services=services())

with (
    st.expander("New comparison", icon=":material/add:", expanded=not known),
    explained(stop=False),
):
    comparison_form(project)

if not known:
    st.info(
        "Nothing was compared in this project yet. Choose two prompts above.",
        icon=":material/compare:",
    )
    st.stop()

with explained():
    comparison = choose_comparison(known)
    watch_comparison(comparison)
    show_changed_truth(comparison)
    result = comparison_result(comparison.id, services=services())

show_table(result)
if result["pictures"]:
    with explained(stop=False):
        offer_promotion(comparison, result)
        show_charts(result)
        show_losses(result)
        show_advice(comparison, result)
        show_stability(comparison, project, stamp_of(result))
        show_pictures(comparison, project, stamp_of(result))
        offer_report(comparison)
