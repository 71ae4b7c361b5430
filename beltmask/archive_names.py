"""What the files of a ZIP are called: names as the machine that packed them wrote them.

A ZIP says of a name that it is UTF-8, or nothing: then its bytes are in the code page of the
packer's machine. One machine packed one ZIP, so all its names are read together: every code page is
tried, and that one is taken in which they look most like words. Names are too short for general
detectors of encodings.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from zipfile import ZipInfo

_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_SPECIFIED = "cp437"
"""What the format prescribes where nothing is said; it reads any bytes, each in its own way."""

_HANGUL = frozenset(
    "이다는가의에을를은한고지하로자사기리인어시대도나스해일부아라정그전원보수제상서세장마조공과소주구신들무트유게동성물"
    "오비여안경개계관면미생국회화치문결발실용명모드린크레프터테카메컨베벨진폴더새질검촬영금속플틱나사한글순번호왼쪽오른"
    "강판돌못석탄목철병볼트찍은요월팔조립품결함량불종류파외관벽창고형색빛높낮앞뒤위측길폭거울통작업입출력교환운행달년"
)
_SIMPLIFIED = frozenset(
    "的一是不了有人这中大为上个我要他时来用们生到作地于出就分对成会可主发年动同工也能下过说产种面方后多定行学法所民得"
    "进着等部度家电力里如水化高自理起小物现实加量都两体制机当使点从业本去把性好应开合还因由其些然前外天日那形相全表间"
    "样与关各新线内数正心反明看原又利比但质气第向道条只没结解问图片照新建文件夹测试金属螺丝传送带输检零异副本编号左右"
)
_TRADITIONAL = frozenset(
    "的一是不了有人這中大為上個我要他時來用們生到作地於出就分對成會可主發年動同工也能下過說產種面方後多定行學法所民得"
    "進著等部度家電力裡如水化高自理起小物現實加量都兩體制機當使點從業本去把性好應開合還因由其些然前外天日那形相全表間"
    "樣與關各新線內數正心反明看原又利比但質氣第向道條只沒結解問圖片照新增資料夾測試金屬螺絲傳送帶輸檢零異副編號左右功"
)
_WESTERN = frozenset("äöüßéèêëàâáãåæçñíìîïóòôõøúùûœÄÖÜÉÈÊÀÂÁÃÅÆÇÑÍÓÔÕØÚ")
_CENTRAL = frozenset("ąćęłńśźżčďěňřšťůžýőűăşţĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽÝŐŰ")
_SAMPLE, _LONGEST = 1000, 500
"""How many names are looked at to tell their code page, and how many bytes of one at most."""
_CODE_PAGES = (
    "utf-8",
    "cp932",
    "gbk",
    "cp950",
    "cp949",
    "cp866",
    "cp1251",
    "cp437",
    "cp850",
    "cp1252",
    "cp852",
    "cp1250",
)
"""Of equals the first is taken."""


def names_of(entries: Sequence[ZipInfo]) -> list[str]:
    """The name of each entry, cut at a NUL as ``zipfile`` does; folders end in a slash."""
    told = [_told(entry) for entry in entries]
    untold = [_raw(entry) for entry, name in zip(entries, told, strict=True) if name is None]
    read = iter(_read_together(untold))
    return [(next(read) if name is None else name).partition("\0")[0] for name in told]


def _told(entry: ZipInfo) -> str | None:
    """The name where the ZIP says how it is to be read."""
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    raw = _raw(entry)
    return raw.decode("ascii") if raw.isascii() else _unicode_path(entry.extra, raw)


def _raw(entry: ZipInfo) -> bytes:
    """The bytes of a name that ``zipfile`` read in the prescribed code page."""
    return entry.orig_filename.encode(_SPECIFIED)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Info-ZIP's second name, in UTF-8, when it was written for this one."""
    for kind, content in _fields(extra):
        if kind == _UNICODE_PATH and content[:1] == b"\1" and len(content) > 5:
            [checksum] = struct.unpack("<I", content[1:5])
            if checksum == zlib.crc32(raw):
                return _decoded(content[5:], "utf-8")
    return None


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _read_together(names: Sequence[bytes]) -> list[str]:
    """All names in the code page that suits them together; one it cannot read in its own."""
    code_page = _code_page(list(_sample(names)))
    read = [_decoded(name, code_page) for name in names]
    alone = islice((at for at, name in enumerate(read) if name is None), _SAMPLE)
    for at in alone:
        read[at] = _decoded(names[at], _code_page([names[at][:_LONGEST]]))
    return [
        raw.decode(_SPECIFIED) if name is None else name
        for raw, name in zip(names, read, strict=True)
    ]


def _sample(names: Sequence[bytes]) -> Iterator[bytes]:
    """Enough of the names to tell: hostile ZIPs have millions of letters of them."""
    return (name for name in islice(names, _SAMPLE) if len(name) <= _LONGEST)


