"""
Draws of subjects: frame, announcement, draw, record, receipt (随机抽取检查对象).

First the frame is fixed and `announce` puts its digest and the quotas in
public.  When the public fact named there exists, `conduct` makes the draws and
the record that anyone can repeat.  The format is normative and stands in
``docs/reference/draw-format.md``.
"""

from dsgk.draws.announcements import (
    AnnouncedDraw,
    AnnouncedStratum,
    Announcement,
    Supersession,
    announce,
)
from dsgk.draws.records import DrawRecord, Receipt, conduct
from dsgk.draws.selection import Draw, StratumDraw, draw_subjects
from dsgk.frames import Frame


__all__ = [
    "AnnouncedDraw",
    "AnnouncedStratum",
    "Announcement",
    "Draw",
    "DrawRecord",
    "Frame",
    "Receipt",
    "StratumDraw",
    "Supersession",
    "announce",
    "conduct",
    "draw_subjects",
]
