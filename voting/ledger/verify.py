#!/usr/bin/env python3
"""Check the log of a vote, without trusting whoever ran it. Needs Python 3.8 or newer, and nothing else.

    python3 -I verify.py                       checks the unpacked export in which this file lies
    python3 -I verify.py DIRECTORY             checks another one
    python3 -I verify.py --key NAME+ID+KEY     insists on this signing key, which you have from elsewhere
    python3 -I verify.py --receipt FILE        checks a voter's receipt, too; or alone, where there is no export
    python3 -I verify.py --head FILE           checks that a signed head which you kept is of this log
    python3 -I verify.py --stamps DIRECTORY    writes there what openssl needs to check who signed the time stamps

It rebuilds the Merkle tree from the entries, checks every signature and that each signed head is a beginning of the
same log, that time stamps are of these heads, that the rules are those that were frozen, opens each ballot that counts,
and counts again. It prints what it found, or names the first thing that is wrong and ends with exit code 1.
docs/log-format.md explains every byte. Whoever changes an export can change this program in it as well: if you doubt
who gave it to you, take it from the source code of the software.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import re
import sys
from collections import Counter
from datetime import datetime
from fractions import Fraction
from pathlib import Path

# --- The first thing that is wrong


class Wrong(Exception):
    """What is wrong, in a sentence."""


def require(condition, sentence):
    if not condition:
        raise Wrong(sentence)


# --- Strict reading: nothing that two programs could read differently


def no_twins(pairs):
    data = {}
    for name, value in pairs:
        require(name not in data, " says the same thing twice: " + name[:40] + ".")
        data[name] = value
    return data


def no_number(text):
    raise Wrong(" holds what is not a whole number: " + text[:40] + ".")


def whole_number(text):
    require(len(text) <= 100, " holds a number of %d digits." % len(text))
    return int(text)


def parse_json(text, what):
    try:
        return json.loads(
            text, object_pairs_hook=no_twins, parse_constant=no_number, parse_float=no_number, parse_int=whole_number
        )
    except Wrong as wrong:
        raise Wrong(what + str(wrong)) from None
    except (ValueError, RecursionError):
        raise Wrong(what + " is not JSON.") from None


def written(data, indent=None):
    """The one way in which an export writes data: a line, or a file where there is an indent."""
    separators = (",", ":") if indent is None else None
    return json.dumps(data, sort_keys=True, separators=separators, indent=indent, ensure_ascii=False)


def canonical(data):
    return written(data).encode()


def parse_line(line, what):
    data = parse_json(line, what)
    require(type(data) is dict and written(data) == line, what + " is not an object in canonical form.")
    return data


def require_fields(data, names, what):
    """No more than these either: what is neither proven nor counted would be read as if it were."""
    require(type(data) is dict and set(data) == set(names.split()), what + " does not hold just " + names + ".")


def decode_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        data = None
    require(data is not None and base64.b64encode(data).decode() == text, "This is no base64: %s." % str(text)[:40])
    return data


def is_hash(text):
    return type(text) is str and re.fullmatch("[0-9a-f]{64}", text) is not None


def is_moment(text):
    return type(text) is str and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text, re.ASCII) is not None


# --- Ed25519 signatures (RFC 8032), verification only

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def decode_point(data):
    """As x, y, z, t; None for bytes that are no point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def add_points(one, other):
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    c, d = 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    """Whether ``signature`` (64 bytes) is that of ``message`` by the public ``key`` (32 bytes)."""
    point = decode_point(key) if len(key) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    negative = (P - point[0], point[1], 1, P - point[3])
    table = (None, BASE, negative, add_points(BASE, negative))
    total = (0, 1, 1, 0)
    for bit in range(252, -1, -1):  # s * BASE - k * point, both at once
        total = add_points(total, total)
        which = (s >> bit & 1) | (k >> bit & 1) << 1
        if which:
            total = add_points(total, table[which])
    inverse = pow(total[2], P - 2, P)
    x, y = total[0] * inverse % P, total[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- Keys and signed notes


def parse_key(text):
    """A key as it is published: its name, the four bytes of its id, and 32 bytes."""
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", str(text))
    require(match, "A signing key is not well formed: %s." % text)
    data = decode_base64(match.group(3))
    key_id = hashlib.sha256(match.group(1).encode() + b"\n" + data).digest()[:4]
    require(len(data) == 33 and data[0] == 1 and key_id.hex() == match.group(2), "A signing key is not well formed.")
    return match.group(1), key_id, data[1:]


def open_note(note, keys, what):
    """The text of a signed note; Wrong unless one of ``keys`` signed it."""
    match = type(note) is str and re.fullmatch("((?:.*\n)+)\n((?:\u2014 \\S+ [A-Za-z0-9+/]+=*\n)+)", note)
    require(match, what + " is not a signed note.")
    text, signatures = match.groups()
    for line in signatures.split("\n")[:-1]:
        signer, data = line.split(" ")[1:]
        data = decode_base64(data)
        for name, key_id, key in keys:
            if (name, key_id) == (signer, data[:4]):
                require(is_signed(key, text.encode(), data[4:]), what + " has a wrong signature: its text was changed.")
                return text
    raise Wrong(what + " is not signed by the key of this log, but by another one.")


def trusted_keys(first, listed):
    """``first``, and those for which one before them vouches."""
    keys = [parse_key(first)]
    for each in listed:
        require_fields(each, "key endorsement", "A key in keys.json")
        require(type(each["endorsement"]) is str, "The endorsement of a key is no text.")
        key = parse_key(each["key"])
        if key not in keys and each["endorsement"]:
            try:
                text = open_note(each["endorsement"], keys, "The endorsement of a key")
            except Wrong:
                continue  # of another time: it is not taken, and a head that it signed will not be either
            if text == "asamblea key rotation\n" + each["key"] + "\n":
                keys.append(key)
    return keys


def check_pinned(pinned, listed, note):
    """The last head, which covers all, is signed by the key that whoever runs this knows, or by one it vouches for."""
    keys = trusted_keys(pinned, listed)
    try:
        open_note(note, keys, "The last head")
    except Wrong:
        raise Wrong("The log was not signed with the key that you gave, nor with one that it vouches for.") from None


# --- The Merkle tree (RFC 9162)


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows by one leaf at a time, and knows its root."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, leaf):
        index = self.size
        while index & 1:
            leaf, index = node_hash(self.peaks.pop(), leaf), index >> 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self):
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = node_hash(left, root)
        return root


