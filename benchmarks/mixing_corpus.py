"""A corpus of very many samples in the tables of a home, as builds leave them, made without running a program.

Each sample is another program, input and question. A program goes through a list of numbers; what is told of it is
worked out here step by step, is true, and as long as tellings are (3 kB). Larger sizes have more inputs for each of
about as many programs. Each program stands as a family of its own.

Belongs here: the rows. Does not belong here: what is made of them.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracepile_assets.building import sync_source
from tracepile_assets.home import Home, SourceEntry, Stripe, open_home
from tracepile_assets.home.whole import write_whole
from tracepile_assets.tables import ids
from tracepile_assets.tables.files import as_table, read_batches, read_table, write_rows, write_tables
from tracepile_assets.tables.schemas import SCHEMAS

PROGRAMS = 6_500
SOURCE = "told"
_VERBS = ("gather", "weigh", "settle", "trim", "blend", "carry", "level", "drain", "stack", "sweep")
_NOUNS = ("crates", "lamps", "tides", "seeds", "coins", "miles", "pages", "tiles", "drops", "steps")
_CODE = """def {name}(values, step={step}):
    total = {start}
    turns = 0
    for value in values:
        if value > total:
            total += value - step
            turns += 1
        else:
            total -= {less}
    return total * {times} + turns
"""
_ASKED = {
    "output_prediction": "What does it return?",
    "final_value": "What is `total` when the loop has ended?",
    "loop_iterations": "How many times is the body of the loop executed?",
    "branch_taken": "How many times is the condition of the `if` true?",
    "variable_changes": "What is `turns` when the loop has ended?",
    "statement_count": "How many times is `total` assigned within the loop?",
    "variable_at_visit": "What is `total` after the third iteration?",
    "variable_after_assignment": "What is `turns` after the fifth iteration?",
}
"""The question of each kind."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Program:
    number: int
    name: str
    step: int
    start: int
    less: int
    times: int
    inputs: int

    @property
    def code(self) -> str:
        return _CODE.format(**asdict(self))

    @property
    def id(self) -> str:
        return ids.program_id(SOURCE, str(self.number), self.code, self.name)

    @property
    def variant(self) -> str:
        return ids.variant_id(self.id, [], self.code, self.name)

    def lists(self) -> Iterator[list[int]]:
        """The lists of its inputs, no two alike."""
        for number in range(self.inputs):
            rng = random.Random(self.number * 1_000_003 + number)
            yield [number, *rng.choices(range(10_000), k=rng.randint(12, 72))]


