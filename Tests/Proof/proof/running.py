"""Hermetic runs of docvc and Git, and what a proof needs to try many things and count them."""
import multiprocessing
import os
import shutil
import subprocess
import tempfile

ENVIRONMENT = {
    "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "a@example.org",
}


class Failed(Exception):
    """A promise that does not hold."""


def run(folder, *command, check=True, **variables):
    environment = dict(ENVIRONMENT, HOME=folder, **variables)
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(command)}: exit {done.returncode}: "
                     f"{(done.stderr + done.stdout).decode(errors='replace')[:600]}")
    return done


def git(folder, *arguments, **options):
    return run(folder, "git", *arguments, **options).stdout.decode()


def traced(folder, command, log, *options, **variables):
    """Runs a command under strace(1); the log has one line a system call."""
    environment = dict(ENVIRONMENT, HOME=folder, **variables)
    return subprocess.run(
        ["strace", "-f", "-qq", "-o", log, *options, *command],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)


def work_folder(name):
    """A folder for what a proof tries: in memory where there is such a place, since what is
    proven is the order of system calls and not the speed of a disk."""
    memory = "/dev/shm"
    place = memory if os.path.isdir(memory) and os.access(memory, os.W_OK) else None
    return os.path.realpath(tempfile.mkdtemp(prefix=f"docvc-{name}-", dir=place))


def copy(template, folder):
    shutil.rmtree(folder, ignore_errors=True)
    # Hard links would make documents that docvc refuses to replace.
    subprocess.run(["cp", "-a", template, folder], check=True)
    return folder


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", newline="") as file:
        file.write(text)


def read(folder, name):
    try:
        # What a power cut garbled is not UTF-8.
        with open(os.path.join(folder, name), newline="", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return None


def head(folder):
    done = run(folder, "git", "rev-parse", "--verify", "--quiet", "HEAD", check=False)
    return done.stdout.decode().strip() or None


def committed(folder, name):
    done = run(folder, "git", "cat-file", "blob", f"HEAD:{name}", check=False)
    return done.stdout.decode() if done.returncode == 0 else None


class Options:
    """The arguments of a proof: the program, unless the proof builds what it runs, then flags and
    options with a number or a word."""

    def __init__(self, arguments, usage, takes_program=True):
        self.words = list(arguments)
        first = self.words[0] if self.words else "--help" if takes_program else ""
        self.is_help = first in ("-h", "--help")
        if self.is_help:
            print(usage)
        elif takes_program:
            self.docvc = os.path.abspath(self.words.pop(0))

    def flag(self, name):
        return name in self.words

    def value(self, name, default):
        if name not in self.words:
            return default
        word = self.words[self.words.index(name) + 1]
        return type(default)(word) if default is not None else word

    @property
    def jobs(self):
        return self.value("--jobs", os.cpu_count() or 1)


TASK = None


def try_item(number):
    function, items = TASK
    return function(items[number])


def each(function, items, jobs):
    """`function` of every item, in several processes; the answers in no order."""
    global TASK
    if jobs <= 1 or len(items) <= 1:
        yield from map(function, items)
        return
    # The processes are forks: they have the function and the items, whatever those hold.
    TASK = (function, items)
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(try_item, range(len(items)))


class Tally:
    """What was tried and what failed; the last line is for `all` and for the tests."""

    def __init__(self):
        self.passed = self.failed = 0

    def add(self, problem):
        if problem is None:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {problem}", flush=True)

    def conclude(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0