def proven_root(leaf, index, size, proof):
    """The root to which an inclusion proof leads; None if it is of the wrong length."""
    place, last = index, size - 1
    for beside in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            leaf = node_hash(beside, leaf)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            leaf = node_hash(leaf, beside)
        place, last = place >> 1, last >> 1
    return leaf if last == 0 else None


def root_of(entries):
    tree = Tree()
    for entry, _ in entries:
        tree.append(leaf_hash(entry))
    return tree.root()


# --- Heads and entries


def parse_head(text, what):
    lines = text.split("\n")
    good = len(lines) == 5 and re.fullmatch("[0-9]{1,15}", lines[1]) and lines[3].startswith("time ") and not lines[4]
    require(good, what + " is not a head of a log.")
    return {"origin": lines[0], "size": int(lines[1]), "root": decode_base64(lines[2]), "time": lines[3][5:]}


def check_heads(entries, notes, keys, log):
    """Every head is signed, of this log, and the tree over so many first entries; the last one covers them all."""
    heads = []
    for place, line in enumerate(notes, start=1):
        what = "Head %d" % place
        require_fields(line, "note stamps" if "stamps" in line else "note", what)
        heads.append((what, parse_head(open_note(line["note"], keys, what), what)))
    require(heads, "There is no signed head.")
    previous = None
    for what, head in heads:
        require(head["origin"] == log, what + " is of another log: " + head["origin"] + ".")
        if previous:
            in_order = head["size"] > previous["size"] and head["time"] >= previous["time"]
            require(in_order, what + " is older than the one before it: an old head was put in its place.")
        previous = head
    require(
        previous["size"] >= len(entries),
        "The last %d entries are under no signed head: an old head was put in its place, or entries were added."
        % (len(entries) - previous["size"]),
    )
    require(
        previous["size"] <= len(entries),
        "The last head is signed over %d entries, and there are %d: entries are missing."
        % (previous["size"], len(entries)),
    )
    tree, at = Tree(), 0
    for what, head in heads:
        while tree.size < head["size"]:
            tree.append(leaf_hash(entries[tree.size][0]))
        require(
            tree.root() == head["root"],
            "%s does not fit the entries %d to %d: one of them was changed, added, dropped or moved."
            % (what, at, head["size"] - 1),
        )
        at = head["size"]
    return [head for _, head in heads]


def manifest_of(entries):
    manifest = entries[0][1]
    require(manifest.get("kind") == "manifest" and manifest.get("format") == 1, "Entry 0 is not a manifest.")
    require(type(manifest.get("log")) is type(manifest.get("key")) is str, "The manifest names no log, or no key.")
    known = manifest.get("disclosure") in ("published", "auditors") and manifest.get("lots") in (AS_LISTED, DRAWN)
    require(known, "By the manifest ballots are disclosed, or ties are broken, in a way that nobody knows.")
    options = manifest["options"] if type(manifest.get("options")) is list else [None]
    well_formed = all(type(option) is dict and type(option.get("id")) is str for option in options)
    require(well_formed, "The manifest has options that are not well formed.")
    require(len(options) == len({option["id"] for option in options}), "The manifest names an option twice.")
    return manifest


def check_entries(manifest, entries):
    """The kinds of entries in their places; returns ballots by number, amendments, close, and batches of paper."""
    close, amendments, ballots, ids, voters, batches = None, [], {}, set(), {}, []
    for number, (_, entry) in enumerate(entries[1:], start=1):
        require(close is None, "Entry %d comes after the close." % number)
        kind = entry.get("kind")
        try:
            if kind == "ballot":
                check_ballot(manifest, entry, number, ids, voters)
                ballots[number] = entry
            elif kind == "amendment":
                check_amendment(entry, number)
                amendments.append((number, entry))
            elif kind == "paper":
                check_batch(entry, number, ballots, batches)
                batches.append(entry)
            else:
                require(kind == "close", "Entry %d is of a kind that nobody knows." % number)
                well_formed = is_moment(entry["closed_at"]) and is_hash(entry["result"])
                require(well_formed, "Entry %d is a close that is not well formed." % number)
                close = entry
            require(kind == "ballot" or entry["log"] == manifest["log"], "Entry %d is of another log." % number)
        except (AttributeError, KeyError, TypeError):
            raise Wrong("Entry %d is not well formed." % number) from None
    for voter, ballots_of_one in voters.items():
        revisions = sorted(ballot["revision"] for ballot in ballots_of_one)
        require(revisions == list(range(1, len(revisions) + 1)), "A ballot of the voter %s… is missing." % voter[:12])
    on_paper = sum("paper" in ballot for ballot in ballots.values())
    told = sum(batch["ballots"] for batch in batches)
    require(on_paper == told, "The log has %d paper ballots, and its batches say %d." % (on_paper, told))
    return ballots, amendments, close, batches


