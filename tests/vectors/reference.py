"""
Independent reference of `dsgk-draw/2`, of the standard library alone.

Written from the format in the plainest way, and slow: the library is held against it.
"""

import hashlib
import json
from collections import Counter


def sha256(text):
    """Lower-case hex SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(document):
    """RFC 8785, for documents of ASCII keys, texts and whole numbers."""
    options = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    return json.dumps(document, **options)


def entropy_text(form, values):
    """Section 3: one spelling of the fact."""
    text = ""
    for group, value in zip(form, values, strict=True):
        parts = value if "count" in group else [value.lower()]
        ordered = sorted(parts) if group.get("order") == "ascending" else parts
        text += "".join(f"{part}." for part in ordered) + "/"
    return text


def root(leaves):
    """RFC 9162, section 2.1.1; leaves in hex."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256("")
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    node = "01" + root(leaves[:half]) + root(leaves[half:])
    return hashlib.sha256(bytes.fromhex(node)).hexdigest()


def path(index, leaves):
    """RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


def entry(key, name, ident, state):
    """Section 4: salt, inner hash and leaf of one subject."""
    salt = sha256(f"{key}\t{name}\t{ident}")[:32]
    inner = sha256(f"{salt}:{state}")
    leaf = sha256(f"\0{ident}\t{inner}")
    return {"id": ident, "state": state, "salt": salt, "inner": inner, "leaf": leaf}


def roll(rows, excluded, name, key):
    """Section 4: entries in their order, and what is announced of them."""
    states = {row[0]: "\t".join(["in", *map(str, row[1:])]) for row in rows}
    states |= {ident: f"out\t{reason}" for ident, reason in excluded}
    ids = sorted(states, key=str.encode)
    lines = "".join(f"{ident}\t{states[ident]}\n" for ident in ids)
    entries = [entry(key, name, ident, states[ident]) for ident in ids]
    digest = sha256(f"dsgk-roll:{key}\n{lines}")
    top = root([e["leaf"] for e in entries])
    return entries, {"root": top, "digest": digest, "size": len(ids)}


def announcement(case):
    """Section 5: the document, with rolls and strata of the draws written in."""
    draws = []
    for name, given in case["draws"].items():
        summary = roll(given["rows"], given["excluded"], name, case["roll_key"])[1]
        sizes, quotas = Counter(row[1] for row in given["rows"]), given["quotas"]
        out = sorted(Counter(reason for _, reason in given["excluded"]).items())
        draw = {"name": name, "roll": summary}
        draw["excluded"] = [{"reason": reason, "size": size} for reason, size in out]
        names = sorted(sizes, key=str.encode)
        strata = [{"name": s, "size": sizes[s], "quota": quotas[s]} for s in names]
        draws.append({**draw, "strata": strata})
    return {"format": "dsgk-draw/2", **case["announcement"], "draws": draws}


def draw_stratum(rows, quota, key):
    """Sections 6 to 8: a stratum of the record, before it is named."""

    def order(row):
        ticket = sha256(f"{key}:{row[0]}")
        rank = (int(ticket, 16) >> (256 - 53)) / row[2] if len(row) > 2 else 0.0
        return rank, ticket, row[0].encode("utf-8")

    weighted = len(rows[0]) > 2
    certain, rest, heavy = [], sorted(rows, key=order), weighted
    while heavy:
        n, total = quota - len(certain), sum(row[2] for row in rest)
        heavy = [row for row in rest if n * row[2] >= total]
        certain += heavy
        rest = [row for row in rest if row not in heavy]
    n = quota - len(certain)
    rank, ticket, _ = order(rest[n - 1]) if n else (None, None, None)
    ids = [row[0] for row in sorted(certain, key=lambda row: order(row)[1:]) + rest]
    result = {"cut": repr(rank) if n and weighted else ticket}
    result |= {"selected": ids[:quota], "reserves": ids[quota:][:quota]}
    least = min((row[2] for row in certain), default=None) if weighted else None
    return {**result, "certain": len(certain), "certain_from": least}


def proof(entries, ident):
    """Section 9: what a receipt shows of one id, on the roll or not."""

    def at(index, *keys):
        shown = {key: entries[index][key] for key in keys}
        leaves = [one["leaf"] for one in entries]
        return {**shown, "index": index, "path": path(index, leaves)}

    right = sum(one["id"].encode() < ident.encode() for one in entries)
    if right < len(entries) and entries[right]["id"] == ident:
        return at(right, "state", "salt")
    sides = (right - 1, right)
    shown = [at(k, "id", "inner") if 0 <= k < len(entries) else None for k in sides]
    return dict(zip(("left", "right"), shown, strict=True))


def vector(case):
    """Complete a case: announcement, key, draws, outcome, slips, receipts."""
    document = announcement(case)
    digest, secret = sha256(canonical(document)), case["secret"]
    text = entropy_text(document["entropy"]["form"], case["values"])
    key = sha256(":".join([digest, text, *([secret] if secret else [])]))[:32]
    drawn, outcome, proofs = {}, [], {}
    for name, given in case["draws"].items():
        entries, _ = roll(given["rows"], given["excluded"], name, case["roll_key"])
        proofs[name] = {i: proof(entries, i) for i in case["receipts"].get(name, ())}
        drawn[name] = {}
        for stratum, quota in given["quotas"].items():
            members = [row for row in given["rows"] if row[1] == stratum]
            drawn[name][stratum] = result = draw_stratum(members, quota, key)
            for k, ident in enumerate(result["selected"] + result["reserves"], 1):
                kind = "drawn" if k <= quota else "reserve"
                outcome.append(entry(secret, name, ident, f"{name}\t{kind}\t{k}"))
    outcome.sort(key=lambda one: one["leaf"])
    leaves = [one["leaf"] for one in outcome]
    slips = [{**one, "path": path(k, leaves)} for k, one in enumerate(outcome)]
    sealed = {"root": root(leaves), "size": len(leaves), "slips": slips}
    made = {"digest": digest, "entropy": text, "key": key, "drawn": drawn}
    made |= {"receipts": proofs, "outcome": sealed if secret else None}
    return {**case, "canonical": canonical(document), **made}
