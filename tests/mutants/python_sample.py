"""Small breaks of Python code, made by cosmic-ray's operators."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tests.mutants.mutant import Mutant, mutant_of

Place = tuple[str, str, int, int]
"""Path, operator, which of its occurrences in the file, and the line."""

_SWAPS = {
    "ReplaceBinaryOperator": (
        "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_FloorDiv",
        "BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitOr", "LShift_RShift", "RShift_LShift",
    ),
    "ReplaceComparisonOperator": (
        "Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_Gt", "Gt_Lt",
        "Is_IsNot", "IsNot_Is",
    ),
    "ReplaceUnaryOperator": ("USub_UAdd", "Delete_Not", "Delete_Invert"),
}  # fmt: skip
_OTHERS = (
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "ZeroIterationForLoop",
)
OPERATORS = (
    *(f"core/{family}_{swap}" for family, swaps in _SWAPS.items() for swap in swaps),
    *(f"core/{name}" for name in _OTHERS),
)
"""Slips a person makes; of all pairs of signs most break everything at once."""


def python_mutants(root: Path, paths: Sequence[str], count: int, *, seed: int) -> list[Mutant]:
    """A sample of ``count`` breaks, the same for the same seed and code."""
    choice = random.Random(seed)  # noqa: S311
    families: dict[tuple[str, int, str], list[Place]] = {}
    for path in paths:
        for place in _places(path, (root / path).read_text(encoding="utf-8")):
            family = place[1].rpartition("/")[2].partition("_")[0]
            families.setdefault((path, place[3], family), []).append(place)
    chosen = choice.sample(sorted(families), min(count, len(families)))
    made = (_made(root, choice.choice(families[key])) for key in chosen)
    return [mutant for mutant in made if mutant is not None]


def _places(path: str, text: str) -> Iterator[Place]:
    """Where the file can be broken: not in annotations, in how dataclasses are made, or in stars
    that are no sign of multiplication.
    """
    lines, hints = text.splitlines(), _annotations(ast.parse(text))
    nodes = list(ast_nodes(get_ast(text)))
    for name in OPERATORS:
        operator = get_operator(name)()
        spans = (span for node in nodes for span in operator.mutation_positions(node))
        for occurrence, ((line, column), _) in enumerate(spans):
            start = lines[line - 1][:column].strip()
            no_sign = name.endswith("Mul_Div") and (not start or start[-1] in "(,[{")
            hint = any(a <= (line, column) < b for a, b in hints)
            if not (no_sign or hint or start.startswith("@dataclass")):
                yield path, name, occurrence, line


def _annotations(tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where types are written: (line, column) of start and end."""
    found: list[ast.expr | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.arg() | ast.AnnAssign():
                found.append(node.annotation)
            case ast.FunctionDef():
                found.append(node.returns)
            case _:
                continue
    return [
        ((hint.lineno, hint.col_offset), (hint.end_lineno or 0, hint.end_col_offset or 0))
        for hint in found
        if hint is not None
    ]


def _made(root: Path, place: Place) -> Mutant | None:
    path, name, occurrence, _ = place
    original = (root / path).read_text(encoding="utf-8")
    broken = mutate_code(original, get_operator(name)(), occurrence)
    if broken is None or broken.splitlines() == original.splitlines():
        return None
    return mutant_of(path, original, broken)
