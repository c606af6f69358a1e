"""What is asked after whatever was done to a command."""
import os
import re
import struct

from .running import Failed, committed, git, head, read, run, write
from .scenarios import A, OLD

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


def has_record(data, offset):
    """Whether a whole record of a journal is there."""
    if offset + 8 > len(data):
        return False
    length, crc = struct.unpack("<II", data[offset:offset + 8])
    payload = data[offset + 8:offset + 8 + length]
    return len(payload) == length and crc32c(payload) == crc


def check_journals(folder, was_torn):
    """Throws Failed where a journal is not a signature and whole records to its end; after a power
    cut the last record may be torn, until the journal is next written to."""
    signature = b"docvc journal 1\n"
    for root, _, files in os.walk(os.path.join(folder, ".git/docvc/sessions")):
        if "journal" not in files:
            continue
        with open(os.path.join(root, "journal"), "rb") as file:
            data = file.read()
        if not data:
            continue  # made, and killed before anything was written: no session yet
        if not has_record(data, len(signature)) or not data[:len(signature)].strip(b"\0"):
            continue  # torn while it was first written: no session either
        if not data.startswith(signature):
            raise Failed(f"{root}/journal does not start as a journal does")
        offset = len(signature)
        while offset < len(data):
            if not has_record(data, offset):
                if was_torn:
                    break
                raise Failed(f"{root}/journal has a torn record at {offset}")
            offset += 8 + struct.unpack("<I", data[offset:offset + 4])[0]


def is_stray(path):
    """Whether the name of a file says that it was not to stay."""
    name = os.path.basename(path)
    if path.startswith((".git/objects/tmp_obj", ".git/docvc/hook-index")):
        return False  # half an object, which git gc sweeps; an index for hooks, which a save does
    if re.match(r"\.git/docvc/sessions/[^/]*/edit/", path):
        return False  # an editor's copy, which the next edit takes away
    return (name.endswith((".lock", ".new")) or name.startswith((".docvc-", "tmp_obj"))
            or path == ".git/docvc/intent" or path.startswith((
                ".git/docvc/locks/", ".git/docvc/objects/", ".git/docvc/scratch/")))


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


def check_named_objects(folder):
    """Throws Failed where an object is damaged, or one that something names is missing."""
    fsck = run(folder, "git", "fsck", "--strict", "--no-dangling", check=False)
    missing = re.compile(rb"(notice: |broken link from|\s+to |missing )")
    errors = [line for line in (fsck.stdout + fsck.stderr).splitlines() if not missing.match(line)]
    if errors:
        raise Failed(f"git fsck: {b'; '.join(errors).decode(errors='replace')}")
    git(folder, "rev-list", "--objects", "--all", "--reflog", "--indexed-objects")


def draft(docvc, folder, name):
    done = run(folder, docvc, "show", name, check=False)
    if done.returncode not in (0, 66):
        raise Failed(f"docvc show {name}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode() if done.returncode == 0 else None


def kept_texts(folder):
    refs = git(folder, "for-each-ref", "--format=%(refname)", "refs/docvc").split()
    names = [f"{ref}:{name}" for ref in refs for name in ("document", "draft")]
    found = [run(folder, "git", "cat-file", "blob", name, check=False) for name in names]
    return {done.stdout.decode(errors="replace") for done in found if done.returncode == 0}


def check(scenario, docvc, folder, before, acknowledged=False, was_torn=False, refused=False,
          check_objects=None):
    """Throws Failed where a promise does not hold in a repository that an ordinary command
    has mended.

    `before` is HEAD before the command; `acknowledged`: the command exited 0; `refused`: it said
    that it changed nothing; `was_torn`: an editor's own text need not have reached the disk.
    `check_objects` looks at the repository's objects; `git fsck` is to find nothing without it.
    """
    check_objects = check_objects or check_fsck
    now = head(folder)
    moved = now != before
    should_move = any(old != new for old, new in scenario.saved.values())
    if acknowledged and should_move and not moved:
        raise Failed("an acknowledged save is lost")
    for name, (old, new) in scenario.saved.items():
        text = committed(folder, name)
        if text != (new if moved else old):
            raise Failed(f"{name} in HEAD is {text!r} ({'after' if moved else 'before'})")
    if refused and moved:
        raise Failed("refused, but HEAD moved")
    held = acknowledged or moved

    def allowed(old, new):
        return (new,) if held else (old,) if refused else (old, new)
    for name, (old, new) in scenario.disk.items():
        text = read(folder, name)
        if not held and was_torn and name in scenario.unsynced:
            continue
        if text not in allowed(old, new):
            raise Failed(f"{name} on disk is {text!r}, {'saved' if held else 'not saved'}")
    changed = {read(folder, name) == new for name, (old, new) in scenario.disk.items()
               if old != new and name not in scenario.unsynced}
    if len(changed) > 1:
        raise Failed("some documents changed and others did not")
    for name, (old, new) in scenario.draft.items():
        text = draft(docvc, folder, name)
        if text not in ((old, new) if scenario.is_taken_over else allowed(old, new)):
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
        check_objects(folder)
    again = run(folder, docvc, "status")
    if b"interrupted" in again.stderr or b"lock" in again.stderr:
        raise Failed(f"a second command still mends: {again.stderr.decode()}")
    if b"cannot be read" in again.stderr and not was_torn:
        raise Failed(f"a session is damaged: {again.stderr.decode()}")
    if scenario.name != "notes-rebuild" and now:
        check_verify(docvc, folder, was_torn)
    if scenario.goes_on is not None:
        scenario.goes_on(docvc, folder)
    check_goes_on(docvc, folder, check_objects, was_torn)


def check_verify(docvc, folder, was_torn):
    """Throws Failed where docvc itself finds a problem; but the end of a journal may be torn, which
    is set aside when it is next written to."""
    done = run(folder, docvc, "verify", check=not was_torn)
    problems = [line for line in done.stdout.decode().splitlines()[:-1]
                if "the end of the journal is damaged" not in line]
    if done.returncode > 1 or problems:
        raise Failed(f"docvc verify: exit {done.returncode}: {done.stdout.decode()}")


def check_goes_on(docvc, folder, check_objects, was_torn):
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
    check_objects(folder)
    check_journals(folder, was_torn)
    check_strays(folder)
