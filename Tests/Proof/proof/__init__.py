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
from .checks import *
from .points import *
from .running import *
from .scenarios import *
