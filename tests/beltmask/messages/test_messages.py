"""A message is a code and parameters; a sentence is made of it where it is shown."""

from __future__ import annotations

import json
import pickle

import pytest

from beltmask.errors import NotFoundError, ProcessDiedError, StaleRevisionError
from beltmask.messages import Explanation, Message, as_said, english


class Capitals:
    """A language of which everything is known: English in capitals."""

    def template(self, code: str, count: int | None) -> str | None:
        known = english().template(code, count)
        return known and known.upper().replace("{SAID}", "{said}").replace("{PLACE}", "{place}")


def test_a_message_is_its_english_sentence_where_nobody_asks_for_another() -> None:
    assert str(Message("store.no_image", id=3)) == "there is no image 3"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 proposed object left"), (2, "2 proposed objects left")]
)
def test_a_number_chooses_between_the_words_for_one_and_for_several(count: int, said: str) -> None:
    assert str(Message("review.proposals_left", count=count)) == said


def test_a_sentence_says_itself_what_parts_its_lists() -> None:
    two = Message("review.no_class_for", labels=("nut", "bolt"))
    assert str(two) == 'no class for "nut", "bolt"'
    assert str(Message("review.no_class_for", labels=("nut",))) == 'no class for "nut"'


def test_braces_in_a_parameter_are_no_placeholders() -> None:
    assert str(as_said("{id} {0} {{")) == "{id} {0} {{"
    assert str(Message("errors.at", place="{said}", said=as_said("{place}"))) == "{said}: {place}"


def test_a_message_in_a_message_is_said_in_the_same_language() -> None:
    inner = Message("store.no_answer")
    framed = Message("errors.at", place="a.png", said=inner)
    assert framed.render(Capitals()) == "a.png: THE DATABASE DOES NOT ANSWER"


@pytest.mark.parametrize(
    "message",
    [
        Message("store.no_image", id=3),
        Message("errors.at", place="a.png", said=Message("store.no_answer")),
        Message("review.several", reasons=(Message("review.object_changed"), as_said("so"))),
        Message("review.shape_is_kept", count=2, numbers=(3, 4)),
        Message("x.nothing", left=None, share=0.5),
    ],
)
def test_a_message_outlives_being_kept_and_being_sent_to_another_process(message: Message) -> None:
    kept = Message.from_json(json.loads(json.dumps(message.to_json())))
    assert (kept, str(kept)) == (message, str(message))
    assert pickle.loads(pickle.dumps(message)) == message  # noqa: S301  # our own bytes


def test_a_code_of_another_version_shows_what_is_known_of_it() -> None:
    assert str(Message("store.of_tomorrow", name="a.png", id=3)) == (
        "store.of_tomorrow (name: a.png, id: 3)"
    )
    assert str(Message("store.no_image", number=3)) == "store.no_image (number: 3)"
    assert str(Message("images.stopped", said="full", count="many")) == (
        "images.stopped (said: full, count: many)"
    )


def test_an_error_is_a_code_with_parameters_and_still_its_sentence() -> None:
    error = NotFoundError(Message("store.no_image", id=3))
    assert (error.code, dict(error.params), str(error)) == (
        "store.no_image",
        {"id": 3},
        "there is no image 3",
    )
    assert error.hint == "It may have been deleted. Choose again."
    assert error.explanation == f"there is no image 3. {error.hint}"


def test_where_an_error_happened_is_said_before_it_and_leaves_its_code_alone() -> None:
    error = NotFoundError(Message("store.no_image", id=3)).at("a.png")
    assert str(error) == "a.png: there is no image 3"
    assert (error.code, dict(error.params)) == ("store.no_image", {"id": 3})


def test_an_explanation_is_kept_with_its_hint() -> None:
    told = ProcessDiedError().explained
    kept = Explanation.from_json(json.loads(json.dumps(told.to_json())))
    assert (kept, str(kept)) == (told, ProcessDiedError().explanation)


def test_an_explanation_without_a_hint_ends_as_its_message_does() -> None:
    told = Explanation(as_said("as it was said. All of it"))
    assert str(Explanation.from_json(told.to_json())) == "as it was said. All of it"


def test_an_explanation_is_one_line_of_whole_sentences() -> None:
    error = StaleRevisionError(as_said("two\nlines."), hint=as_said("Go on."))
    assert error.explanation == "two lines. Go on."
