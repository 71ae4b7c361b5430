"""A page of hostile names in a caption, a button and a message, each in a container of its own."""

import streamlit as st

from components.markup import literal
from tests.hostile_names import NAMES

for number, name in enumerate(NAMES):
    with st.container(key=f"name{number}"):
        st.caption(literal(name))
        st.button(literal(name), key=f"button{number}")
        st.error(f"**{literal(name)}** and {literal(name)}")
st.text("These are all.")
