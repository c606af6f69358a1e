"""What the proofs share: hermetic runs of docvc and Git, scenarios, and the checks.

A scenario is a repository, a command in it, and what each document may be before and after it.
`check` asks, after whatever was done to the command, with plain Git and plain file reads (and
docvc only for drafts, which are its own):

  - each document is whole: its text before or its text after, and no text of anyone is lost;
  - of several documents all have changed, or none has;
  - HEAD is the commit before, or one whose documents, trailers and note are all in place;
  - a command that exited 0 holds: its commit is in HEAD, its draft is there;
  - journals can be read to their last byte by a reader that is not docvc's;
  - `git fsck` is clean, `git status` is as before or as after, and Git can commit;
  - no lock file, temporary file or intent is left;
  - a second ordinary command finds nothing more to do, and a later save works.
"""
import json
import multiprocessing
import os
import re
import shutil
import struct
import subprocess
import tempfile

ENVIRONMENT = {
    "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "a@example.org",
}

OLD = "---\ntitle: Old\n---\nold text\n"
NEW = "---\ntitle: New\n---\nnew text, longer than the old one\n"
OTHER = "unsaved work\n"
SET = OLD.replace("Old", "Set")
AGAIN = OLD.replace("Old", "Again")
ON_DISK = OLD.replace("old text", "text of another writer")
MERGED = ON_DISK.replace("Old", "Set")
A, B, D = "docs/a.md", "docs/b.md", "new/d.md"


class Failed(Exception):
    """A promise that does not hold."""


# MARK: Running

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
        with open(os.path.join(folder, name), newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None


class Options:
    """The arguments of a proof: the program, then flags and options with a number or a word."""

    def __init__(self, arguments, usage):
        self.words = list(arguments)
        self.is_help = not self.words or self.words[0] in ("-h", "--help")
        if self.is_help:
            print(usage)
        else:
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


# MARK: Scenarios

class Scenario:
    """A repository, a command in it, and what each document may be before and after."""

    def __init__(self, name, command, prepare, saved=None, disk=None, draft=None, keeps=None,
                 unsynced=None, goes_on=None, **variables):
        self.name, self.command, self.prepare = name, command, prepare
        # For each document, the pair of its texts before and after: in HEAD, on disk, as draft.
        self.saved, self.disk, self.draft = saved or {}, disk or {}, draft or {}
        # A text that must be on disk, in HEAD, in the draft or retrievable.
        self.keeps = keeps
        # Documents as an editor left them: written, but not yet on the disk when power fails;
        # for each its text before the editor.
        self.unsynced = unsynced or {}
        # What must be possible from either outcome, as a function of docvc and the folder.
        self.goes_on = goes_on
        self.variables = variables

    def arguments(self, folder):
        return self.command(folder) if callable(self.command) else self.command


def base(docvc, folder):
    git(folder, "init", "--quiet", "--initial-branch=main", "--template=")
    write(folder, A, OLD)
    write(folder, B, OLD)
    write(folder, "c.txt", "not a document\n")
    git(folder, "add", "c.txt")
    git(folder, "commit", "--quiet", "-m", "start")
    run(folder, docvc, "save", A, B)


def after(*steps):
    """A preparation: `base`, then texts written `(name, text)` and docvc commands `[…]`."""
    def prepare(docvc, folder):
        base(docvc, folder)
        for step in steps:
            if isinstance(step, list):
                run(folder, docvc, *step)
            elif step[1] is None:
                os.remove(os.path.join(folder, step[0]))
            else:
                write(folder, *step)
    return prepare


def unborn(docvc, folder):
    git(folder, "init", "--quiet", "--initial-branch=main", "--template=")
    write(folder, A, NEW)


def without_notes(docvc, folder):
    after((A, NEW), ["save", A])(docvc, folder)
    git(folder, "update-ref", "-d", "refs/notes/docvc")


def long_history(docvc, folder):
    base(docvc, folder)
    for number in range(40):
        for title in ("Some", "Set"):
            run(folder, docvc, "set", A, f"title={title}", DOCVC_HISTORY_OPERATIONS="200")


def lost_session(docvc, folder):
    after(["set", A, "title=Set"], ["checkpoint", A])(docvc, folder)
    shutil.rmtree(os.path.join(folder, ".git/docvc"))


def candidate(*before, after=()):
    def command(folder):
        refs = git(folder, "for-each-ref", "--format=%(refname)", "refs/docvc")
        return [*before, refs.split()[0].rsplit("/")[-1], *after]
    return command


def schema(number):
    return f"---\n# The summary.\nsummary: number {number}  # kept\ndraft: 'yes'\nold: 1\n---\ntext\n"


def migrated(number):
    return f"---\n# The summary.\ndescription: number {number}  # kept\ndraft: true\n---\ntext\n"


MIGRATED = {f"docs/{number}.md": number for number in range(4)}
UP = {name: (schema(number), migrated(number)) for name, number in MIGRATED.items()}
DOWN = {name: (new, old) for name, (old, new) in UP.items()}
APPLY = ["migrate", "apply", "--yes", "--allow-destructive"]
REVERT = ["migrate", "revert", "--yes"]


def with_migration(docvc, folder):
    base(docvc, folder)
    for name, (text, _) in UP.items():
        write(folder, name, text)
    write(folder, ".docvc/migrations/0001-schema.yaml", """migration: 0001-schema
documents: ["docs/[0-9].md"]
allow-destructive: nothing reads it
operations:
  - rename: { from: summary, to: description }
  - coerce: { key: draft, to: boolean }
  - drop: { key: old }
""")
    run(folder, docvc, "save", *MIGRATED, ".docvc/migrations/0001-schema.yaml")


def with_applied_migration(docvc, folder):
    with_migration(docvc, folder)
    run(folder, docvc, *APPLY)


def migrates(docvc, folder):
    """Applied or not, it can be applied, and what was dropped and renamed comes back."""
    for command, place in ((APPLY, 1), (REVERT, 0)):
        run(folder, docvc, *command)
        for name, texts in UP.items():
            if read(folder, name) != texts[place]:
                raise Failed(f"after a later {' '.join(command)} {name} is {read(folder, name)!r}")


HOOK = ".git/hooks/pre-commit"
OWN_HOOK = "#!/bin/sh\necho ran >>.git/ran\n"


def with_hook(docvc, folder):
    base(docvc, folder)
    write(folder, HOOK, OWN_HOOK)
    os.chmod(os.path.join(folder, HOOK), 0o755)


def keeps_hook(docvc, folder):
    """The hook that was there runs, and deinit gives it back."""
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "hooked")
    if read(folder, ".git/ran") != "ran\n":
        raise Failed(f"the hook that was there ran: {read(folder, '.git/ran')!r}")
    for command in ("init", "deinit"):
        run(folder, docvc, command)
    if read(folder, HOOK) != OWN_HOOK or len(os.listdir(os.path.join(folder, ".git/hooks"))) > 1:
        raise Failed("init and deinit did not give the hook back")


