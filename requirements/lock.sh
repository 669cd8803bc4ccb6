#!/usr/bin/env bash
# Renews the lock files from pyproject.toml, build.in (builds this package), uv.in (installs the rest), bench.in (the
# peers of the benchmarks), guest.in (what programs may import in the jail), trl.in, llamafactory.in and axolotl.in (trainers that
# read exports) and models.in (a real vLLM to test with; these four only where pip finds PyTorch's CPU build, in its index or in
# the folder that its `find-links` names). Does not install anything.
#
# `uv pip compile --universal` writes one file for every platform and Python from 3.11 on, with hashes and without the
# address of any package index (a uv.lock records one per package), which both uv and pip install.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-strip-extras \
        --no-emit-index-url --no-emit-find-links "${@:2}" --output-file "requirements/$1.txt"
}

compile uv requirements/uv.in
compile build requirements/build.in
compile runtime pyproject.toml --constraint requirements/build.txt
compile test pyproject.toml --extra test --constraint requirements/runtime.txt
compile bench requirements/bench.in --constraint requirements/runtime.txt
compile guest requirements/guest.in

# The engine's parts for pictures and sound, of which there is no CPU build, are left out by an override that never holds.
links=$("$(dirname "$uv")/python" -m pip config get global.find-links 2>/dev/null || true)
never='sys_platform == "never"'
"$uv" pip compile --quiet --python-version 3.11 --python-platform linux --generate-hashes --no-annotate --no-header --no-strip-extras \
    --no-emit-index-url --no-emit-find-links ${links:+--find-links "$links"} pyproject.toml requirements/models.in \
    --overrides <(printf '%s\n' "torchvision; $never" "torchaudio; $never" "torchcodec; $never" 'torch==2.13.0+cpu') \
    --output-file requirements/models.txt || echo "requirements/models.txt is left as it was: see above" >&2

# The trainers that read exports. LLaMA-Factory and Axolotl have environments without this package's own requirements.
trainer() {
    "$uv" pip compile --quiet --python-version 3.11 --python-platform linux --generate-hashes --no-annotate --no-header --no-strip-extras \
        --no-emit-index-url --no-emit-find-links ${links:+--find-links "$links"} "${@:2}" \
        --overrides <(printf "%s; $never\n" torchvision torchaudio "${without[@]}" && echo 'torch==2.13.0+cpu') \
        --output-file "requirements/$1.txt" || echo "requirements/$1.txt is left as it was: see above" >&2
}
without=()
trainer trl pyproject.toml requirements/trl.in --constraint requirements/runtime.txt
trainer llamafactory requirements/llamafactory.in --constraint requirements/build.txt
# What Axolotl has for GPUs, buckets, other services and models that hear and see: its data sets are prepared without.
without=(xformers triton bitsandbytes torchao fla-core flash-linear-attention liger-kernel gradio modal lm_eval ocifs adlfs gcsfs
    s3fs trackio openenv-core wandb tensorboard mistral-common)
trainer axolotl requirements/axolotl.in

if grep -nE '://|^--(index|extra-index|find-links)' requirements/*.txt; then
    echo "a lock file names the place that packages come from (above): it must not" >&2
    exit 1
fi
