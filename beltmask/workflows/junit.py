"""Gates as a JUnit file, which CI systems show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from beltmask.errors import SettingsError
from beltmask.messages import Message
from beltmask.scoring.gate import GateOutcome

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(sentence: str, outcomes: Sequence[GateOutcome]) -> bytes:
    """A suite of a comparison and its sentence, a case for every prompt at every gate."""
    broken = sum(not outcome.held for outcome in outcomes)
    counts = {"tests": str(len(outcomes)), "failures": str(broken), "errors": "0"}
    suite = ElementTree.Element("testsuite", {"name": "beltmask compare", **counts})
    for outcome in outcomes:
        case = ElementTree.SubElement(
            suite, "testcase", classname=_text(outcome.prompt), name=str(outcome.gate)
        )
        reason = _text(str(outcome.reason))
        if outcome.held:
            ElementTree.SubElement(case, "system-out").text = reason
        else:
            ElementTree.SubElement(case, "failure", message=reason)
    ElementTree.SubElement(suite, "system-out").text = _text(sentence)
    written: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written


def write_junit(path: Path, sentence: str, outcomes: Sequence[GateOutcome]) -> None:
    """Write ``junit_xml``.

    Raises:
        SettingsError: It cannot be written.
    """
    try:
        path.write_bytes(junit_xml(sentence, outcomes))
    except OSError as error:
        raise SettingsError(
            Message("comparison.junit_not_written", path=str(path), reason=error.strerror),
            hint=Message("cli.check_path"),
        ) from error


def _text(words: str) -> str:
    return _NOT_XML.sub("\ufffd", words)