CONFLICT = "---\n{}---\nold text\n".format(
    "<<<<<<< HEAD\ntitle: Ours\n=======\ntitle: Theirs\n>>>>>>> theirs\n")
OURS = OLD.replace("Old", "Ours")


def with_conflict(docvc, folder):
    base(docvc, folder)
    git(folder, "checkout", "--quiet", "-b", "theirs")
    for branch, title in (("theirs", "Theirs"), ("main", "Ours")):
        git(folder, "checkout", "--quiet", branch)
        write(folder, B, OLD.replace("Old", title))
        git(folder, "commit", "--quiet", "--all", "-m", title)
    run(folder, "git", "merge", "theirs", check=False)


def resolves(docvc, folder):
    """Settled or not, it can be settled, and Git can conclude the merge."""
    run(folder, docvc, "resolve", B, "title=ours", check=read(folder, B) == CONFLICT)
    git(folder, "add", B)
    git(folder, "commit", "--quiet", "-m", "merged")
    if committed(folder, B) != OURS:
        raise Failed(f"the settled document is {committed(folder, B)!r}")


BY_SET = ["set", A, "title=Set"]

SCENARIOS = [
    Scenario("save", ["save", A], after((A, NEW)), saved={A: (OLD, NEW)}, disk={A: (NEW, NEW)},
             unsynced={A: OLD}),
    Scenario("save-several", ["save", A, B, D], after((A, NEW), (B, NEW), (D, NEW)),
             saved={A: (OLD, NEW), B: (OLD, NEW), D: (None, NEW)},
             disk={A: (NEW, NEW), B: (NEW, NEW), D: (NEW, NEW)},
             unsynced={A: OLD, B: OLD, D: None}),
    Scenario("save-first", ["save", A], unborn, saved={A: (None, NEW)}, disk={A: (NEW, NEW)},
             unsynced={A: None}),
    Scenario("save-deleted", ["save", "--deleted", A], after((A, None)), saved={A: (OLD, None)},
             disk={A: (None, None)}),
    Scenario("save-draft", ["save", A], after(BY_SET), saved={A: (OLD, SET)},
             disk={A: (OLD, SET)}, draft={A: (SET, SET)}),
    Scenario("save-drafts", ["save", "--all"], after(BY_SET, ["set", B, "title=Set"], (D, NEW)),
             saved={A: (OLD, SET), B: (OLD, SET), D: (None, NEW)},
             disk={A: (OLD, SET), B: (OLD, SET), D: (NEW, NEW)},
             draft={A: (SET, SET), B: (SET, SET)}, unsynced={D: None}),
    Scenario("save-merge", ["save", A, "--on-conflict", "merge"],
             after(BY_SET, (A, ON_DISK)), saved={A: (OLD, MERGED)}, disk={A: (ON_DISK, MERGED)},
             draft={A: (SET, MERGED)}),
    Scenario("overwrite", ["save", A, "--on-conflict", "overwrite"], after(BY_SET, (A, OTHER)),
             saved={A: (OLD, SET)}, disk={A: (OTHER, SET)}, draft={A: (SET, SET)}, keeps=OTHER),
    Scenario("reload", ["save", A, "--on-conflict", "reload"], after(BY_SET, (A, OTHER)),
             saved={A: (OLD, OLD)}, disk={A: (OTHER, OTHER)}, draft={A: (SET, OTHER)}, keeps=SET),
    Scenario("set", BY_SET, after(), saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)},
             draft={A: (OLD, SET)}),
    Scenario("set-again", ["set", A, "title=Again"], after(BY_SET), saved={A: (OLD, OLD)},
             disk={A: (OLD, OLD)}, draft={A: (SET, AGAIN)}),
    Scenario("set-after-undo", ["set", A, "title=Again"], after(BY_SET, ["undo", A]),
             saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)}, draft={A: (OLD, AGAIN)}, keeps=SET),
    Scenario("set-save", [*BY_SET, "--save"], after(), saved={A: (OLD, SET)}, disk={A: (OLD, SET)},
             draft={A: (OLD, SET)}),
    Scenario("undo", ["undo", A], after(BY_SET), saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)},
             draft={A: (SET, OLD)}),
    Scenario("undo-save", ["undo", A, "--save"], after(BY_SET, ["save", A]), saved={A: (SET, OLD)},
             disk={A: (SET, OLD)}, draft={A: (SET, OLD)}),
    Scenario("redo", ["redo", A], after(BY_SET, ["undo", A]), saved={A: (OLD, OLD)},
             disk={A: (OLD, OLD)}, draft={A: (OLD, SET)}),
    Scenario("compaction", ["set", A, "title=Again"], long_history, saved={A: (OLD, OLD)},
             disk={A: (OLD, OLD)}, draft={A: (SET, AGAIN)}, DOCVC_HISTORY_OPERATIONS="2"),
    Scenario("restore", ["restore", A, "--revision", "HEAD~1"], after((A, NEW), ["save", A]),
             saved={A: (NEW, NEW)}, disk={A: (NEW, NEW)}, draft={A: (NEW, OLD)}),
    Scenario("restore-save", ["restore", A, "--revision", "HEAD~1", "--save"],
             after((A, NEW), ["save", A]), saved={A: (NEW, OLD)}, disk={A: (NEW, OLD)},
             draft={A: (NEW, OLD)}),
    Scenario("restore-deleted", ["restore", A, "--revision", "HEAD", "--save"], after((A, None)),
             saved={A: (OLD, OLD)}, disk={A: (None, OLD)}),
    Scenario("checkpoint", ["checkpoint", A], after(BY_SET), saved={A: (OLD, OLD)},
             disk={A: (OLD, OLD)}, draft={A: (SET, SET)}),
    Scenario("recover-checkpoint", candidate("recover", "apply"), lost_session,
             saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)}, draft={A: (OLD, SET)}, keeps=SET),
    Scenario("recover-kept", candidate("recover", "apply"),
             after(BY_SET, ["undo", A], ["set", A, "title=Again"]), saved={A: (OLD, OLD)},
             disk={A: (OLD, OLD)}, draft={A: (AGAIN, SET)}, keeps=SET),
    Scenario("recover-discard", candidate("recover", "discard", after=["--yes"]), lost_session,
             saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)}, draft={A: (OLD, OLD)}, keeps=SET),
    Scenario("notes-rebuild", ["notes", "rebuild"], without_notes, saved={A: (NEW, NEW)},
             disk={A: (NEW, NEW)}),
    Scenario("migrate-apply", APPLY, with_migration, saved=UP, disk=UP, goes_on=migrates),
    Scenario("migrate-revert", REVERT, with_applied_migration, saved=DOWN, disk=DOWN,
             goes_on=migrates),
    Scenario("resolve", ["resolve", B, "title=ours"], with_conflict, saved={A: (OLD, OLD)},
             disk={B: (CONFLICT, OURS)}, goes_on=resolves),
    Scenario("init-hook", ["init"], with_hook, saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)},
             goes_on=keeps_hook),
    Scenario("init", ["init"], base, saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)}),
    Scenario("deinit", ["deinit"], after(["init"]), saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)}),
]


