"""What a sample looks like in each format.

Belongs here: turning the parts of one selected row into text, messages or prompt and answer. Does not belong here:
which rows there are, and files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.documents import program_and_call

Row = Mapping[str, str | None]

TELL = "Work through this run step by step, and say what it comes to."
"""What is asked for where the reply tells a whole run."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The rendered parts of a sample, with the column names of training_mixtures; `grader` names the kind of question
    whose grader judges an answer."""

    text: str | None = None
    messages: tuple[dict[str, str], ...] | None = None
    prompt: str | None = None
    answer: str | None = None
    grader: str | None = None
    grading: str | None = None
    chosen: str | None = None
    rejected: str | None = None

    @property
    def trained_on(self) -> tuple[str, ...]:
        """All that a model reads or writes in training, in order: two samples with the same are duplicates."""
        if self.messages is not None:
            return tuple(part for message in self.messages for part in (message["role"], message["content"]))
        if self.text is not None:
            return (self.text,)
        if self.chosen is not None:
            return (self.prompt or "", self.chosen, self.rejected or "")
        return (self.prompt or "", self.answer or "")


def render_row(mixture: Mixture, row: Row) -> Sample:
    """Make a sample of a selected row, which has the parts that the mixture's format asks for."""
    if mixture.format == "pair":
        return Sample(prompt=_prompt(row), chosen=row["chosen"], rejected=row["rejected"])
    graded = (
        {"answer": row["answer"], "grader": row["kind"]} if row["question_id"] and row["answer"] is not None else {}
    )
    if mixture.format == "text":
        return Sample(text=_document(row), **graded)
    question = row["question"] or ""
    if mixture.format == "prompt_answer":
        return Sample(prompt=question, **graded, grading=row["fact_grading"])
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": _reply(row)}]
    if row.get("system"):
        messages.insert(0, {"role": "system", "content": row["system"] or ""})
    return Sample(messages=tuple(messages), **graded)


def parts_of(mixture: Mixture, row: Row) -> Iterator[tuple[str, str]]:
    """What the sample of a row is made of, in order: each text with what it is.

    `context` (the program and its call), `question`, `answer` and `rationale` are what features of samples are about;
    `own` is any other text of the query, and `fixed` what stands between.
    """
    if row.get("system"):
        yield "own", row["system"] or ""
    if row["question"] is not None or mixture.format not in ("text", "pair"):
        yield "question", row["question"] or ""
    else:
        yield "context", program_and_call(row)
        if mixture.format == "pair":
            yield "fixed", f"\n\n{TELL}"
    if mixture.format == "pair":
        yield "rationale", row["chosen"] or ""
        yield "own", row["rejected"] or ""
        return
    if mixture.format == "text":
        yield "fixed", "\n\n"
    rationale, answer = row.get("rationale"), row["answer"]
    if rationale and not _is_program(row):
        yield "rationale", rationale
    if answer is not None:
        if mixture.format != "prompt_answer" and not _is_program(row):
            yield "fixed", ("\n\n" if rationale else "") + final_answer(answer).removesuffix(answer)
        yield "answer", answer


def _is_program(row: Row) -> bool:
    """Whether the answer is the program that was asked for: then it is the whole reply, not a value to end on."""
    return row["kind"] == "write" and row["answer"] is not None


def final_answer(answer: str) -> str:
    """The line, or with a multi-line answer the paragraph, in which a reply ends."""
    return f"Answer:\n{answer}" if "\n" in answer else f"Answer: {answer}"


def _reply(row: Row) -> str:
    rationale, answer = row["rationale"], row["answer"]
    if _is_program(row):
        return answer or ""
    return "\n\n".join(part for part in (rationale, None if answer is None else final_answer(answer)) if part)


def _document(row: Row) -> str:
    """A document to read from top to bottom: the question or the program with its call, the telling, the answer."""
    if row["question"] is not None:
        return f"{row['question'].rstrip()}\n\n{_reply(row)}"
    return f"{program_and_call(row)}\n\n{_reply(row)}"


def _prompt(row: Row) -> str:
    """The question; where two tellings of a whole run are compared, the program and its call, and to tell the run."""
    if row["question"] is not None:
        return row["question"]
    return f"{program_and_call(row)}\n\n{TELL}"
