"""What kind of file it is, told by its first bytes: a suffix is only a claim."""

from __future__ import annotations

import re

from beltmask.messages import Message

CAMERA_RAW = "camera raw"

NO_PICTURES = frozenset(
    {
        "PDF",
        "PostScript",
        "ZIP",
        "RAR",
        "7z",
        "gzip",
        "NumPy",
        "HDF5",
        "AVI video",
        "Matroska or WebM video",
        "MP4 or QuickTime video",
    }
)
"""What lies beside pictures and is none: reports, arrays, archives, films."""

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"BM": "BMP",
    b"IIRO": CAMERA_RAW,  # Olympus
    b"IIRS": CAMERA_RAW,
    b"MMOR": CAMERA_RAW,
    b"IIU\0": CAMERA_RAW,  # Panasonic, Leica
    b"FUJIFILMCCD-RAW": CAMERA_RAW,
    b"FOVb": CAMERA_RAW,  # Sigma
    b"\0MRM": CAMERA_RAW,  # Minolta
    b"II\x1a\0\0\0HEAPCCDR": CAMERA_RAW,  # Canon before CR2
    b"II*\0\x10\0\0\0CR": CAMERA_RAW,  # CR2
    b"II*\0\x08\0\0\0IIII": CAMERA_RAW,  # Phase One
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"II\xbc": "JPEG XR",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL \r\n\x87\n": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"GIF8": "GIF",
    b"qoif": "QOI",
    b"v/1\x01": "OpenEXR",
    b"8BPS": "Photoshop",
    b"gimp xcf": "GIMP",
    b"\0\0\1\0": "Windows icon",
    b"\0\0\2\0\0\0\0\0": "TGA",  # a cursor has at least one picture
    b"\0\0\3\0\0\0\0\0": "TGA",
    b"\0\0\x0a\0\0\0\0\0": "TGA",
    b"\0\0\x0b\0\0\0\0\0": "TGA",
    b"\0\0\2\0": "Windows cursor",
    b"DDS ": "DDS",
    b"#?RADIANCE": "Radiance HDR",
    b"#?RGBE": "Radiance HDR",
    b"SIMPLE  =": "FITS",
    b"\x8aMNG": "MNG",
    b"\x8bJNG": "JNG",
    b"BPG\xfb": "BPG",
    b"FLIF": "FLIF",
    b"farbfeld": "farbfeld",
    b"\x59\xa6\x6a\x95": "Sun raster",
    b"SDPX": "DPX",
    b"XPDS": "DPX",
    b"AT&TFORM": "DjVu",
    b"\xd7\xcd\xc6\x9a": "Windows metafile",
    b"%PDF": "PDF",
    b"%!PS": "PostScript",
    b"\x1a\x45\xdf\xa3": "Matroska or WebM video",
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gzip",
    b"\x93NUMPY": "NumPy",
    b"\x89HDF": "HDF5",
    b"<svg": "SVG",
}
_RIFF = {b"WEBP": "WebP", b"AVI ": "AVI video"}
_BRANDS = {
    "AVIF": {b"avif", b"avis"},
    "HEIC": {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"},
    CAMERA_RAW: {b"crx "},
}
_NETPBM = re.compile(rb"(P[1-7]|P[Ff])\s")
_SVG_IN_XML = re.compile(rb"\s*(\xef\xbb\xbf)?<\?xml[^>]*>.{0,2000}?<svg", re.DOTALL)


def kind_of(data: bytes) -> str | None:
    """The name people know a format by; None for what is no picture of any known kind."""
    found = (kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning))
    return next(found, None) or _within(data)


def _within(data: bytes) -> str | None:
    """Formats that are not told by their first bytes alone."""
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    if data[128:132] == b"DICM":
        return "DICOM"
    if _NETPBM.match(data):
        return "Netpbm"
    return "SVG" if _SVG_IN_XML.match(data[:4096]) else None


def _of_brands(data: bytes) -> str:
    """Of an ISO media file; its main brand counts before those it is compatible with."""
    length = min(int.from_bytes(data[:4]), 256)
    brands = [data[at : at + 4] for at in (8, *range(16, length, 4))]
    for brand in brands:
        for kind, known in _BRANDS.items():
            if brand in known:
                return kind
    return "HEIF" if brands[0] in (b"mif1", b"msf1") else "MP4 or QuickTime video"


def unsupported(name: str, file_format: str) -> Message:
    """A file of a format, as ``kind_of`` names it, that is not read."""
    if file_format[0] in "AEIO":
        return Message("images.unsupported_with_vowel", name=name, format=file_format)
    return Message("images.unsupported", name=name, format=file_format)