def _code_page(names: Sequence[bytes]) -> str:
    """The code page in which the names look like words; the prescribed one when they never do."""
    likeness = {page: sum(_likeness(name, page) for name in names) for page in _CODE_PAGES}
    best = max(_CODE_PAGES, key=lambda page: likeness[page])
    return best if likeness[best] > 0 else _SPECIFIED


def _decoded(text: bytes, code_page: str) -> str | None:
    try:
        return text.decode(code_page)
    except UnicodeDecodeError:
        return None


def _likeness(name: bytes, code_page: str) -> float:
    """How much a name looks like words: points for each letter beyond ASCII, below 0 not at all."""
    decoded = _decoded(name, code_page)
    if decoded is None:
        return -len(name)
    padded = f" {decoded} "
    around = zip(padded, padded[1:], padded[2:], strict=False)
    return sum(_worth(*each, code_page) for each in around if not each[1].isascii())


def _worth(before: str, letter: str, after: str, code_page: str) -> float:
    if code_page == "utf-8":
        return _any_script(letter)
    if code_page not in _EAST_ASIAN:
        return _alphabetic(before, letter, after)
    # Few write ideographs and small Latin letters as one word.
    latin = ("a" <= before <= "z") + ("a" <= after <= "z")
    return _EAST_ASIAN[code_page](letter, letter.encode(code_page)) - latin


def _any_script(letter: str) -> float:
    """Bytes of another code page are UTF-8 by chance only, and then they are no letters in use."""
    if letter > "\u07ff":
        return 5.0
    spans = (("\u00a0", "\u017f"), ("\u0300", "\u036f"), ("\u0386", "\u064a"))
    return 2.6 if any(first <= letter <= last for first, last in spans) else -2.0


def _japanese(letter: str, raw: bytes) -> float:
    if "\u3041" <= letter <= "\u30fe":
        return 2.5
    if "\uff61" <= letter <= "\uff9f":  # half-width: what bytes of other code pages become
        return -1.0
    return _ideograph(letter, usual=raw[0] <= 0x98, frequent=_SIMPLIFIED | _TRADITIONAL)


def _simplified(letter: str, raw: bytes) -> float:
    in_gb2312 = raw[0] >= 0xB0 and raw[-1] >= 0xA1
    return _ideograph(
        letter, usual=in_gb2312 and raw[0] <= 0xD7, known=in_gb2312, frequent=_SIMPLIFIED
    )


def _traditional(letter: str, raw: bytes) -> float:
    return _ideograph(letter, usual=0xA4 <= raw[0] <= 0xC6, frequent=_TRADITIONAL)


def _korean(letter: str, raw: bytes) -> float:
    if not "\uac00" <= letter <= "\ud7a3":
        return _mark(letter)
    if len(raw) == 2 and 0xB0 <= raw[0] <= 0xC8 and raw[1] >= 0xA1:
        return 3.0 if letter in _HANGUL else 0.5
    return -1.0


def _ideograph(letter: str, *, usual: bool, frequent: frozenset[str], known: bool = True) -> float:
    if not "\u4e00" <= letter <= "\u9fff":
        return _mark(letter)
    if letter in frequent:
        return 3.0
    if usual:
        return 1.8
    return 0.2 if known else -1.5


def _mark(letter: str) -> float:
    """What stands between words: full-width letters and brackets, not boxes and arrows."""
    return 0.5 if "\uff01" <= letter <= "\uff5e" or "\u3000" <= letter <= "\u3011" else -2.0


def _alphabetic(before: str, letter: str, after: str) -> float:
    """One byte is one letter: it should fit its neighbours."""
    if "А" <= letter <= "я" or letter in "ЁёІіЇїЄєҐґ":
        return _cyrillic(before, letter, after)
    if letter not in _WESTERN and letter not in _CENTRAL:
        return -2.0
    if not (before + after).isascii() and not (before.isascii() and _latin(after)):
        return -0.5 if _latin(before) or _latin(after) else -2.0
    if letter.isupper() and before.islower():
        return -1.0
    return 1.5 if letter in _WESTERN else 1.4


def _latin(letter: str) -> bool:
    return letter in _WESTERN or letter in _CENTRAL


def _cyrillic(before: str, letter: str, after: str) -> float:
    if any(each.isascii() and each.isalpha() for each in (before, after)):
        return -1.0  # within a word of Latin letters
    if letter.isupper() and before.isalpha():
        return 0.8 if before.isupper() else -0.5
    return 1.3 if "А" <= letter <= "я" else 0.6


_EAST_ASIAN = {"cp932": _japanese, "gbk": _simplified, "cp950": _traditional, "cp949": _korean}
"""Two bytes are one letter, and how common it is tells most."""
