"""The system calls at which a command changes something, and a place to try each."""
import collections
import os
import re
import shutil

from .running import copy, head, traced

CALLS = (
    "openat,creat,write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,fchmod,fchmodat,chmod,fchown,chown,"
    "fsetxattr,setxattr,symlink,utimensat"
)


class Point(collections.namedtuple("Point", "call number earlier")):
    """The `number`th call of its kind; `earlier` counts the calls of each kind before it."""

    def __str__(self):
        return f"{self.call} {self.number}"

    def when(self, call):
        """The number of the first call of that kind from this point on."""
        return self.earlier.get(call, 0) + 1


def points(folder, command, log, **variables):
    """Every point at which the command changes something, its own answers left out.

    strace(1) counts in each process by itself, and so does this.
    """
    traced(folder, command, log, "-e", "trace=" + CALLS, **variables)
    found, calls = [], collections.defaultdict(collections.Counter)
    with open(log) as file:
        for line in file:
            made = re.match(r"(\d+) +(\w+)\((\d+,)?", line)
            if not made:
                continue
            process, call, descriptor = made.groups()
            earlier = dict(calls[process])
            calls[process][call] += 1
            if descriptor in ("1,", "2,"):
                continue
            if call != "openat" or re.search(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC", line):
                found.append(Point(call, calls[process][call], earlier))
    return list({(point.call, point.number): point for point in found}.values())


class Attempts:
    """A scenario's repository, made once, and copies of it to try something in."""

    def __init__(self, scenario, docvc, work):
        self.scenario, self.docvc, self.work = scenario, docvc, work
        self.template = os.path.join(work, "template")
        shutil.rmtree(self.template, ignore_errors=True)
        os.makedirs(self.template)
        scenario.prepare(docvc, self.template)
        self.before = head(self.template)

    def start(self):
        """A fresh copy, of this process's own."""
        return copy(self.template, os.path.join(self.work, f"try-{os.getpid()}"))

    def command(self, folder):
        return [self.docvc, *self.scenario.arguments(folder)]

    def points(self):
        folder = self.start()
        return points(folder, self.command(folder), folder + ".trace", **self.scenario.variables)

    def run(self, folder, *injections):
        """Runs the command while strace(1) does to it what `injections` say."""
        options = [word for injection in injections for word in ("-e", "inject=" + injection)]
        return traced(folder, self.command(folder), folder + ".trace", "-e", "trace=" + CALLS,
                      *options, **self.scenario.variables)
