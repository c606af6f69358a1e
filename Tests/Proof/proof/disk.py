"""A model of a disk, and the record of what a command did to it, from strace(1)'s log."""
import collections
import os
import re

from .running import traced

ROOT = 0
NAMES = "openat,open,creat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat," \
    "rmdir,symlink,symlinkat"
DATA = "write,pwrite64,writev,pwritev,ftruncate,truncate,lseek,fallocate,copy_file_range,sendfile"
SYNCS = "fsync,fdatasync,sync,syncfs"

Change = collections.namedtuple("Change", "effects text")          # of names
Data = collections.namedtuple("Data", "inode offset bytes size")   # a write, or a new size
Sync = collections.namedtuple("Sync", "inode")


class Node:
    def __init__(self, kind, data=b"", mode=0o644):
        self.kind, self.data, self.mode = kind, data, mode


class Disk:
    """The files of a repository as nodes, and the calls of a command on them."""

    def __init__(self, root):
        self.root = root
        self.nodes = [Node("folder", mode=0o755)]
        self.names = {}
        self.calls = []
        self._scan(root, ROOT)
        self.base_names, self.base_nodes = dict(self.names), len(self.nodes)
        self.base_data = [node.data for node in self.nodes]

    def _scan(self, path, folder):
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            mode = entry.stat(follow_symlinks=False).st_mode & 0o777
            if entry.is_symlink():
                node = Node("link", os.readlink(entry.path))
            elif entry.is_dir():
                node = Node("folder", mode=mode)
            else:
                with open(entry.path, "rb") as file:
                    node = Node("file", file.read(), mode)
            self.names[folder, entry.name] = len(self.nodes)
            self.nodes.append(node)
            if node.kind == "folder":
                self._scan(entry.path, self.names[folder, entry.name])

    def look(self, path):
        """(folder, name) of a path below the root; None for one elsewhere."""
        path = os.path.normpath(path)
        if not path.startswith(self.root + "/"):
            return None
        *above, name = path[len(self.root) + 1:].split("/")
        folder = ROOT
        for part in above:
            folder = self.names.get((folder, part))
            if folder is None:
                return None
        return folder, name

    def find(self, path):
        if os.path.normpath(path) == self.root:
            return ROOT
        place = self.look(path)
        return self.names.get(place) if place else None

    def change(self, effects, text):
        for place, node in effects:
            if node is None:
                self.names.pop(place, None)
            else:
                self.names[place] = node
        self.calls.append(Change(tuple(effects), text))

    def make(self, place, node, text):
        self.nodes.append(node)
        self.base_data.append(b"")
        self.change([(place, len(self.nodes) - 1)], text)
        return len(self.nodes) - 1

    def put(self, inode, offset, data, size):
        self.calls.append(Data(inode, offset, data, size))
        self.nodes[inode].data = applied(self.nodes[inode].data, [self.calls[-1]])


def applied(data, calls):
    """The bytes of a file after writes and truncations."""
    for call in calls:
        if call.size is not None:
            data = data[:call.size] + bytes(max(0, call.size - len(data)))
        else:
            data = data + bytes(max(0, call.offset - len(data)))
            data = data[:call.offset] + call.bytes + data[call.offset + len(call.bytes):]
    return data


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


def lines(log):
    """(process, call, arguments, result) of each line, calls in two halves made one."""
    halves = {}
    with open(log) as file:
        for line in file:
            process, rest = line.rstrip("\n").split(None, 1)
            if rest.endswith("<unfinished ...>"):
                halves[process] = rest[:-len("<unfinished ...>")]
                continue
            resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
            if resumed:
                rest = halves.pop(process) + resumed.group(1)
            found = re.match(r"(\w+)\((.*)\)\s+= (-?\d+|\?)", rest)
            if found:
                yield process, *found.groups()