def check_ballot(manifest, entry, number, ids, voters):
    """ids: of the ballots before it. voters: their pseudonyms, with the ballots of each."""
    well_formed = type(entry["id"]) is str and type(entry["revision"]) is int
    well_formed = well_formed and is_hash(entry["voter"]) and is_hash(entry["commitment"])
    require(well_formed, "Entry %d is a ballot that is not well formed." % number)
    require(entry["id"] not in ids, "Entry %d is a ballot that is in the log already." % number)
    ids.add(entry["id"])
    before = voters.setdefault(entry["voter"], [])
    again = entry["revision"] in [ballot["revision"] for ballot in before]
    require(not again, "Entry %d is a second ballot of the same revision." % number)
    weight = weight_of(manifest, entry, number)
    same = all(ballot.get("weight", 1) == weight for ballot in before)
    require(same, "Entry %d has another weight than the ballot before it of the same voter." % number)
    paper = "paper" not in entry or (entry["paper"] is True and entry["revision"] == 1 and weight == 1)
    require(paper, "Entry %d is a paper ballot that is not well formed." % number)
    before.append(entry)


def check_amendment(entry, number):
    require(entry["reason"].strip(), "Entry %d amends the rules without a reason." % number)
    known = is_moment(entry["at"]) and set(entry["changes"]) <= {"closes_at", "budget", "roll", "withdrawn"}
    require(known, "Entry %d amends the rules in a way that nobody knows." % number)


def check_batch(entry, number, ballots, batches):
    """What a batch says came in on paper is what stands before it; the spoilt ones are told and not cast."""
    counts = [entry["ballots"], entry["spoilt"], entry["batch"]]
    good = all(type(count) is int and count >= 0 for count in counts) and type(entry["place"]) is str
    require(good, "Entry %d is a batch of paper ballots that is not well formed." % number)
    told = entry["ballots"] + sum(batch["ballots"] for batch in batches)
    there = sum("paper" in ballot for ballot in ballots.values())
    require(there == told, "Entry %d tells of %d paper ballots, and there are %d." % (number, told, there))


def weight_of(manifest, ballot, number):
    """For how many equal ballots it counts. 1 is not written."""
    if "weight" not in ballot:
        return 1
    require(manifest.get("weighted") is True, "Entry %d has a weight, and by the rules all weigh the same." % number)
    weight = ballot["weight"]
    require(type(weight) is int and weight > 1, "Entry %d has a weight that is no whole number above 1." % number)
    return weight


def last_end(manifest, amendments):
    """When voting ended, with all extensions."""
    end = manifest["closes_at"]
    for _, amendment in amendments:
        change = amendment["changes"].get("closes_at")
        if change:
            require(change["from"] == end, "An amendment moves an end of voting that was not the end.")
            later = end is not None and amendment["at"] <= end < (change["to"] or "")
            require(later, "An amendment ends the voting earlier, or opens it again after its end.")
            end = change["to"]
    return end


def check_words(manifest, words):
    """The question and the labels are those of the manifest; an option's may be hidden by now."""
    require_fields(words, "question options", "words.json")
    texts = words["options"].values() if type(words["options"]) is dict else [0]
    require(type(words["question"]) is str, "The question is not told.")
    require(all(text is None or type(text) is str for text in texts), "The options' labels are not well formed.")
    same = words["options"].keys() == {each["id"] for each in manifest["options"]}
    require(same, "words.json has a label of an option that is not in the manifest, or lacks one that is.")
    pairs = [("The question", words["question"], manifest["question"])]
    pairs += [("An option's label", words["options"][each["id"]], each["label"]) for each in manifest["options"]]
    for what, text, expected in pairs:
        if text is not None:
            require(hashlib.sha256(text.encode()).hexdigest() == expected, what + " is not that of the manifest.")


# --- Counting again


def count(manifest, ballots, openings, amendments):
    """Open the standing ballots and add them up, as the rules of the manifest say."""
    standing = {}
    for number, ballot in ballots.items():
        other = standing.get(ballot["voter"])
        if other is None or ballots[other]["revision"] < ballot["revision"]:
            standing[ballot["voter"]] = number
    wanted, given, last = set(standing.values()), {}, 0
    for opening in openings:
        require_fields(opening, "number salt choices", "An opening")
        number = opening["number"]
        require(type(number) is int and is_hash(opening["salt"]), "An opening is not well formed.")
        require(number in wanted, "There is an opening for entry %s, which does not count." % number)
        require(number not in given, "Entry %d has two openings." % number)
        require(number > last, "The opening of entry %d is not in its place." % number)
        last = number
        commitment = hashlib.sha256(bytes.fromhex(opening["salt"]) + canonical(opening["choices"])).hexdigest()
        require(
            commitment == ballots[number]["commitment"],
            "The opening of entry %d is not what was cast: its choices or its salt were changed." % number,
        )
        given[number] = opening["choices"]
    missing = sorted(wanted - set(given))
    require(not missing, "The opening of entry %s is missing." % (missing or [0])[0])
    check_by_rules_of_then(manifest, amendments, given)
    weights = {number: ballots[number].get("weight", 1) for number in given}
    return {**add_up(manifest, given, weights), "groups": grouped(given, weights)}


def grouped(given, weights):
    """Equal ballots together, with what they weigh."""
    groups = Counter()
    for number, choices in given.items():
        groups[canonical(choices)] += weights[number]
    return [(json.loads(choices), weight) for choices, weight in groups.items()]


def check_by_rules_of_then(manifest, amendments, given):
    """No ballot of a knapsack spends more than there was when it was sealed, and none chooses what was withdrawn.
    given: choices by number of the entry."""
    cost = {option["id"]: option["cost"] or 0 for option in manifest["options"]}
    for place in range(len(amendments) + 1):
        first = amendments[place - 1][0] if place else 0
        last = amendments[place][0] if place < len(amendments) else max(given, default=0) + 1
        rules = amended(manifest, [amendment for _, amendment in amendments[:place]])
        withdrawn, allowed = set(rules["withdrawn"]), rules["limits"]["budget"]
        for number, choices in given.items():
            if first < number < last:
                require(withdrawn.isdisjoint(choices), "Entry %d chooses what was withdrawn." % number)
                spent = sum(cost.get(option, 0) for option in choices)
                good = manifest["form"]["ballot"] != "knapsack" or spent <= allowed
                require(good, "Entry %d spends more than there is." % number)


