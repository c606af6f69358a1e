/* Linux calls that the Swift overlay of glibc does not show, because it is
   built without _GNU_SOURCE. Each is wrapped once, and used by Platform alone. */
#ifndef DOCVC_CPOSIX_SHIM_H
#define DOCVC_CPOSIX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/inotify.h>
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

/* linux/fs.h: RENAME_EXCHANGE */
static inline int docvc_exchange(const char *one, const char *other) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 1u << 1);
}

/* linux/fs.h: RENAME_NOREPLACE */
static inline int docvc_rename_new(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u << 0);
}

/* A descriptor that can be read from when the process has ended; since Linux 5.3. */
static inline int docvc_process_descriptor(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0u);
}

/* fcntl.h: F_SETLEASE is 1024. A write lease is granted only while no other
   descriptor is open on the file. */
static inline int docvc_lease(int descriptor, int kind) {
    return fcntl(descriptor, 1024, kind);
}

#endif
