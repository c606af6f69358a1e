/* Linux calls that the Swift overlay of glibc does not show, because it is
   built without _GNU_SOURCE. Each is wrapped once, and used by Platform alone. */
#ifndef DOCVC_CPOSIX_SHIM_H
#define DOCVC_CPOSIX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

extern char **environ;

static inline char **docvc_environment(void) { return environ; }

/* A file without a name, in memory; it is gone when its last descriptor closes. */
static inline int docvc_memory_file(const char *name) {
    return (int)syscall(SYS_memfd_create, name, 1u /* MFD_CLOEXEC */);
}

extern int posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *actions, const char *path);

/* linux/fs.h: RENAME_EXCHANGE and RENAME_NOREPLACE */
enum { DOCVC_RENAME_NEW = 1u << 0, DOCVC_RENAME_EXCHANGE = 1u << 1 };

static inline int docvc_rename(
    int folder, const char *from, int other, const char *to, unsigned flags) {
    return (int)syscall(SYS_renameat2, folder, from, other, to, flags);
}

static inline int docvc_open_at(int folder, const char *name, int flags, mode_t mode) {
    return openat(folder, name, flags, mode);
}

/* fcntl.h shows it only with _GNU_SOURCE: a place in the file system, and no more. */
enum { DOCVC_O_PATH = 010000000 };

/* The folder at an absolute path, of which no part may be a link: one that is fails with ELOOP.
   linux/openat2.h: RESOLVE_NO_SYMLINKS; since Linux 5.6, and not in every sandbox. */
static inline int docvc_pin_at_once(const char *path) {
    struct { uint64_t flags, mode, resolve; } how = {
        DOCVC_O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0x04};
    return (int)syscall(437 /* SYS_openat2 */, AT_FDCWD, path, &how, sizeof how);
}

/* The same, a folder at a time. */
static inline int docvc_pin_by_steps(const char *path) {
    int folder = open("/", DOCVC_O_PATH | O_DIRECTORY | O_CLOEXEC);
    char name[256];
    while (folder >= 0) {
        while (*path == '/') path++;
        if (*path == 0) break;
        size_t length = 0;
        while (path[length] != 0 && path[length] != '/') length++;
        if (length >= sizeof name) {
            close(folder);
            errno = ENAMETOOLONG;
            return -1;
        }
        __builtin_memcpy(name, path, length);
        name[length] = 0;
        path += length;
        int next = openat(folder, name, DOCVC_O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int failure = errno;
        char target;
        if (next < 0 && failure == ENOTDIR && readlinkat(folder, name, &target, 1) >= 0) {
            failure = ELOOP;
        }
        close(folder);
        errno = failure;
        folder = next;
    }
    return folder;
}

/* A descriptor that can be read from when the process has ended; since Linux 5.3. */
static inline int docvc_process_descriptor(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0u);
}

/* Children of children whose parent ends become this process's (prctl(2)). */
static inline int docvc_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
}

/* fcntl.h: F_SETLEASE is 1024, F_SETSIG 10. A write lease is granted only while no other
   descriptor is open on the file. Who opens it while the lease is had is made to wait, and the
   holder is sent a signal: SIGIO, which ends a process that does not expect it, unless another is
   named. SIGURG does nothing by default. */
static inline int docvc_lease(int descriptor, int kind) {
    if (kind != F_UNLCK && fcntl(descriptor, 10, SIGURG) != 0) return -1;
    return fcntl(descriptor, 1024, kind);
}

#endif