def amended(manifest, amendments):
    """The rules as these amendments have left them: how much money there is, and which options were withdrawn."""
    limits, withdrawn = dict(manifest["limits"]), list(manifest.get("withdrawn", []))
    for amendment in amendments:
        change = amendment["changes"].get("budget")
        if change:
            require(change["from"] == limits["budget"], "An amendment changes an amount that was not the amount.")
            limits["budget"] = change["to"]
        withdrawn += amendment["changes"].get("withdrawn", [])
    known = {option["id"] for option in manifest["options"]}
    require(known.issuperset(withdrawn), "An amendment withdraws what is not on the ballot.")
    return {**manifest, "limits": limits, "withdrawn": withdrawn}


def kind_of(manifest):
    """What a ballot gives an option: a place, a mark, or points (1 is a vote)."""
    if manifest["method"] in RANKED or manifest["form"]["ballot"] == "places":
        return "places"
    return "marks" if manifest["method"] in ("score", "slider") else "points"


def allowed_values(manifest):
    limits, kind = manifest["limits"], kind_of(manifest)
    if kind == "places":
        return range(1, (limits["max_choices"] or len(manifest["options"])) + 1)
    if kind == "marks":
        return range(-100, 101, 25) if manifest["method"] == "slider" else range(manifest["form"]["highest"] + 1)
    return range(1, limits["max_points"] + 1)


def add_up(manifest, given, weights):
    """The tally of these choices, by number of their entry, each of them valid: of rankings the favourites alone.
    weights: for how many equal ballots each counts. Voters and blank ballots are people all the same."""
    counts, limits, kind = {option["id"]: 0 for option in manifest["options"]}, manifest["limits"], kind_of(manifest)
    values, ranked = allowed_values(manifest), manifest["method"] in RANKED
    marked, blank = set(), 0
    for number, choices in given.items():
        allowed = 1 if manifest["method"] in ONE_CHOICE else limits["max_choices"]
        require(allowed is None or len(choices) <= allowed, "Entry %d chooses more than is allowed." % number)
        for option, value in choices.items():
            good = option in counts and type(value) is int and value in values
            require(good, "Entry %d chooses what is not on the ballot." % number)
        places = sorted(choices.values()) if kind == "places" else []
        equal_ranks = manifest["method"] in ("borda", "hierarchy", "schulze")
        good = sorted(set(places)) == list(range(1, len(set(places)) + 1)) and (
            equal_ranks or len(set(places)) == len(places)
        )
        require(good, "Entry %d gives a place twice, or leaves one out." % number)
        most = limits["max_sum"] if kind == "points" else None
        require(most is None or sum(choices.values()) <= most, "Entry %d gives more points than it has." % number)
        if ranked:
            favourites = [option for option, place in choices.items() if place == 1]
            choices_counted = dict.fromkeys(favourites, 1) if len(favourites) == 1 else {}
        elif kind == "places":
            choices_counted = {option: limits["max_choices"] - place + 1 for option, place in choices.items()}
        else:
            choices_counted = choices
        for option, value in choices_counted.items():
            counts[option] += value * weights[number]
        marked.update(choices)
        blank += not choices
    whole = sum(weights.values())
    return {"counts": counts, "voters": len(given), "weight": whole, "blank": blank, "marked": marked}


def draw(root, poll, ids):
    """The lot: the root of the tree before the close, and the poll's number, are the seed."""
    seed = hashlib.sha256(root + str(poll).encode()).digest()
    return sorted(ids, key=lambda id: (hashlib.sha256(seed + id.encode()).digest(), id))


def decide(manifest, tally, lots):
    """Winners and ties by the simple methods."""
    counts, options, method = tally["counts"], manifest["options"], manifest["method"]
    ids = [option["id"] for option in options]
    if method == "for_against_abstain":
        return decide_sides(manifest, tally)
    if method == "cause":
        return [id for id in ids if counts[id] >= max(1, manifest["limits"]["threshold"])], []
    if method in LISTS:
        return decide_seats(manifest, counts, ids, lots)
    if method in GREEDY:
        return decide_budget(manifest, counts, options, lots)
    running = [id for id in ids if (id in tally["marked"] if kind_of(manifest) == "marks" else counts[id])]
    most = max((counts[id] for id in running), default=0)
    leaders = sorted((id for id in running if counts[id] == most), key=lots.index)
    return leaders[:1], [leaders] if len(leaders) > 1 else []


def decide_sides(manifest, tally):
    limits, counts = manifest["limits"], tally["counts"]
    side = {option["kind"]: option["id"] for option in manifest["options"]}
    for_, against = counts[side["for"]], counts[side["against"]]
    if tally["voters"] < limits["quorum"]:
        return [], []
    if limits["majority"] is not None:
        share = Fraction(limits["majority"])
        of = tally["weight"] if limits["abstentions_count"] else for_ + against
        enough = for_ > of * share if share == Fraction(1, 2) else for_ >= of * share
        return [side["for"] if enough else side["against"]] if of else [], []
    if for_ != against:
        return [side["for"] if for_ > against else side["against"]], []
    return [], [[side["for"], side["against"]]] if for_ else []


