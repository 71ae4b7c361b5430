"""Names that a page could take for Markdown, and a project made of them."""

from __future__ import annotations

import json
from pathlib import Path

from beltmask.model import Prompt
from beltmask.workflows.class_changes import remember_label
from beltmask.workflows.comments import comment_on
from beltmask.workflows.image_review import reject_image
from beltmask.workflows.images import ImageFilter, add_picture
from beltmask.workflows.projects import add_class, create_project
from beltmask.workflows.review_queue import ReviewQueue, remember
from beltmask.workflows.services import Services
from tests.belts import belt_png

NAMES = (
    "belt_01.png",
    "belt-01 (2).jpg",
    "a*b*c_1_.png",
    "__init__.py",
    "_x_",
    "5$_and_10$.png",
    "$a$",
    "$$c$$",
    "![x](https://evil.test/p.png)",
    "[a](https://evil.test)",
    "[a][b]",
    "[^1]",
    ":red[x] y",
    ":red y",
    ":red-badge[z]",
    ":rainbow[r]",
    ":small[s]",
    ":color[q]{foreground=red}",
    "::red[x]",
    ":::red[x]",
    ":material/home: z",
    ":material_home: z",
    ":streamlit:",
    ":material/home",
    "a:material/home:b",
    "https://evil.test/x?a=b&c_d=e_f",
    "HTTP://EVIL.TEST/a",
    "xhttps://evil.test",
    "ftp://evil.test",
    "www.evil.test",
    "WWW.evil.test/a_b_c",
    "me@evil.test",
    "mailto:me@evil.test",
    "xmpp:me@evil.test",
    "<me@evil.test>",
    "<https://evil.test>",
    ":smile: ok",
    ":+1:",
    ":-1:",
    ":8ball:",
    "10:30:15",
    ":100:",
    "x:smile:y",
    "a -> b",
    "->",
    "<-",
    "<->",
    "a <-> b",
    "--",
    "a -- b",
    "a --- b",
    "---",
    ">= 5",
    "a >= b",
    "<= x",
    "~= y",
    "a ~= b",
    "x:->:y",
    "# h",
    "#",
    "## x ##",
    "x #",
    "x ##",
    "Line #3",
    "- l",
    "+ l",
    "* l",
    "-",
    "1. n",
    "1.",
    "12) z",
    "1.5 mm",
    "> q",
    ">",
    "`c` d",
    "``x``",
    "```x",
    "~~~x",
    "~~s~~",
    "~s~",
    "<b>x</b>",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "<img src=https://evil.test/x>",
    "&lt;",
    "&#65;",
    "&amp;copy;",
    "a & b",
    "&",
    "AT&T;",
    "C:\\belt\\_x\\*",
    "\\",
    "\\\\",
    "x\\",
    "\\[a](b)",
    "\\:red[x]",
    "a|b|c",
    "|a|b|",
    "[ ] task",
    "[x] task",
    "{a}",
    "a{.b}",
    "^x^",
    "==m==",
    "=",
    "===",
    "  two  spaces  ",
    "    code",
    "\tcode",
    "**",
    "****",
    "*",
    "***a***",
    "x**y**z",
    "日本_語_x",
    "é_a_",
    "*é*",
    "a_*b*_c",
    "🙂:tada:",
    "[[x]]",
    "![](x)",
    "!",
    "!x",
    "](https://evil.test)",
    "[",
    ")(",
    "]:x",
    "[a]: https://evil.test",
    "www.:smile:@evil.test",
    "@evil.test",
    "a@b",
    ":",
    "::",
    ":a",
    "a:",
    "a:b",
    "a: b",
    "/:x:/",
    "-:-",
    "<-:x:->",
    "http:",
    "http://",
    "www.",
    '"https://evil.test"',
    "(https://evil.test)",
    "x,https://evil.test",
    "user:pass@evil.test",
    "$5 and $6",
    "$x",
    "\\$x$",
    "a$b$c",
    "\\(x\\)",
    "\\[x\\]",
)
HOST = "evil.test"


def hostile(field: str) -> str:
    """A name that tells its field in a link, a picture, a colour, a formula and more."""
    picture = f"![p](https://{HOST}/{field}.png)"
    return f"[a](b) {field} {picture} :red[r] $a$ *b* _c_ www.{HOST} :smile:"


PROJECT, QUERY, MODEL, CLASS, ALIAS, LABEL, COMMENT, REASON, ACTOR = map(
    hostile, ["project", "query", "model", "class", "alias", "label", "comment", "reason", "actor"]
)
FOLDER, *IMAGES = (
    hostile(each).replace("/", "") for each in ("folder", "image0", "image1", "image2")
)


def fill(services: Services, replies: Path) -> None:
    """A project of hostile names in ``services``, whose replay detector reads ``replies``.

    The first picture has an answer and a comment, the second a failed one; the third is rejected.
    """
    project = create_project(PROJECT, services=services)
    meant = add_class(project.id, CLASS, services=services)
    remember_label(ALIAS, meant, services=services)
    images = []
    for seed, name in enumerate(IMAGES):
        path, data = f"{FOLDER}/{name}.png", belt_png(seed, object_count=2)
        added = add_picture(path, data, project_id=project.id, services=services)
        assert added.image is not None
        images.append(added.image)
    boxes = [[100, 100, 300, 300], [500, 500, 700, 700]]
    words = zip(boxes, (LABEL, ALIAS), strict=True)
    objects = [{"box_2d": box, "label": label} for box, label in words]
    broken = {"box_2d": hostile("problem"), "label": LABEL}
    reply = replies / f"{IMAGES[0]}.txt"
    reply.write_text(json.dumps([*objects, broken]), encoding="utf-8")
    _ask(services, project.id, [image.id for image in images[:2]])
    comment_on(images[0].id, COMMENT, services=services)
    reject_image(images[2].id, seen=images[2].revision, reason=REASON, services=services)
    remember(images[1], ReviewQueue(ImageFilter(project.id)), services=services)


def _ask(services: Services, project_id: int, image_ids: list[int]) -> None:
    prompt = Prompt("replay", QUERY, model=MODEL)
    with services.store.write() as records:
        run = records.runs.add(project_id, prompt, image_ids, actor=services.actor)
    while services.runner.answer_next(run.id):
        pass
