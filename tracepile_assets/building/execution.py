"""The pools of sandboxed workers that a home's settings ask for; nothing else."""

from contextlib import AbstractContextManager, nullcontext

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.home import Settings
from tracepile_assets.rewriting.fresh_inputs import LIMITS as FRESH_LIMITS


def open_pool(settings: Settings) -> Pool:
    """Make the pool, to be used in a `with` statement.

    Raises:
        SandboxUnavailable: the isolation asked for is not to be had here.
    """
    limits = settings.limits
    return Pool(
        workers=settings.compute.workers,
        isolation=settings.compute.isolation,
        recorder=settings.recording.recorder,
        limits=Limits(
            events=limits.events,
            wall_s=limits.wall_seconds,
            cpu_s=limits.cpu_seconds,
            memory_mb=limits.memory_mb,
            output_bytes=limits.output_bytes,
            value_chars=limits.value_chars,
        ),
    )


def open_fresh_pool(settings: Settings) -> AbstractContextManager[Pool | None]:
    """Make the pool that variants are tried in on fresh inputs, and mutants on all; None if no variants are asked for.
    Its limits are no setting.

    Raises:
        SandboxUnavailable: the isolation asked for is not to be had here.
    """
    if not (settings.rewriting.variants_per_program or settings.rewriting.by_model):
        return nullcontext()
    return Pool(
        workers=settings.compute.workers,
        isolation=settings.compute.isolation,
        recorder=settings.recording.recorder,
        limits=FRESH_LIMITS,
    )