def decide_seats(manifest, counts, ids, lots):
    seats, method = manifest["limits"]["seats"], manifest["method"]
    running = [id for id in ids if counts[id] and counts[id] >= manifest["limits"]["threshold"]]
    if not running:
        return [], []
    won, tied = [], []
    quota = Fraction(sum(counts[id] for id in running), seats)
    if method == "hare":
        for id in sorted(running, key=lambda id: (-counts[id], lots.index(id))):
            won += [id] * int(counts[id] // quota)
    step = {"dhondt": 1, "sainte_lague": 2, "hare": 0}[method]
    value = {id: Fraction(counts[id]) if step else counts[id] % quota for id in running}
    while len(won) < seats:
        best = max(value.values())
        equal = sorted((id for id in value if value[id] == best), key=lambda id: (-counts[id], lots.index(id)))
        tied = equal if len(equal) > 1 and counts[equal[0]] == counts[equal[1]] else []
        won.append(equal[0])
        if step:
            value[equal[0]] = Fraction(counts[equal[0]], 1 + step * won.count(equal[0]))
        else:
            del value[equal[0]]
    return won, [tied] if tied else []


def decide_budget(manifest, counts, options, lots):
    method, limits = manifest["method"], manifest["limits"]
    cost = {option["id"]: option["cost"] or 0 for option in options}

    def key(id):
        if method != "greedy_per_cost":
            return (-counts[id], cost[id], lots.index(id))
        if not cost[id]:
            return (0, 0, 0, -counts[id], lots.index(id))
        return (1, -Fraction(counts[id], cost[id]), cost[id], -counts[id], lots.index(id))

    if not any(counts[id] for id in counts if id not in manifest["withdrawn"]):
        # Money on which nobody chose anything is not shared out.
        return [], []
    left, winners, groups, stopped = limits["budget"], [], {}, False
    for id in sorted((id for id in counts if id not in manifest["withdrawn"]), key=key):
        wanted = method == "greedy" or counts[id] >= limits["threshold"]
        fits = wanted and not stopped and cost[id] <= left
        stopped = stopped or (method == "greedy_no_skip" and wanted and not fits)
        left -= cost[id] if fits else 0
        winners += [id] if fits else []
        groups.setdefault((counts[id], cost[id]), []).append((id, fits))
    ties = [[id for id, _ in group] for group in groups.values() if len({fits for _, fits in group}) == 2]
    return winners, ties


# --- The election file, and the command that counts it: for methods whose winners are not worked out here


def recount_files(rules, words, groups, lots, end):
    """Name -> text of the files by which other software counts the same ballots; none where this program decides.

    rules: the manifest as it was amended. groups: (choices, how many ballots, each as often as it weighs). end: of
    voting. The export writes what this says, so that here it can be compared to the letter.
    """
    if rules["method"] in SIMPLE:
        return {}
    is_budget = rules["method"] in BUDGETS
    groups = sorted(((choices, times) for choices, times in groups), key=lambda group: canonical(group[0]))
    chosen = {option for choices, _ in groups for option in choices}
    if is_budget and (chosen <= set(rules["withdrawn"]) or sum(times for _, times in groups) > MOST_LINES):
        return {}
    number = {option["id"]: str(place) for place, option in enumerate(rules["options"], start=1)}
    order = [option if is_budget else number[option] for option in lots if option not in rules["withdrawn"]]
    name = "election.pb" if is_budget else "election.blt"
    text = pabulib_of(rules, words, groups, end) if is_budget else blt_of(rules, words, groups, number)
    return {name: text, "RECOUNT.txt": RECOUNT % (recount_command(rules, name, order), name)}


RECOUNT = """%s

counts %s to the same winners, with the software whose address stands in README.txt. Lots: the draw of this poll.
"""


def recount_command(rules, name, lots):
    method, form = rules["method"], rules["form"]
    command = ["python", "manage.py", "count", name, "--method", method]
    if method == "equal_shares":
        command += ["--utility", form["utility"], "--completion", form["completion"], "--then", form["then"]]
        command += ["--comparison"] if form["comparison"] else []
    if method == "borda":
        command += ["--unranked", form["unranked"]]
    if method in BUDGETS and form["ballot"] == "places":
        command += ["--scoring", "places"]
    return " ".join([*command, "--lots", ",".join(lots)])


def label_of(option, words):
    return words["options"][option["id"]] or "option " + option["id"]


def blt_of(rules, words, groups, number):
    """Rankings. Options are their places on the ballot, from 1; places that nobody has close up."""
    lines = ["%d %d" % (len(rules["options"]), rules["form"]["seats"])]
    for choices, times in groups:
        ranks = {}
        for option in sorted(choices):
            ranks.setdefault(choices[option], []).append(number[option])
        lines.append(" ".join([str(times), *("=".join(ranks[place]) for place in sorted(ranks)), "0"]))
    names = [label_of(option, words) for option in rules["options"]] + [words["question"]]
    return "\n".join([*lines, "0", *('"' + name.replace('"', '""') + '"' for name in names), ""])


def pabulib_of(rules, words, groups, end):
    """A budget, without what was withdrawn. A ballot that weighs more stands there as often."""
    limits, form = rules["limits"], rules["form"]
    kind = "ordinal" if form["ballot"] == "places" else "cumulative" if limits["max_points"] > 1 else "approval"
    votes, support = [], Counter()
    for choices, times in groups:
        there = [option for option in choices if option not in rules["withdrawn"]]
        there.sort(key=lambda option: (choices[option], option))
        support.update(dict.fromkeys(there, times))
        points = [",".join(str(choices[option]) for option in there)] if kind == "cumulative" else []
        votes += [[",".join(there), *points]] * times
    meta = {
        "description": words["question"],
        "country": "-",
        "unit": rules["consultation"],
        "instance": rules["opens_at"][:4],
        "num_projects": len(rules["options"]) - len(set(rules["withdrawn"])),
        "num_votes": len(votes),
        "budget": amount_of(limits["budget"]),
        "vote_type": kind,
        "rule": rules["method"],
        "date_begin": day_of(rules["opens_at"]),
        "date_end": day_of(end or rules["opens_at"]),
        "max_length": limits["max_choices"],
        "max_sum_points": form["max_sum"] if kind == "cumulative" else None,
    }
    rows = [["META"], ["key", "value"], *([key, value] for key, value in meta.items() if value is not None)]
    rows += [["PROJECTS"], ["project_id", "cost", "votes", "name"]]
    for option in rules["options"]:
        if option["id"] not in rules["withdrawn"]:
            about = [amount_of(option["cost"]), support[option["id"]], label_of(option, words)]
            rows.append([option["id"], *about])
    rows += [["VOTES"], ["voter_id", "vote", *(["points"] if kind == "cumulative" else [])]]
    rows += [[voter, *vote] for voter, vote in enumerate(votes, start=1)]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    return text.getvalue()


def amount_of(cents):
    """In whole units of money.

    >>> amount_of(1250), amount_of(1200), amount_of(None)
    ('12.50', '12', '0')
    """
    whole, rest = divmod(cents or 0, 100)
    return "%d.%02d" % (whole, rest) if rest else str(whole)


def day_of(moment):
    year, month, day = moment[:10].split("-")
    return day + "." + month + "." + year


def check_recount_files(directory, expected):
    """They are not in the log, so they must be what follows from it."""
    for name in ("election.blt", "election.pb", "RECOUNT.txt"):
        there = name in expected or (directory / name).exists()
        text = read_text(directory, name) if there else None
        require(text == expected.get(name), name + " is not what follows from the ballots and the rules of this log.")


DRAWN, AS_LISTED = "sha256(sha256(root,poll),option)", "options"  # how equal options are put in order
ONE_CHOICE = ("for_against_abstain", "single_choice", "cause", "dhondt", "sainte_lague", "hare")
RANKED = ("borda", "hierarchy", "irv", "schulze", "stv")
LISTS = ("dhondt", "sainte_lague", "hare")
BUDGETS = ("equal_shares", "phragmen")  # beside GREEDY
MOST_LINES = 1_000_000  # of a budget's election file, which says a ballot of weight 7 in seven lines
GREEDY = ("greedy", "greedy_no_skip", "greedy_threshold", "greedy_per_cost")
SIMPLE = ("for_against_abstain", "single_choice", "approval", "cumulative", "score", "slider", "cause", *LISTS, *GREEDY)


def check_result(manifest, ballots, close, openings, result, root, amendments, words):
    """The result is what the log's last entry commits to, and what counting again gives. root: of the tree before that
    entry. Returns what was recounted (nothing, "tally", or "outcome"), and the election files that belong to it."""
    require(close is not None, "There is a result, but the log has no close: its end was cut off.")
    require_fields(result, "salt tally winners ties explanation", "result.json")
    good = is_hash(result["salt"]) and type(result["tally"]) is dict
    require(good, "The salt or the tally of the result is not well formed.")
    said = {name: result[name] for name in ("tally", "winners", "ties", "explanation")}
    commitment = hashlib.sha256(bytes.fromhex(result["salt"]) + canonical(said)).hexdigest()
    recounted, files = "", {}
    if openings is not None:
        recounted = "tally"
        tally = count(manifest, ballots, openings, amendments)
        said_tally = {"weight": result["tally"]["voters"], **result["tally"]}  # not said where all weigh 1
        for name in ("counts", "voters", "blank", "weight"):
            require(tally[name] == said_tally[name], "The tally is not what the ballots add up to (%s)." % name)
        as_listed = manifest["lots"] == AS_LISTED  # frozen with the rules, as everybody could read before the count
        lots = [o["id"] for o in manifest["options"]] if as_listed else draw(root, manifest["poll"], tally["counts"])
        rules = amended(manifest, [each for _, each in amendments])
        files = recount_files(rules, words, tally["groups"], lots, last_end(manifest, amendments))
    if openings is not None and manifest["method"] in SIMPLE:
        recounted = "outcome"
        winners, ties = decide(rules, tally, lots)
        require(winners == result["winners"], "The outcome does not follow from the tally by the rules.")
        same_ties = sorted(map(sorted, ties)) == sorted(map(sorted, result["ties"]))
        require(same_ties, "The ties are not those of the tally.")
    require(commitment == close["result"], "The result is not the one that the log was closed with.")
    published = manifest["disclosure"] == "published"
    require(openings is not None or not published, "openings.jsonl is missing: by the rules every ballot is published.")
    return recounted, files


# --- Time stamps by others: which head they are of, and what they say. Who signed them is for openssl to check

SHA_256, SIGNED_DATA, TIME_STAMP = map(
    bytes.fromhex, ("608648016503040201", "2a864886f70d010702", "2a864886f70d0109100104")
)


def read_der(data):
    """The values that stand in it one after another: a tag and the content of each."""
    values, at = [], 0
    while at < len(data):
        size, start = data[at + 1], at + 2
        if size > 127:
            start += size - 128
            size = int.from_bytes(data[at + 2 : start], "big")
        if len(data) < start + size:
            raise ValueError("cut off")
        values.append((data[at], data[start : start + size]))
        at = start + size
    return values


def read_token(answer):
    """The hash that an authority stamped, and when: from its answer (RFC 3161) to the signed data to what it signed."""
    [(_, response)] = read_der(answer)
    [(_, status), (_, content)] = read_der(response)
    [kind, (_, explicit)] = read_der(content)
    [(_, signed)] = read_der(explicit)
    [inner_kind, (_, explicit)] = read_der(read_der(signed)[2][1])
    [(_, octets)] = read_der(explicit)
    [(_, stamp)] = read_der(octets)
    [_, _, (_, imprint), _, (_, moment), *_] = read_der(stamp)
    [(_, algorithm), (_, hash_)] = read_der(imprint)
    kinds = [kind, inner_kind, read_der(algorithm)[0]]
    if kinds != [(6, SIGNED_DATA), (6, TIME_STAMP), (6, SHA_256)] or read_der(status)[0][1] not in (b"\0", b"\1"):
        raise ValueError("of another kind, or refused")
    said = moment.decode()
    at = datetime.strptime(said[:14] + said[-1], "%Y%m%d%H%M%S%z")  # it may have fractions of a second before its Z
    return hash_, at.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_bfa(receipt):
    """The hash that a receipt of Blockchain Federal Argentina names, and the block."""
    [version, hash_, _, _, block] = decode_base64(receipt).decode().split("-")
    if version != "1x" or not re.fullmatch("[0-9]{1,15}", block):
        raise ValueError("without a block")
    return bytes.fromhex(hash_), "block %s of Blockchain Federal Argentina" % block


STAMP_FIELDS = {"rfc3161": "service token", "bfa": "service rd is_permanent"}


def check_stamps(notes):
    """Each stamp is of the head beside which it stands. Returns (note, token or None, what it says) of each."""
    found = []
    for place, line in enumerate(notes, start=1):
        require(type(line.get("stamps", [])) is list, "Head %d has time stamps that are no list." % place)
        for stamp in line.get("stamps", []):
            what = "A time stamp of head %d" % place
            try:
                require_fields(stamp, STAMP_FIELDS[stamp["service"]], what)
                token = decode_base64(stamp["token"]) if "token" in stamp else None
                hash_, says = read_bfa(stamp["rd"]) if token is None else read_token(token)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                raise Wrong(what + " cannot be read as one.") from None
            note = line["note"].encode()
            require(hash_ == hashlib.sha256(note).digest(), what + " is not of this head, but of something else.")
            found.append((note, token, says))
    return found


def describe_stamps(stamps):
    return [
        "Time stamps by others: %d, each of the head beside which it stands." % len(stamps),
        "The first says %s, the last %s." % (stamps[0][2], stamps[-1][2]),
        "Who signed them was NOT checked here. --stamps DIRECTORY writes what openssl needs for that.",
    ]


def write_stamps(directory, stamps):
    """For openssl: the signed notes, and the tokens of an authority. Returns what to do with them."""
    tokens = [(note, token) for note, token, _ in stamps if token is not None]
    if not tokens:
        return ["There is no time stamp of an authority to write."]
    directory.mkdir(parents=True, exist_ok=True)
    for number, (note, token) in enumerate(tokens, start=1):
        (directory / ("%d.txt" % number)).write_bytes(note)
        (directory / ("%d.tsr" % number)).write_bytes(token)
    command = "openssl ts -verify -data 1.txt -in 1.tsr -CAfile root.pem"
    return ["In %s, for each number, with the authority's root certificate as root.pem: %s" % (directory, command)]


# --- Receipts


def check_receipt(receipt, keys, entries=None):
    """A ballot is where its receipt says, under a head that is signed; and in this export, where there is one."""
    try:
        ballot, number = canonical({**receipt["ballot"], "kind": "ballot"}), receipt["number"]
        note, log, proof = receipt["head"], receipt["log"], [decode_base64(hash_) for hash_ in receipt["proof"]]
    except (KeyError, TypeError):
        raise Wrong("The receipt is not well formed.") from None
    require(number is not None, "The ballot of this receipt was received, and not sealed yet. Get the receipt again.")
    require(type(number) is int and number >= 0, "The number of the receipt is none.")
    head = parse_head(open_note(note, keys, "The head on the receipt"), "The head on the receipt")
    root = proven_root(leaf_hash(ballot), number, head["size"], proof)
    require(root == head["root"], "The receipt's proof does not lead to its signed head.")
    require(head["origin"] == log, "The receipt's head is of another log.")
    if entries is not None:
        require(number < len(entries), "The ballot of the receipt, number %d, is not in this log." % number)
        require(entries[number][0] == ballot, "Entry %d of this log is not the ballot of the receipt." % number)
        check_kept_head(note, keys, entries, log, "The head on the receipt")
    return number, head


def check_kept_head(note, keys, entries, log, what="The head that you kept"):
    """A head that somebody kept, of any size, is over the beginning of this log."""
    head = parse_head(open_note(note, keys, what), what)
    require(head["origin"] == log, what + " is of another log: " + head["origin"] + ".")
    require(head["size"] <= len(entries), what + " is over more entries than are here.")
    require(root_of(entries[: head["size"]]) == head["root"], what + " is not of this log: there are two.")
    return head


# --- The whole


FILES = {"entries.jsonl", "heads.jsonl", "keys.json", "words.json", "openings.jsonl", "result.json"}
OTHERS = {"election.blt", "election.pb", "RECOUNT.txt", "README.txt", "verify.py", "__pycache__"}


def read_text(directory, name):
    require((directory / name).is_file(), name + " is missing.")
    try:
        return (directory / name).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(name + " is not UTF-8.") from None


def read_kept(path):
    """A file of whoever runs this, which an editor may have saved in its own way."""
    return read_text(path.parent, path.name).replace("\r\n", "\n").strip("\ufeff \n")


def read_lines(directory, name, what, first=1):
    """Each line as (its bytes, what it says). what: how lines are called, with a place for their number."""
    text = read_text(directory, name)
    require(text.endswith("\n") or not text, name + " is not whole: its last line is cut off.")
    return [
        (line.encode(), parse_line(line, what % number)) for number, line in enumerate(text.split("\n")[:-1], first)
    ]


def read_json(directory, name, kind):
    text = read_text(directory, name)
    data = parse_json(text, name)
    require(type(data) is kind and written(data, indent=1) + "\n" == text, name + " is not as an export writes it.")
    return data


def verify(directory, pinned=None, receipt=None, kept=None, stamps_to=None):
    """Check an export; return what was found, a line each. Raises Wrong."""
    entries = read_lines(directory, "entries.jsonl", "Entry %d", first=0)
    require(entries, "entries.jsonl is empty.")
    notes = [line for _, line in read_lines(directory, "heads.jsonl", "Line %d of heads.jsonl")]
    listed = read_json(directory, "keys.json", list)
    manifest = manifest_of(entries)
    keys = trusted_keys(manifest["key"], listed)
    heads = check_heads(entries, notes, keys, manifest["log"])
    if pinned:
        check_pinned(pinned, listed, notes[-1]["note"])
    require(manifest["key"] in [each["key"] for each in listed], "keys.json lacks the key of the log.")
    stamps = check_stamps(notes)
    ballots, amendments, close, batches = check_entries(manifest, entries)
    words = read_json(directory, "words.json", dict)
    check_words(manifest, words)
    end = last_end(manifest, amendments)
    if close:
        require(end is not None and close["closed_at"] >= end, "The vote was closed before its time was over.")
    openings = result = None
    if (directory / "openings.jsonl").exists():
        openings = [line for _, line in read_lines(directory, "openings.jsonl", "Line %d of openings.jsonl")]
    if (directory / "result.json").exists():
        result = read_json(directory, "result.json", dict)
    said = [
        "Question: " + words["question"],
        "Log %s: %d ballots by %d voters, %d amendments, %s."
        % (
            manifest["log"],
            len(ballots),
            len({ballot["voter"] for ballot in ballots.values()}),
            len(amendments),
            "closed" if close else "NOT CLOSED YET",
        ),
        "Signed heads: %d, all of this one log, the last of %s." % (len(heads), heads[-1]["time"]),
        "Signing key: " + manifest["key"],
    ]
    said += describe_stamps(stamps) if stamps else []
    for batch in batches:
        facts = (batch["ballots"], batch["place"], batch["spoilt"])
        said.append("On paper: %d ballots of %s, and %d spoilt ones that were not cast." % facts)
    for number, amendment in amendments:
        said.append("Amended by entry %d, %s: %s" % (number, written(amendment["changes"]), amendment["reason"]))
    files = {}
    if result is not None:
        before = root_of(entries[:-1])
        recounted, files = check_result(manifest, ballots, close, openings, result, before, amendments, words)
        said += describe(manifest, words, result, recounted)
        said += files.get("RECOUNT.txt", "").splitlines()
    else:
        require(openings is None, "There are openings, but no result.")
        embargo = manifest["results"]["policy"] == "embargo"
        require(embargo or close is None, "result.json is missing: by the rules it is told after the close.")
        until = " before " + manifest["results"]["not_before"] if embargo else ""
        said.append("The result may not be told yet%s: nothing was counted." % until)
    check_recount_files(directory, files)
    if kept is not None:
        head = check_kept_head(kept, keys, entries, manifest["log"])
        said.append("The head that you kept is of this log: %d entries, at %s." % (head["size"], head["time"]))
    if receipt is not None:
        number, _ = check_receipt(receipt, keys, entries)
        voter = ballots[number]["voter"]
        last = max(ballot["revision"] for ballot in ballots.values() if ballot["voter"] == voter)
        stands = ballots[number]["revision"] == last
        said.append("The receipt's ballot is number %d, and %s." % (number, "it counts" if stands else "was replaced"))
    strangers = sorted(path.name for path in directory.iterdir() if path.name not in FILES | OTHERS)
    said += ["Beside the export, of no log and NOT checked: %s." % ", ".join(strangers)] if strangers else []
    return said + (write_stamps(stamps_to, stamps) if stamps_to else [])


def describe(manifest, words, result, recounted):
    """The headline numbers, in the order of the ballot."""
    tally = result["tally"]
    said = ["Voters: %d, of whom %d cast a blank ballot." % (tally["voters"], tally["blank"])]
    if manifest.get("district"):
        said.insert(0, "Of the district: %s." % manifest["district"]["name"])
    if manifest.get("weighted"):
        said.append("Counted by weight: together they weigh %d." % tally.get("weight", tally["voters"]))
    for option in manifest["options"]:
        label = label_of(option, words)
        won = "  WON" if option["id"] in result["winners"] else ""
        said.append("%10d  %s%s" % (tally.get("counts", {}).get(option["id"], 0), label, won))
    if manifest.get("binding"):
        said.append("By its rules the agency binds itself to the outcome.")
    if manifest["method"] in GREEDY + BUDGETS:
        said.append("Winners are those of the count. What an agency decides otherwise after it is in no log.")
    if manifest["lots"] == AS_LISTED:
        said.append("Of equal options the one that is listed first goes first: by the rules nothing is drawn.")
    if recounted == "outcome":
        said.append("Counted again from the ballots: tally and outcome are right.")
    elif recounted == "tally":
        said.append("Counted again from the ballots: the tally is right.")
        said.append("Who won by %s was NOT worked out again here:" % manifest["method"])
    else:
        said.append("The ballots are not in this export: the count was NOT done again.")
    return said


def printable(line):
    """In one line: what is in the files could move the cursor, and write over what was said."""
    return "".join(sign if sign.isprintable() or sign == "\u00a0" else "?" for sign in line)


def main():
    parser = argparse.ArgumentParser(description="Check the log of a vote.")
    parser.add_argument("directory", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", help="the signing key, from a source that you trust")
    parser.add_argument("--receipt", type=Path, help="a receipt to check")
    parser.add_argument("--head", type=Path, help="a signed head that you kept, as the log's page shows it")
    parser.add_argument("--stamps", type=Path, help="where to write heads and time stamps, for openssl to check")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter of the question
    try:
        receipt = kept = None
        if options.receipt:
            receipt = parse_json(read_kept(options.receipt), "The receipt")
            require(type(receipt) is dict, "The receipt is not well formed.")
        if options.head:
            kept = read_kept(options.head) + "\n"
        if receipt is not None and not (options.directory / "entries.jsonl").exists():
            number, head = check_receipt(receipt, [parse_key(options.key or receipt.get("key"))])
            said = ["The ballot is number %d in the log %s, sealed %s." % (number, head["origin"], head["time"])]
            said += [] if options.key else ["Compare the key with a copy from elsewhere: " + receipt["key"]]
        else:
            said = verify(options.directory, options.key, receipt, kept, options.stamps)
    except Wrong as wrong:
        print("WRONG: " + printable(str(wrong)), file=sys.stderr)
        return 1
    except Exception as fault:  # whatever is in the files, it is named in one line
        said = "the files are not as they should be (%s: %s)." % (type(fault).__name__, fault)
        print("WRONG: " + printable(said), file=sys.stderr)
        return 1
    print("\n".join(map(printable, said)))
    print("RIGHT: nothing wrong was found.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