class Recorder:
    """Reads a log of strace's into the calls of a disk."""

    def __init__(self, disk):
        self.disk, self.files = disk, {}

    def path(self, base, text):
        name = os.fsdecode(unhex(text.strip().strip('"')))
        return os.path.join(os.fsdecode(unhex(base.group(1))) if base else self.disk.root, name)

    def file(self, process, argument):
        """[inode, offset, appends] of a descriptor; None for a file elsewhere."""
        number, path = re.match(r"\s*(\d+)(?:<(.*?)>)?", argument).groups()
        path = os.fsdecode(unhex(path)) if path and path.startswith("\\x") else ""
        known = self.files.get((process, number))
        if known is None and path.startswith(self.disk.root):
            inode = self.disk.find(path)
            same = [file for (_, other), file in self.files.items()
                    if other == number and file and file[0] == inode]
            known = same[0] if same else None if inode is None else [inode, 0, False]
        return known

    def read(self, log):
        for process, call, arguments, result in lines(log):
            if result == "?" or int(result) < 0:
                continue
            words = re.findall(r'\[.*\]|"[^"]*"|[^,]+', arguments)
            handler = getattr(self, "on_" + re.sub(r"64$", "", call), None)
            if handler is None:
                raise SystemExit(f"power-cut does not know the call {call}({arguments[:200]})")
            handler(process, words, int(result))

    def on_openat(self, process, words, result):
        base = re.search(r"<(.*?)>", words[0])
        path = self.path(base, words[1])
        flags = words[2] if len(words) > 2 else ""
        self.files.pop((process, str(result)), None)
        place = self.disk.look(path)
        if not place:
            return
        inode = self.disk.find(path)
        if inode is None and "O_CREAT" in flags:
            mode = int(words[3], 8) & ~0o022
            inode = self.disk.make(place, Node("file", mode=mode), f"create {path}")
        elif "O_TRUNC" in flags and inode is not None:
            self.disk.put(inode, 0, b"", 0)
        self.files[process, str(result)] = [inode, 0, "O_APPEND" in flags]

    def on_open(self, process, words, result):
        self.on_openat(process, ["AT_FDCWD", *words], result)

    def on_close(self, process, words, _):
        self.files.pop((process, re.match(r"\d+", words[0]).group()), None)

    def write(self, process, words, offset, data):
        file = self.file(process, words[0])
        if not file or file[0] is None:
            return
        start = offset
        if start is None:
            start = len(self.disk.nodes[file[0]].data) if file[2] else file[1]
            file[1] = start + len(data)
        self.disk.put(file[0], start, data, None)

    def on_write(self, process, words, result):
        if "..." in words[1]:
            raise SystemExit("power-cut: strace cut off what was written")
        self.write(process, words, None, unhex(words[1].strip().strip('"'))[:result])

    def on_pwrite(self, process, words, result):
        self.write(process, words, int(words[3]), unhex(words[1].strip().strip('"'))[:result])

    def on_writev(self, process, words, result):
        data = b"".join(unhex(part) for part in re.findall(r'iov_base="(.*?)"', words[1]))
        self.write(process, words, None, data[:result])

    def on_lseek(self, process, words, result):
        file = self.file(process, words[0])
        if file:
            file[1] = result

    def on_ftruncate(self, process, words, _):
        file = self.file(process, words[0])
        if file:
            self.disk.put(file[0], 0, b"", int(words[1]))

    def on_truncate(self, _, words, __):
        inode = self.disk.find(self.path(None, words[0]))
        if inode is not None:
            self.disk.put(inode, 0, b"", int(words[1]))

    def on_fsync(self, process, words, _):
        file = self.file(process, words[0])
        if file and file[0] is not None:
            self.disk.calls.append(Sync(file[0]))

    on_fdatasync = on_fsync

    def on_mkdirat(self, _, words, __):
        path = self.path(re.search(r"<(.*?)>", words[0]), words[1])
        place = self.disk.look(path)
        if place:
            self.disk.make(place, Node("folder", mode=0o755), f"mkdir {path}")

    def on_mkdir(self, process, words, result):
        self.on_mkdirat(process, ["AT_FDCWD", *words], result)

    def on_unlinkat(self, _, words, __):
        path = self.path(re.search(r"<(.*?)>", words[0]), words[1])
        place = self.disk.look(path)
        if place:
            self.disk.change([(place, None)], f"remove {path}")

    def on_unlink(self, process, words, result):
        self.on_unlinkat(process, ["AT_FDCWD", *words], result)

    on_rmdir = on_unlink

    def on_linkat(self, _, words, __):
        old = self.path(re.search(r"<(.*?)>", words[0]), words[1])
        new = self.path(re.search(r"<(.*?)>", words[2]), words[3])
        place = self.disk.look(new)
        if place:
            self.disk.change([(place, self.disk.find(old))], f"link {new}")

    def on_link(self, process, words, result):
        self.on_linkat(process, ["AT_FDCWD", words[0], "AT_FDCWD", words[1]], result)

    def on_renameat2(self, _, words, __):
        old = self.path(re.search(r"<(.*?)>", words[0]), words[1])
        new = self.path(re.search(r"<(.*?)>", words[2]), words[3])
        one, other = self.disk.look(old), self.disk.look(new)
        if not one or not other:
            return
        exchanged = len(words) > 4 and "RENAME_EXCHANGE" in words[4]
        effects = [(one, self.disk.find(new) if exchanged else None), (other, self.disk.find(old))]
        self.disk.change(effects, f"{'exchange' if exchanged else 'rename'} {old} {new}")

    on_renameat = on_renameat2

    def on_rename(self, process, words, result):
        self.on_renameat2(process, ["AT_FDCWD", words[0], "AT_FDCWD", words[1]], result)


def record(command, folder, log, variables, unsynced):
    """The disk, the calls of a command on it, and its exit status."""
    disk = Disk(folder)
    for name, old in unsynced.items():
        # What an editor wrote and nobody synced yet, as a first call.
        inode, new = disk.find(os.path.join(folder, name)), None
        new, disk.nodes[inode].data = disk.nodes[inode].data, (old or "").encode()
        disk.base_data[inode] = disk.nodes[inode].data
        if old is None:
            del disk.base_names[disk.look(os.path.join(folder, name))]
            disk.change([(disk.look(os.path.join(folder, name)), inode)], f"create {name}")
        disk.put(inode, 0, b"", 0)
        disk.put(inode, 0, new, None)
    done = traced(
        folder, command, log, "-y", "-xx", "-s", "16777216", "-e",
        f"trace=close,{NAMES},{DATA},{SYNCS}", **variables)
    Recorder(disk).read(log)
    check_record(disk, folder)
    return disk, done


def check_record(disk, folder):
    """The record is exact: replayed to its end it gives what is on the real disk."""
    now = Disk(folder)

    def files(one):
        found = {}

        def walk(inode, path):
            for (above, name), child in one.names.items():
                if above == inode:
                    node = one.nodes[child]
                    found[path + name] = node.data if node.kind == "file" else node.kind
                    if node.kind == "folder":
                        walk(child, path + name + "/")
        walk(ROOT, "")
        return found
    recorded, real = files(disk), files(now)
    if recorded != real:
        wrong = [name for name in recorded.keys() | real.keys()
                 if recorded.get(name) != real.get(name)]
        raise SystemExit(f"power-cut: the record is not exact: {sorted(wrong)}")