def write_corpus(root: Path, samples: int, benchmarks: list[str]) -> int:
    """Make a home with about so many questions that are told; gives how many.

    Args:
        root: the home.
        samples: how many; eight for each input.
        benchmarks: what its mixtures are decontaminated against.
    """
    inputs = max(1, round(samples / len(_ASKED) / PROGRAMS))
    programs = [_program(number, inputs) for number in range(samples // len(_ASKED) // inputs)]
    home = open_home(root)
    for entry in home.registry().entries():
        home.registry().remove(entry.name)
    given = root / "given.jsonl"
    rows = ({"id": str(p.number), "code": p.code, "entry_point": p.name, "inputs": ["[1]"]} for p in programs)
    write_whole(given, "".join(json.dumps(row) + "\n" for row in rows).encode())
    entry = SourceEntry(SOURCE, "functions", str(given), license="MIT", options={"id": "id"})
    home.registry().add(entry)
    write_whole(root / "tracepile.toml", f"[mixtures]\nbenchmarks = {json.dumps(benchmarks)}\n".encode())
    stripe_map = sync_source(home, entry)
    for stripe in stripe_map.keys(SOURCE):
        inside = [programs[int(slot.source_row)] for slot in stripe_map.slots(stripe)]
        for table, rows_of in _TABLES.items():
            _write(home, table, stripe, inside, rows_of)
    families = home.tables / "program_families" / "families.parquet"
    write_rows(families, "program_families", [_family(program) for program in programs], {"content": "made"})
    return sum(program.inputs for program in programs) * len(_ASKED)


def tellings(root: Path, most: int) -> Iterator[str]:
    """The texts of so many of the tellings in the home."""
    for path in sorted((root / "tables" / "chains_of_execution").glob("source=*/*.parquet"))[:1]:
        for batch in read_batches(path, ["text"]):
            yield from batch.column(0).to_pylist()
            most -= batch.num_rows
            if most <= 0:
                return


def mean_length(root: Path) -> float:
    """Mean number of characters of a question and its telling."""
    stripe = Stripe(SOURCE, "00000")
    home = open_home(root)
    found = 0.0
    for table, column in (("tracing_questions", "question"), ("chains_of_execution", "text")):
        texts = read_table(home.stripe_file(table, stripe), table, [column]).column(0).slice(0, 20_000).to_pylist()
        found += sum(map(len, texts)) / len(texts)
    return found


def _program(number: int, inputs: int) -> _Program:
    rng = random.Random(number)
    name = f"{rng.choice(_VERBS)}_{rng.choice(_NOUNS)}"
    return _Program(number, name, rng.randint(1, 9), number, rng.randint(1, 9), rng.randint(2, 9), inputs)


def _write(
    home: Home, table: str, stripe: Stripe, programs: list[_Program], rows_of: Callable[[_Program], list[Row]]
) -> None:
    lying = SCHEMAS[table]
    filled = {field.name: _nothing(field) for field in lying}
    parts = (as_table(table, [filled | row for row in rows_of(program)]) for program in programs)
    said = {"table": table, "stripe": stripe.key, "inputs": "made", "made_from": {}}
    write_tables(home.stripe_file(table, stripe), table, parts, said | {"content": "made", "partial": False})


def _nothing(field: pa.Field) -> object:
    """What stands in a column that nothing looks at."""
    if field.nullable:
        return None
    if pa.types.is_string(field.type):
        return ""
    if pa.types.is_list(field.type):
        return []
    return False if pa.types.is_boolean(field.type) else 0


def _raw(program: _Program) -> list[Row]:
    given = [
        {"input_id": input_id, "codec": "literal", "arguments": str(values), "stdin": None}
        | {"expected": None, "origin": "generated"}
        for input_id, _, values in _runs(program)
    ]
    named = {"program_id": program.id, "source": SOURCE, "source_row": str(program.number), "status": "ok"}
    told = {"domain": "algorithms", "title": program.name.replace("_", " "), "code": program.code, "license": "MIT"}
    placed = {
        "entry_point": program.name,
        "inputs": given,
        "family_id": f"f_{program.number:08d}",
        "origin_uri": "made",
    }
    return [named | told | placed]


def _family(program: _Program) -> Row:
    family = f"f_{program.number:08d}"
    named = {"family_id": family, "founder": family, "also_near": [], "nearest": None, "likeness": None}
    return named | {"source": SOURCE, "program_id": program.id, "signature": b""}


def _variants(program: _Program) -> list[Row]:
    named = {"variant_id": program.variant, "program_id": program.id, "code": program.code}
    return [named | {"entry_point": program.name, "equivalence": "original"}]


def _runs(program: _Program) -> Iterator[tuple[str, str, list[int]]]:
    """The id of each input, that of its trace, and its list."""
    for values in program.lists():
        input_id = ids.input_id(program.id, "literal", str(values), None)
        yield input_id, ids.trace_id(program.variant, input_id), values


def _ancestors(program: _Program, input_id: str, trace_id: str) -> Row:
    return {"program_id": program.id, "variant_id": program.variant, "input_id": input_id, "trace_id": trace_id}


def _traces(program: _Program) -> list[Row]:
    said = {
        "status": "ok",
        "deterministic": "full",
        "n_events": 9,
        "python_version": "3.11",
        "recorder_version": "made",
    }
    return [
        _ancestors(program, input_id, trace_id) | said | {"difficulty": len(values) / 80}
        for input_id, trace_id, values in _runs(program)
    ]


def _questions(program: _Program) -> list[Row]:
    rows = []
    for input_id, trace_id, values in _runs(program):
        answers = _told(program, values)[0]
        call = f"```python\n{program.code}```\n\nThe call is `{program.name}({values})`."
        for kind, asked in _ASKED.items():
            said = {"question_id": ids.question_id(trace_id, kind, "{}"), "kind": kind, "direction": "forward"}
            said |= {"question": f"{call} {asked}", "answer": str(answers[kind]), "answer_type": "int", "target": "{}"}
            rows.append(_ancestors(program, input_id, trace_id) | said)
    return rows


def _chains(program: _Program) -> list[Row]:
    rows = []
    for input_id, trace_id, values in _runs(program):
        answers, steps = _told(program, values)
        begin = f"We call {program.name}({values}). step = {program.step}, total = {program.start} and turns = 0."
        told = " ".join([begin, *steps])
        for kind, answer in answers.items():
            question_id = ids.question_id(trace_id, kind, "{}")
            said = {"coe_id": ids.coe_id(question_id, trace_id, "deterministic", "narrative"), "verdict": "admitted"}
            said |= {"question_id": question_id, "narrator": "deterministic", "style": "narrative"}
            said |= {
                "direction": "forward",
                "text": f"{told} So the answer to {kind} is {answer}.",
                "claim_coverage": 1.0,
            }
            rows.append(_ancestors(program, input_id, trace_id) | said)
    return rows


def _told(program: _Program, values: list[int]) -> tuple[dict[str, int], list[str]]:
    """The answer of each kind, and a sentence for each iteration."""
    total, turns, steps = program.start, 0, []
    passed = [(total, turns)]
    for value in values:
        before = total
        if value > total:
            total, turns = total + value - program.step, turns + 1
            sum_ = f"{before} + {value} - {program.step} = {total}"
            steps.append(f"For value = {value}: {value} > {before}, so total is now {sum_} and turns is {turns}.")
        else:
            total -= program.less
            steps.append(
                f"For value = {value}: {value} > {before} fails, so total is now {before} - {program.less} = {total}."
            )
        passed.append((total, turns))
    result = total * program.times + turns
    steps.append(f"The list is exhausted; the call returns {total} * {program.times} + {turns} = {result}.")
    counted = {"loop_iterations": len(values), "branch_taken": turns, "statement_count": len(values)}
    moments = {"variable_at_visit": passed[3][0], "variable_after_assignment": passed[5][1]}
    return {"output_prediction": result, "final_value": total, "variable_changes": turns, **counted, **moments}, steps


_TABLES: dict[str, Callable[[_Program], list[Row]]] = {
    "raw_programs": _raw,
    "code_variants": _variants,
    "execution_traces": _traces,
    "tracing_questions": _questions,
    "chains_of_execution": _chains,
}
