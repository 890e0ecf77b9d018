# Pin every dependency with its hashes: sh tools/lock.sh .venv/bin
set -eu
for name in runtime dev; do
    extra=$([ "$name" = dev ] && echo --extra=dev || :)
    # shellcheck disable=SC2086
    "$1/pip-compile" --quiet --upgrade --generate-hashes --strip-extras --no-header --no-emit-index-url \
        --no-emit-find-links --no-emit-trusted-host $extra --output-file "requirements/$name.lock" pyproject.toml
done