def selected(options):
    """The scenarios that `--only NAME[,NAME…]` names; all without it."""
    only = options.value("--only", None)
    if only is None:
        return SCENARIOS
    names = only.split(",")
    unknown = set(names) - {scenario.name for scenario in SCENARIOS}
    if unknown:
        raise SystemExit(f"no such scenario: {', '.join(sorted(unknown))}")
    return [scenario for scenario in SCENARIOS if scenario.name in names]


# MARK: Checking

CRC_TABLE = []
for number in range(256):
    for _ in range(8):
        number = number >> 1 ^ (0x82F63B78 if number & 1 else 0)
    CRC_TABLE.append(number)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def check_journals(folder):
    """Throws Failed where a journal is not a signature and whole records to its end."""
    signature = b"docvc journal 1\n"
    for root, _, files in os.walk(os.path.join(folder, ".git/docvc/sessions")):
        if "journal" not in files:
            continue
        with open(os.path.join(root, "journal"), "rb") as file:
            data = file.read()
        if not data:
            continue  # made, and killed before anything was written: no session yet
        if not data.startswith(signature):
            raise Failed(f"{root}/journal does not start as a journal does")
        offset = len(signature)
        while offset < len(data):
            if offset + 8 > len(data):
                raise Failed(f"{root}/journal ends in the middle of a record's head")
            length, crc = struct.unpack("<II", data[offset:offset + 8])
            payload = data[offset + 8:offset + 8 + length]
            if len(payload) != length or crc32c(payload) != crc:
                raise Failed(f"{root}/journal has a torn record at {offset}")
            offset += 8 + length


