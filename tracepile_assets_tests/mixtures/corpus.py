"""A small corpus of table files, as the builds leave them: what the mixture tests select from."""

from pathlib import Path

from tracepile_assets.tables import ids
from tracepile_assets.tables.files import write_rows

KINDS = ("output_prediction", "final_value")
FALSE = "minus one million"
"""What every twin says, and nothing else."""


class Corpus:
    """Collects rows program by program, and writes them as stripes of two sources."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = {
            name: []
            for name in (
                "raw_programs",
                "code_variants",
                "execution_traces",
                "tracing_questions",
                "chains_of_execution",
                "corrupted_twins",
                "program_families",
            )
        }

    def add(
        self,
        number: int,
        *,
        source="alpha",
        family=None,
        benchmark=False,
        status="ok",
        inputs=2,
        code=None,
        verdict="admitted",
        opaque=False,
        license=None,
        founder=None,
        also_near=(),
    ) -> str:
        """Add a program that adds a number, its two variants, and all that is made from it; gives its id."""
        original = code or f"def add(x):\n    total = x + {number}\n    return total\n"
        program = ids.program_id(source, str(number), original, "add")
        given = [str(7 * i + number % 3) for i in range(inputs)]
        family_id = family or f"f_{number:04d}"
        self.rows["raw_programs"].append(
            {
                "program_id": program,
                "source": source,
                "source_row": str(number),
                "supersedes": None,
                "status": status,
                "reason": None if status == "ok" else "does not parse",
                "domain": "mathematics" if number % 3 else "algorithms",
                "title": f"Add {number}",
                "statement": f"Given x, return x plus {number}.",
                "code": original,
                "entry_point": "add",
                "inputs": [
                    {
                        "input_id": ids.input_id(program, "literal", text, None),
                        "codec": "literal",
                        "arguments": text,
                        "stdin": None,
                        "expected": None,
                        "origin": "generated",
                    }
                    for text in given
                ],
                "family_id": family_id,
                "license": license or ("MIT" if source == "alpha" else "CC-BY-4.0"),
                "origin_uri": f"{source}.jsonl#{number}",
                "benchmark": benchmark,
            }
        )
        self.rows["program_families"].append(
            {
                "family_id": family_id,
                "founder": founder or family_id,
                "also_near": also_near,
                "nearest": founder,
                "likeness": founder and 0.8,
                "source": source,
                "program_id": program,
                "signature": b"",
            }
        )
        for rewrites in ([], ["rename_variables"]):
            text = original.replace("total", "result") if rewrites else original
            self._variant(program, number, rewrites, text, given, verdict, opaque)
        return program

    def _variant(self, program, number, rewrites, code, given, verdict, opaque):
        variant = ids.variant_id(program, rewrites, code, "add")
        self.rows["code_variants"].append(
            {
                "variant_id": variant,
                "program_id": program,
                "rewrites": rewrites,
                "code": code,
                "entry_point": "add",
                "name_map": [],
                "equivalence": "proved" if rewrites else "original",
                "inputs_proved": len(given),
            }
        )
        for text in given:
            result = str(int(text) + number)
            input_id = ids.input_id(program, "literal", text, None)
            trace = ids.trace_id(variant, input_id)
            parents = {"trace_id": trace, "input_id": input_id, "variant_id": variant, "program_id": program}
            self.rows["execution_traces"].append(parents | _trace(result) | {"difficulty": number % 7 / 7})
            name = "result" if rewrites else "total"
            self._telling(
                parents, None, f"add({text}) adds {number} to {text} and returns {result}.", "whole", verdict, opaque
            )
            for kind in KINDS:
                question = ids.question_id(trace, kind, "{}")
                asks = "What does it return?" if kind == "output_prediction" else f"What is `{name}` in the end?"
                self.rows["tracing_questions"].append(
                    parents
                    | {
                        "question_id": question,
                        "kind": kind,
                        "direction": "forward",
                        "question": f"```python\n{code}```\n\nThe call is `add({text})`. {asks}",
                        "answer": result,
                        "answer_type": "int",
                        "difficulty": 0.25,
                        "target": "{}",
                        "check_trace_id": None,
                    }
                )
                told = f"x is {text}, so {name} is {text} + {number} = {result}."
                self._telling(parents, question, told, "narrative", verdict, opaque)

    def _telling(self, parents, question, text, style, verdict, opaque):
        coe_id = ids.coe_id(question, parents["trace_id"], "deterministic", style)
        self._twin(parents, question, coe_id, text)
        self.rows["chains_of_execution"].append(
            parents
            | {
                "coe_id": coe_id,
                "question_id": question,
                "narrator": "deterministic",
                "style": style,
                "direction": "forward",
                "text": text,
                "claims": [],
                "n_claims": 0,
                "claim_coverage": 1.0,
                "n_steps": 2,
                "n_tokens": 10,
                "opaque_fold": opaque,
                "diversity": None,
                "check_trace_id": None,
                "verdict": verdict,
            }
            | dict.fromkeys(("stands_in_for", "model", "model_revision", "temperature", "seed"))
        )

    def _twin(self, parents, question, coe_id, text):
        start = max(text.rfind(before) for before in ("returns ", "= ")) + len("= ")
        self.rows["corrupted_twins"].append(
            parents
            | {
                "twin_id": ids.twin_id(coe_id),
                "coe_id": coe_id,
                "question_id": question,
                "text": f"{text[:start]} {FALSE}.",
                "wrong_span": {"start": start, "end": start + len(FALSE) + 1},
                "fault_kind": "answer" if question else "value",
                "claim_kind": "return",
                "claim_events": [3],
                "late_events": [],
            }
        )

    def write(self, stripe: int = 40) -> Path:
        """Write everything, in stripes of so many programs; gives the folder of the tables."""
        for table, rows in self.rows.items():
            if table == "program_families":
                write_rows(self.folder / table / "families.parquet", table, rows, {"content": "of the corpus"})
                continue
            sources = {row["program_id"]: (row["source"], int(row["source_row"])) for row in self.rows["raw_programs"]}
            stripes: dict[tuple[str, int], list] = {}
            for row in rows:
                source, number = sources[row["program_id"]]
                stripes.setdefault((source, number // stripe), []).append(row)
            for (source, number), part in stripes.items():
                path = self.folder / table / f"source={source}" / f"{number:05d}.parquet"
                write_rows(path, table, part, {"table": table})
        return self.folder


def _trace(result):
    lists = ("event_kind", "event_statement", "event_line", "event_depth", "event_frame_id", "event_value")
    lists += ("change_event", "change_cause", "change_place", "change_op", "change_value", "frame_function")
    return {
        "status": "ok",
        "reason": None,
        "return_value": result,
        "stdout": "",
        "exception": None,
        "arguments_after": None,
        "expected_agrees": None,
        "n_events": 4,
        "truncated": False,
        "deterministic": "full",
        "max_depth": 0,
        "n_statements": 2,
        "n_branches": 0,
        "state_size": 4,
        "longest_value": 2,
        "difficulty": 0.1,
        "python_version": "3.11",
        "recorder_version": "python-3",
    } | {name: [] for name in lists}


def mixture_file(folder: Path, sql: str, name: str = "mine", **keys: str) -> Path:
    """Write a mixture file; `keys` are TOML values that replace or add to a valid front matter."""
    front = {
        "name": f'"{name}"',
        "description": '"A test."',
        "stage": '"instruction_tuning"',
        "format": '"messages"',
        "seed": "5",
    } | keys
    lines = [f"-- {key} = {value}" for key, value in front.items() if value]
    path = folder / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, "", sql]) + "\n", encoding="utf-8")
    return path


ALL_ANSWERS = """SELECT program_id, variant_id, input_id, trace_id, question_id, NULL AS coe_id, kind,
    question, NULL AS rationale, answer
FROM tracing_questions"""
