"""The states that a power cut may leave of a disk, in two models; `power-cut` tells of them."""
import collections
import hashlib
import itertools
import os
import random
import shutil

from .disk import ROOT, Change, Data, Sync, applied


class Cut:
    """What is durable and what is not, when the power goes after `count` calls."""

    def __init__(self, disk, count, model):
        self.disk = disk
        self.pending, dirty = [], {}
        self.durable_names = dict(disk.base_names)
        for call in disk.calls[:count]:
            if isinstance(call, Change):
                self.pending.append(call)
            elif isinstance(call, Data):
                dirty.setdefault(call.inode, [disk.base_data[call.inode], []])[1].append(call)
            else:
                if call.inode in dirty:
                    data, calls = dirty[call.inode]
                    dirty[call.inode] = [applied(data, calls), []]
                if model == "ordered":
                    durable = set(range(len(self.pending)))
                else:
                    durable = self.needed(
                        {number for number, change in enumerate(self.pending)
                         if any(place[0] == call.inode for place, _ in change.effects)})
                self._apply(self.durable_names, durable)
                self.pending = [change for number, change in enumerate(self.pending)
                                if number not in durable]
        self.settled = {inode: data for inode, (data, calls) in dirty.items()}
        self.dirty = {}
        for inode, (data, calls) in dirty.items():
            if calls:
                self.dirty[inode] = forms(data, calls, model)

    def needed(self, numbers):
        """Those changes and the earlier ones of the same names."""
        numbers = set(numbers)
        for number in range(len(self.pending) - 1, -1, -1):
            if number in numbers:
                places = {place for place, _ in self.pending[number].effects}
                for earlier in range(number):
                    if places & {place for place, _ in self.pending[earlier].effects}:
                        numbers.add(earlier)
        return numbers

    def without(self, numbers):
        """All changes but those and the later ones of the same names."""
        gone = set()
        places = set()
        for number, change in enumerate(self.pending):
            own = {place for place, _ in change.effects}
            if number in numbers or own & places:
                gone.add(number)
                places |= own
        return set(range(len(self.pending))) - gone

    def _apply(self, names, numbers):
        for number, change in enumerate(self.pending):
            if number in numbers:
                for place, node in change.effects:
                    if node is None:
                        names.pop(place, None)
                    else:
                        names[place] = node

    def state(self, numbers, chosen):
        """{path: (node, bytes)} with those changes, and files in the forms chosen; a file that
        none is chosen for is as it is in memory."""
        names = dict(self.durable_names)
        self._apply(names, numbers)
        below = collections.defaultdict(list)
        for (folder, name), node in names.items():
            below[folder].append((name, node))
        found = {}

        def walk(folder, path):
            for name, number in below[folder]:
                node = self.disk.nodes[number]
                if node.kind == "folder":
                    found[path + name] = (number, None)
                    walk(number, path + name + "/")
                elif node.kind == "link":
                    found[path + name] = (number, node.data)
                else:
                    if number in self.dirty:
                        data = self.dirty[number][chosen.get(number, 0)]
                    else:
                        data = self.settled.get(number, self.disk.base_data[number])
                    found[path + name] = (number, data)
        walk(ROOT, "")
        return found


def forms(old, calls, model):
    """The forms of a file that is not synced: first as in memory, second as at its last fsync."""
    new = applied(old, calls)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    middle = (start + len(new)) // 2
    found = [new, old]
    found += [applied(old, calls[:count]) for count in range(1, len(calls))]
    found += [new[:middle], new[:middle] + old[middle:len(new)], new[:start] + bytes(len(new) - start),
              new[:middle] + bytes(len(new) - middle)]
    if model == "weak":
        found += [new[:middle] + b"\xa5" * (len(new) - middle)]
    distinct = []
    for form in found:
        if form not in distinct or len(distinct) < 2:
            distinct.append(form)
    return distinct


def states(disk, model, seed):
    """(acknowledged, label, state): all that is tried, each once."""
    seen = set()
    chance = random.Random(seed)
    cuts = [n for n, call in enumerate(disk.calls) if isinstance(call, Sync)] + [len(disk.calls)]
    for count in cuts:
        cut = Cut(disk, count, model)
        for label, numbers, chosen in combinations(cut, model, chance):
            state = cut.state(numbers, chosen)
            acknowledged = count == len(disk.calls)
            digest = hashlib.sha256(repr(
                (acknowledged, sorted(state.items()))).encode()).digest()
            if digest not in seen:
                seen.add(digest)
                yield acknowledged, f"{model}, cut at call {count}: {label}", state


def combinations(cut, model, chance):
    count = len(cut.pending)
    everything = set(range(count))
    old = {inode: 1 for inode in cut.dirty}

    def text(numbers):
        return "; ".join(cut.pending[number].text for number in sorted(numbers))

    yield "nothing lost", everything, {}
    yield "all that is not durable lost", set(), old
    prefixes = [set(range(kept)) for kept in range(count)]
    choices = [(f"names lost from {text([len(kept)])}", kept) for kept in prefixes]
    if model == "weak":
        choices += [(f"lost: {text([n])}", cut.without({n})) for n in range(count)]
        choices += [(f"only: {text([n])}", cut.needed({n})) for n in range(count)]
    for label, numbers in choices:
        yield label, numbers, {}
        yield label + ", no data", numbers, old
    for inode, found in cut.dirty.items():
        for form in range(1, len(found)):
            yield f"file {inode} in form {form}", everything, {inode: form}
            yield f"file {inode} in form {form}, others old", everything, {**old, inode: form}
        yield f"only file {inode} written", everything, {**old, inode: 0}
        for label, numbers in choices:
            yield f"{label}, file {inode} old", numbers, {inode: 1}
            yield f"{label}, file {inode} torn", numbers, {inode: len(found) - 1}
    for one, other in itertools.combinations(cut.dirty, 2):
        for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            forms_chosen = {one: first % len(cut.dirty[one]), other: second % len(cut.dirty[other])}
            yield f"files {forms_chosen}", everything, forms_chosen
    if model == "weak":
        for pair in itertools.combinations(range(count), 2):
            yield f"lost: {text(pair)}", cut.without(set(pair)), {}
            yield f"lost: {text(pair)}, no data", cut.without(set(pair)), old
    for number in range(8 if count + len(cut.dirty) > 2 else 0):
        if model == "weak":
            numbers = cut.without({n for n in range(count) if chance.random() < 0.4})
        else:
            numbers = set(range(chance.randint(0, count)))
        chosen = {inode: chance.randrange(len(found)) for inode, found in cut.dirty.items()}
        yield f"random {number}", numbers, chosen


def build(disk, state, folder):
    """Makes the state a folder on the real disk; names of one file are hard links."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    made = {}
    for path, (number, data) in sorted(state.items()):
        place, node = os.path.join(folder, path), disk.nodes[number]
        if node.kind == "folder":
            os.mkdir(place, 0o755)
        elif node.kind == "link":
            os.symlink(data, place)
        elif number in made:
            os.link(made[number], place)
        else:
            made[number] = place
            with open(place, "wb") as file:
                file.write(data)
            if node.mode != 0o644:
                os.chmod(place, node.mode)