def is_stray(path):
    """Whether the name of a file says that it was not to stay."""
    name = os.path.basename(path)
    if path.startswith(".git/objects/tmp_obj"):
        return False  # an object half written, by Git or libgit2: git gc sweeps it
    return (name.endswith((".lock", ".new")) or name.startswith((".docvc-", "tmp_obj"))
            or path == ".git/docvc/intent" or path.startswith((
                ".git/docvc/locks/", ".git/docvc/objects/")))


def check_strays(folder):
    for root, folders, files in os.walk(folder):
        for name in files:
            path = os.path.relpath(os.path.join(root, name), folder)
            if is_stray(path):
                raise Failed(f"left behind: {path}")


def check_fsck(folder):
    fsck = run(folder, "git", "fsck", "--strict", "--no-dangling", check=False)
    errors = re.sub(rb"notice: .*\n", b"", fsck.stdout + fsck.stderr)
    if fsck.returncode or errors:
        raise Failed(f"git fsck: exit {fsck.returncode} {errors.decode(errors='replace')}")


def head(folder):
    done = run(folder, "git", "rev-parse", "--verify", "--quiet", "HEAD", check=False)
    return done.stdout.decode().strip() or None


def committed(folder, name):
    done = run(folder, "git", "cat-file", "blob", f"HEAD:{name}", check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def draft(docvc, folder, name):
    done = run(folder, docvc, "show", name, check=False)
    if done.returncode not in (0, 66):
        raise Failed(f"docvc show {name}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode() if done.returncode == 0 else None


def kept_texts(folder):
    refs = git(folder, "for-each-ref", "--format=%(refname)", "refs/docvc").split()
    names = [f"{ref}:{name}" for ref in refs for name in ("document", "draft")]
    found = [run(folder, "git", "cat-file", "blob", name, check=False) for name in names]
    return {done.stdout.decode() for done in found if done.returncode == 0}


def check(scenario, docvc, folder, before, acknowledged=False, was_torn=False):
    """Throws Failed where a promise does not hold in a repository that an ordinary command
    has mended.

    `before` is HEAD before the command; `acknowledged`: the command exited 0; `was_torn`: an
    editor's own text need not have reached the disk.
    """
    now = head(folder)
    moved = now != before
    should_move = any(old != new for old, new in scenario.saved.values())
    if acknowledged and should_move and not moved:
        raise Failed("an acknowledged save is lost")
    for name, (old, new) in scenario.saved.items():
        text = committed(folder, name)
        if text != (new if moved else old):
            raise Failed(f"{name} in HEAD is {text!r} ({'after' if moved else 'before'})")
    held = acknowledged or moved
    for name, (old, new) in scenario.disk.items():
        text = read(folder, name)
        if not held and was_torn and name in scenario.unsynced:
            continue
        if text not in ((new,) if held else (old, new)):
            raise Failed(f"{name} on disk is {text!r}, {'saved' if held else 'not saved'}")
    changed = {read(folder, name) == new for name, (old, new) in scenario.disk.items()
               if old != new and name not in scenario.unsynced}
    if len(changed) > 1:
        raise Failed("some documents changed and others did not")
    for name, (old, new) in scenario.draft.items():
        text = draft(docvc, folder, name)
        if text not in ((new,) if held else (old, new)):
            raise Failed(f"the draft of {name} is {text!r}, {'after' if held else 'before'}")
    if moved:
        if before and git(folder, "rev-parse", "HEAD~1").strip() != before:
            raise Failed("HEAD moved by more than one commit")
        git(folder, "notes", "--ref=docvc", "show", "HEAD")
        if "Docvc-Revision: " not in git(folder, "log", "-1", "--format=%B"):
            raise Failed("the commit has no trailers")
        status = git(folder, "status", "--porcelain")
        if status:
            raise Failed(f"saved, but git status says {status!r}")
    elif before and git(folder, "diff", "--cached", "--name-only", "--diff-filter=u"):
        raise Failed("not saved, but something is staged")
    if scenario.keeps is not None:
        texts = {read(folder, name) for name in scenario.disk} | kept_texts(folder)
        texts |= {draft(docvc, folder, name) for name in scenario.draft}
        if scenario.keeps not in texts and run(folder, docvc, "redo", A, check=False).returncode == 0:
            texts.add(draft(docvc, folder, A))
            run(folder, docvc, "undo", A)
        if scenario.keeps not in texts:
            raise Failed("a displaced text is lost")
    check_strays(folder)
    if not moved:
        check_fsck(folder)
    again = run(folder, docvc, "status")
    if b"interrupted" in again.stderr or b"lock" in again.stderr:
        raise Failed(f"a second command still mends: {again.stderr.decode()}")
    if scenario.name != "notes-rebuild" and now:
        run(folder, docvc, "verify")
    if scenario.goes_on is not None:
        scenario.goes_on(docvc, folder)
    check_goes_on(docvc, folder)


def check_goes_on(docvc, folder):
    """Throws Failed where neither Git nor docvc can commit."""
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "Git goes on")
    if read(folder, A) is None:
        write(folder, A, OLD)
    run(folder, docvc, "set", A, "title=Last", "--save", "--on-conflict", "overwrite")
    text = committed(folder, A)
    if "title: Last\n" not in text or text != read(folder, A):
        raise Failed(f"a later save did not do what it said: {text!r}")
    if git(folder, "status", "--porcelain", "--", A):
        raise Failed("a later save left the document changed")
    check_fsck(folder)
    check_journals(folder)
    check_strays(folder)
