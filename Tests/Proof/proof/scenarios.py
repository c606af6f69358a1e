"""The scenarios: repositories, a command in each, and what each document may be after it."""
import os
import shutil
import time

from .running import Failed, committed, git, read, run, write

OLD = "---\ntitle: Old\n---\nold text\n"
NEW = "---\ntitle: New\n---\nnew text, longer than the old one\n"
OTHER = "unsaved work\n"
SET = OLD.replace("Old", "Set")
AGAIN = OLD.replace("Old", "Again")
ON_DISK = OLD.replace("old text", "text of another writer")
MERGED = ON_DISK.replace("Old", "Set")
EVENTS = ".git/docvc/events.ndjson"
A, B, D = "docs/a.md", "docs/b.md", "new/d.md"


class Scenario:
    """A repository, a command in it, and what each document may be before and after."""

    def __init__(self, name, command, prepare, saved=None, disk=None, draft=None, keeps=None,
                 unsynced=None, goes_on=None, is_taken_over=False, **variables):
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
        # Whether the next command makes what this one was given the draft, should it fail.
        self.is_taken_over = is_taken_over
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


def full_event_log(docvc, folder):
    """The next event puts the log aside."""
    base(docvc, folder)
    run(folder, docvc, "set", B, "title=Set")
    lines = read(folder, EVENTS)
    write(folder, EVENTS, lines * ((1 << 20) // len(lines)))


def old_kept_text(docvc, folder):
    """What is kept is past its time, and is looked for."""
    after(BY_SET, (A, OTHER), ["save", A, "--on-conflict", "overwrite"])(docvc, folder)
    os.remove(os.path.join(folder, ".git/docvc/pruned"))
    time.sleep(2)


def three_versions(docvc, folder):
    base(docvc, folder)
    for name, text in (("base", OLD), ("ours", ON_DISK), ("theirs", SET)):
        write(folder, name, text)


def with_commit_hook(docvc, folder):
    with_hook(docvc, folder)
    write(folder, A, NEW)


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
    # HEAD has the drafts already: they go to disk, all or none, and nothing is committed.
    Scenario("save-to-disk", ["save", "--all"],
             after((A, NEW), (B, NEW), ["restore", A, "--revision", "HEAD"],
                   ["restore", B, "--revision", "HEAD"]),
             saved={A: (OLD, OLD), B: (OLD, OLD)}, disk={A: (NEW, OLD), B: (NEW, OLD)},
             draft={A: (OLD, OLD), B: (OLD, OLD)}),
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
    Scenario("save-checkpointed", ["save", A], after(BY_SET, ["checkpoint", A]),
             saved={A: (OLD, SET)}, disk={A: (OLD, SET)}, draft={A: (SET, SET)}),
    Scenario("save-hooked", ["save", A], with_commit_hook, saved={A: (OLD, NEW)},
             disk={A: (NEW, NEW)}),
    Scenario("edit", ["edit", A], three_versions, saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)},
             draft={A: (OLD, SET)}, is_taken_over=True, EDITOR="cp theirs"),
    Scenario("events-full", BY_SET, full_event_log, saved={A: (OLD, OLD)}, disk={A: (OLD, OLD)},
             draft={A: (OLD, SET)}),
    Scenario("prune", ["set", B, "title=Set"], old_kept_text, saved={A: (SET, SET), B: (OLD, OLD)},
             disk={A: (SET, SET), B: (OLD, OLD)}, draft={B: (OLD, SET)}, DOCVC_RETENTION="1s"),
    Scenario("merge-file", ["merge-file", "ours", "base", "theirs"], three_versions,
             saved={A: (OLD, OLD)}, disk={"ours": (ON_DISK, MERGED)}),
    Scenario("merge-driver", ["merge-driver", "base", "ours", "theirs", "7", A], three_versions,
             saved={A: (OLD, OLD)}, disk={"ours": (ON_DISK, MERGED)}),
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
