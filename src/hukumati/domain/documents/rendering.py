"""Typst: from a template and its inputs to the bytes of a PDF. The same inputs give the same bytes, on every thread and every day.

A template sees a root that holds itself, /qr.svg, /data.json and the images it was given as /<name>.jpg, and nothing else: no file of this machine, no system font. It receives
`sys.inputs.data`, a JSON text with the keys `data` (what the service declared) and `doc` (what the State says of the document).
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import segno
import typst

from hukumati.domain.documents.facts import TemplateFaultError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

STANDARDS: Final[list[typst.PDFStandard]] = ["a-3b", "ua-1"]
RENDERER: Final = f"typst {version('typst')} {'+'.join(STANDARDS)}"
PACKAGE_IMPORT: Final = re.compile(r"@[a-z][a-z0-9-]*/")
FONT_WHEELS: Final = ("fontpkg_amiri", "fontpkg_ibm_plex_sans_arabic")
NO_IMAGES: Final[Mapping[str, bytes]] = {}
_making: Final = threading.Lock()
QR_ERROR_CORRECTION: Final = "m"  # survives a fold or a stamp over 15 % of the code


@cache
def _fonts() -> typst.Fonts:
    """Read from disk once a process; every compiler shares them."""
    folders = [str(_folder_of(wheel)) for wheel in FONT_WHEELS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _folder_of(wheel: str) -> Path:
    spec = find_spec(wheel)
    if spec is None or spec.origin is None:
        raise TemplateFaultError(f"the font wheel {wheel} is not installed")
    return Path(spec.origin).parent / "files"


def _empty_folder() -> TemporaryDirectory[str]:
    """Without a root of its own, Typst looks for files in the working directory. One a process: of two made at once, one would be swept away."""
    with _making:
        return _made_folder()


@cache
def _made_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="hukumati-typst-")


def render(source: str, *, inputs: str, at: datetime, images: Mapping[str, bytes] = NO_IMAGES) -> bytes:
    """The PDF, unsigned.

    Each call has a compiler of its own: one that two threads share refuses the second, and making one costs 0.3 ms.
    """
    if PACKAGE_IMPORT.search(source):
        raise TemplateFaultError("a template imports no packages: they would come from the network")
    files = {"main.typ": source.encode(), "qr.svg": _qr(inputs), "data.json": inputs.encode()}
    with _folder_of_images(images) as root:
        return _compiled(files, root=root, inputs=inputs, at=at)


@contextmanager
def _folder_of_images(images: Mapping[str, bytes]) -> Iterator[str]:
    """Typst takes texts from memory, but pictures only from a folder. One with nothing else in it, and none when there is nothing to show."""
    if not images:
        yield _empty_folder().name
        return
    with TemporaryDirectory(prefix="hukumati-typst-") as folder:
        for name, content in images.items():
            Path(folder, f"{name}.jpg").write_bytes(content)
        yield folder


def _compiled(files: dict[str, bytes], *, root: str, inputs: str, at: datetime) -> bytes:
    nowhere = _empty_folder().name
    try:
        compiler = typst.Compiler(
            input=files,  # type: ignore[type-var]  # the stub forgets files in memory
            root=root,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        made = compiler.compile(
            format="pdf", sys_inputs={"data": inputs}, pdf_standards=STANDARDS, timestamp=at.replace(microsecond=0)
        )
    except typst.TypstError as fault:
        raise TemplateFaultError(f"{fault.message} {fault.diagnostic}") from fault
    if not isinstance(made, bytes):
        raise TemplateFaultError("the template made no PDF")
    return made


def _qr(inputs: str) -> bytes:
    drawn = BytesIO()
    url = json.loads(inputs)["doc"]["verification_url"]
    segno.make(url, error=QR_ERROR_CORRECTION, micro=False).save(drawn, kind="svg", border=4, xmldecl=False, nl=False)
    return drawn.getvalue()
