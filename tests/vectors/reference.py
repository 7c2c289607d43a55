"""
Independent reference of `dsgk-draw/1`, of the standard library alone.

Written from the format, in the plainest way, and slow: it is what the library
is held against, and what a reader in another language may follow.
``python tests/vectors/reference.py case.json`` completes the inputs of a case
(rows by draw, announcement without frames, entropy) to a golden vector.
"""

import hashlib
import json
import sys
from pathlib import Path


def sha256(text):
    """Lower-case hex SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def frame_digest(rows):
    """Section 2: rows (id, stratum) or (id, stratum, weight)."""
    ordered = sorted(rows, key=lambda row: row[0].encode("utf-8"))
    return sha256("".join("\t".join(map(str, row)) + "\n" for row in ordered))


def announcement(case):
    """Section 3: the document, with the frames of the draws written in."""
    draws = []
    for name, rows in case["frames"].items():
        strata = [
            {
                "name": stratum,
                "size": sum(row[1] == stratum for row in rows),
                "quota": case["quotas"][name][stratum],
            }
            for stratum in sorted({row[1] for row in rows}, key=str.encode)
        ]
        frame = {"digest": frame_digest(rows), "size": len(rows)}
        draws.append({"name": name, "frame": frame, "strata": strata})
    return {"format": "dsgk-draw/1", "draws": draws, **case["announcement"]}


def canonical(document):
    """RFC 8785, for documents of ASCII keys, texts and whole numbers."""
    options = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    return json.dumps(document, **options)


def draw_stratum(rows, quota, key):
    """Sections 4 to 6: (certain and drawn ids, reserves, cut)."""

    def order(row):
        ticket = sha256(f"{key}:{row[0]}")
        rank = (int(ticket, 16) >> (256 - 53)) / row[2] if len(row) > 2 else 0.0
        return rank, ticket, row[0].encode("utf-8")

    certain, rest = [], sorted(rows, key=order)
    while len(rows[0]) > 2:
        n, total = quota - len(certain), sum(row[2] for row in rest)
        heavy = [row for row in rest if n * row[2] >= total]
        if not heavy:
            break
        certain += heavy
        rest = [row for row in rest if row not in heavy]
    n = quota - len(certain)
    certain.sort(key=lambda row: order(row)[1:])
    rank, ticket, _ = order(rest[n - 1]) if n else (None, None, None)
    cut = repr(rank) if n and len(rows[0]) > 2 else ticket
    ids = [row[0] for row in certain + rest]
    return ids[:quota], ids[quota:], cut


def draw(rows, quotas, key):
    """Outcome by stratum: {"drawn", "reserves", "cut"}."""
    outcome = {}
    for name in sorted(quotas, key=str.encode):
        members = [row for row in rows if row[1] == name]
        drawn, reserves, cut = draw_stratum(members, quotas[name], key)
        outcome[name] = {"drawn": drawn, "reserves": reserves, "cut": cut}
    return outcome


def vector(case):
    """Complete a case: canonical text, digests, key, tickets, outcome."""
    text = canonical(announcement(case))
    key = sha256(sha256(text) + ":" + case["entropy"])[:32]
    frames = case["frames"]
    ids = sorted({row[0] for rows in frames.values() for row in rows}, key=str.encode)
    return {
        **case,
        "canonical": text,
        "frame_digests": {name: frame_digest(rows) for name, rows in frames.items()},
        "digest": sha256(text),
        "key": key,
        "tickets": {text: sha256(f"{key}:{text}") for text in ids},
        "draws": {n: draw(rows, case["quotas"][n], key) for n, rows in frames.items()},
    }


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(vector(given), sys.stdout, ensure_ascii=False, indent=1)
