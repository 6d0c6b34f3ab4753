"""Style sheets, scripts and pictures, at addresses that change when any of them does.

The fingerprint of the whole folder is a part of each address, so a browser may keep a file for a year and still
never mixes two versions. One fingerprint for all keeps relative addresses inside the files right.
"""

import hashlib
import os
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER = Path(__file__).parent / "static"
STATIC_PATH = "/static"
_KEEP = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


def fingerprint(folder: Path = STATIC_FOLDER) -> str:
    """Twelve characters that differ when a name or a byte in the folder differs."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


class Assets:
    """The static files of an app, and the addresses that pages link them by."""

    def __init__(self) -> None:
        """Read the folder once; a changed file needs a new start."""
        self._version = fingerprint()

    def url(self, path: str) -> str:
        """The address of a file of the static folder. Raises `FileNotFoundError` where there is none of that name."""
        if not (STATIC_FOLDER / path).is_file():
            message = f"there is no static file {path}"
            raise FileNotFoundError(message)
        return f"{STATIC_PATH}/{self._version}/{path}"

    def mount(self) -> Mount:
        """The route that answers these addresses."""
        return Mount(f"{STATIC_PATH}/{{version}}", app=_Kept(self._version), name="static")


class _Kept(StaticFiles):
    """Static files that are kept for good under the present version and asked for again under an older one."""

    def __init__(self, version: str) -> None:
        super().__init__(directory=STATIC_FOLDER)
        self._version = version

    def file_response(  # noqa: PLR0917 - as its base has it
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        present = scope["path_params"].get("version") == self._version
        response.headers["Cache-Control"] = _KEEP if present else _ASK_AGAIN
        return response
