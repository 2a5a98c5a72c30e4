#!/bin/sh
# The base images of a Dockerfile by the digest that their tags have now, as build arguments, a line each:
#   pin.sh backend/Dockerfile   ->   PYTHON_IMAGE=python:3.13-slim-bookworm@sha256:…
# A tag is what people read and Dependabot raises; the digest is what is built from, and what is recorded.
set -eu

sed -n 's/^ARG \([A-Z]*_IMAGE\)=\(.*\)$/\1 \2/p' "$1" | while read -r name image; do
  digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
  case $digest in
    sha256:????????????????????????????????????????????????????????????????) echo "$name=$image@$digest" ;;
    *) echo "pin: $image has no digest; is the registry there?" >&2; exit 1 ;;
  esac
done
