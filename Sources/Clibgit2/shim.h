#ifndef DOCVC_CLIBGIT2_SHIM_H
#define DOCVC_CLIBGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/merge.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

/* Swift cannot call variadic functions. */
static inline int docvc_libgit2_set_flag(int option, int enabled) {
    return git_libgit2_opts(option, enabled);
}

static inline int docvc_libgit2_cache_up_to(git_object_t type, size_t size) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, type, size);
}

static inline int docvc_libgit2_set_cache_size(ssize_t size) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, size);
}

/* What libgit2 1.5 does not know and need not: docvc reads config.worktree itself, a
   partial clone only lacks objects, and docvc deletes none. */
static inline int docvc_libgit2_allow_extensions(void) {
    const char *names[] = {"worktreeconfig", "partialclone", "preciousobjects", "refstorage"};
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, sizeof names / sizeof *names);
}

#endif
