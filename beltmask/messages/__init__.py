"""What is said to people: codes with parameters, and the catalogue that makes sentences of them."""

from __future__ import annotations

from beltmask.messages.catalogue import Catalogue, english
from beltmask.messages.message import Explanation, Message, Parameter, as_said

__all__ = ["Catalogue", "Explanation", "Message", "Parameter", "as_said", "english"]
