/*
 * The walls around `bahid run`.  Called by run.c once the settings are read
 * and before anything is opened: threads inherit them, nothing takes them
 * down.  A list of what is allowed, so that a new system call is refused; a
 * refusal is EPERM and a line of the kernel's log, not a death, since a
 * library may merely try.  What no part of us ever tries is a death.
 */
#include "bahid/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bahid/options.h"
#include "core/log.h"

/* ---- system calls ----------------------------------------------------- */

static const char *const allowed[] = {
	/* files */
	"access", "chmod", "close", "close_range", "copy_file_range",
	"creat", "dup", "dup2", "dup3", "faccessat", "faccessat2",
	"fadvise64", "fallocate", "fchmod", "fchmodat", "fchown", "fcntl",
	"fdatasync", "flock", "fstat", "fstatfs", "fsync", "ftruncate",
	"getcwd", "getdents64", "link", "linkat", "lseek", "lstat",
	"memfd_create", "mkdir", "mkdirat", "newfstatat", "open", "openat",
	"pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2",
	"read", "readlink", "readlinkat", "readv", "rename", "renameat",
	"renameat2", "rmdir", "sendfile", "splice", "stat", "statfs",
	"statx", "sync_file_range", "truncate", "umask", "unlink",
	"unlinkat", "utimensat", "write", "writev",
	/* waiting and telling */
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait",
	"eventfd2", "futex", "inotify_add_watch", "inotify_init1",
	"inotify_rm_watch", "pipe2", "poll", "ppoll", "pselect6", "select",
	"signalfd4", "timerfd_create", "timerfd_settime",
	/* memory */
	"brk", "madvise", "mincore", "mlock", "mlock2", "mremap", "munlock",
	"munmap",
	/* who, when, how many */
	"clock_getres", "clock_gettime", "clock_nanosleep", "getegid",
	"geteuid", "getgid", "getgroups", "getpgrp", "getpid", "getppid",
	"getrandom", "getrlimit", "getrusage", "gettid", "gettimeofday",
	"getuid", "nanosleep", "prlimit64", "sysinfo", "time", "times",
	"uname",
	/* the network */
	"accept", "accept4", "bind", "connect", "getpeername",
	"getsockname", "getsockopt", "listen", "recvfrom", "recvmmsg",
	"recvmsg", "sendmmsg", "sendmsg", "sendto", "setsockopt",
	"shutdown", "socketpair",
	/* threads and signals */
	"exit", "exit_group", "get_robust_list", "membarrier", "restart_syscall",
	"rseq", "rt_sigaction", "rt_sigpending", "rt_sigprocmask",
	"rt_sigreturn", "rt_sigtimedwait", "sched_getaffinity",
	"sched_getparam", "sched_getscheduler", "sched_yield",
	"set_robust_list", "setpriority", "sigaltstack",
};

/* Nobody of ours asks for these, not even in vain. */
static const char *const deadly[] = {
	"acct", "add_key", "bpf", "chroot", "delete_module", "execveat",
	"finit_module", "init_module", "io_uring_setup", "kexec_file_load",
	"kexec_load", "keyctl", "mount", "move_mount", "open_by_handle_at",
	"perf_event_open", "pivot_root", "process_vm_readv",
	"process_vm_writev", "ptrace", "reboot", "request_key", "setns",
	"swapon", "umount2", "unshare", "userfaultfd",
};

static bool
add_names(scmp_filter_ctx filter, uint32_t action, const char *const *names,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		/* of another machine: there is nothing to allow */
		if (number == __NR_SCMP_ERROR)
			continue;
		if (seccomp_rule_add(filter, action, number, 0) != 0)
			return false;
	}
	return true;
}

/* When that argument is so. */
static bool
allow_if(scmp_filter_ctx filter, int call, unsigned argument,
    enum scmp_compare how, scmp_datum_t a, scmp_datum_t b)
{
	const struct scmp_arg_cmp compare = { argument, how, a, b };

	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1,
	    &compare) == 0;
}

static bool
add_sockets(scmp_filter_ctx filter)
{
	/* netlink: the resolver asks which addresses we have */
	static const scmp_datum_t families[] = { AF_UNIX, AF_INET, AF_INET6,
		AF_NETLINK };

	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (!allow_if(filter, SCMP_SYS(socket), 0, SCMP_CMP_EQ,
		    families[i], 0))
			return false;
	return true;
}

static bool
add_ioctls(scmp_filter_ctx filter)
{
	static const scmp_datum_t requests[] = { TCGETS, TCSETS,
		TCSETSW, TCSETSF, FIONREAD, FIONBIO, FIOCLEX };

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		if (!allow_if(filter, SCMP_SYS(ioctl), 1, SCMP_CMP_EQ,
		    requests[i], 0))
			return false;
	return true;
}

/* A thread, never a process; clone3, whose flags no filter can see, is not
 * there, and the C library then takes clone. */
static bool
add_threads(scmp_filter_ctx filter)
{
	const scmp_datum_t thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
	const scmp_datum_t us = (scmp_datum_t)getpid();

	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
	    SCMP_SYS(clone3), 0) == 0 &&
	    allow_if(filter, SCMP_SYS(clone), 0, SCMP_CMP_MASKED_EQ, thread,
	    thread) &&
	    allow_if(filter, SCMP_SYS(tgkill), 0, SCMP_CMP_EQ, us, 0) &&
	    allow_if(filter, SCMP_SYS(kill), 0, SCMP_CMP_EQ, us, 0) &&
	    allow_if(filter, SCMP_SYS(prctl), 0, SCMP_CMP_EQ, PR_SET_NAME, 0);
}

/* Memory is written or run, not both, and does not become what is run. */
static bool
add_memory(scmp_filter_ctx filter)
{
	return allow_if(filter, SCMP_SYS(mmap), 2, SCMP_CMP_MASKED_EQ,
	    PROT_EXEC, 0) &&
	    allow_if(filter, SCMP_SYS(mmap), 2, SCMP_CMP_MASKED_EQ,
	    PROT_WRITE, 0) &&
	    allow_if(filter, SCMP_SYS(mprotect), 2, SCMP_CMP_MASKED_EQ,
	    PROT_EXEC, 0);
}

static bool
filter_calls(struct err *e)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = filter != NULL &&
	    seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1) == 0 &&
	    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
	    add_names(filter, SCMP_ACT_ALLOW, allowed,
	    sizeof allowed / sizeof *allowed) &&
	    add_names(filter, SCMP_ACT_KILL_PROCESS, deadly,
	    sizeof deadly / sizeof *deadly) &&
	    add_sockets(filter) && add_ioctls(filter) &&
	    add_threads(filter) && add_memory(filter) &&
	    seccomp_load(filter) == 0;

	if (filter != NULL)
		seccomp_release(filter);
	return ok || err_set(e, ERR_SYSTEM, "seccomp: no filter; "
	    "`sandbox = no` does without");
}

/* ---- files ------------------------------------------------------------ */

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define WRITES (LANDLOCK_ACCESS_FS_WRITE_FILE | \
	LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | \
	LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
	LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

struct walls {
	int fd;
	uint64_t writes;
};

static bool
may_write(const struct walls *walls, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = access };
	bool ok;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return false;
	ok = syscall(SYS_landlock_add_rule, walls->fd,
	    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
	close(beneath.parent_fd);
	return ok;
}

/* Beneath the folder that a setting names, or that its file is in; what is
 * not there yet will be made in the nearest that is. */
static void
open_door(const struct walls *walls, const char *path)
{
	char *copy = realpath(path, NULL), *at;
	struct stat st;

	if (copy == NULL && (copy = strdup(path)) == NULL)
		bug("out of memory");
	at = copy;
	while (stat(at, &st) != 0 || !S_ISDIR(st.st_mode))
		at = dirname(at);
	/* a setting with a mistake must not open everything */
	if (strcmp(at, "/") != 0 && !may_write(walls, at, walls->writes))
		log_line(LOG_WARN, "sandbox.path", "path=%s", at);
	free(copy);
}

/* Is it only ever read? */
static bool
read_only(const char *name)
{
	static const char *const names[] = { "rules", "schemes", "polls",
		"targets",
		"privacy", "key", "audit_key", "alert_ca", "backup_key",
		"backup_seal",
		"alert_smtp_secret", "alert_webhook_secret" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return strncmp(name, "tls_", 4) == 0;
}

/* Reading is left to users and modes: authorities, zones and what the
 * resolver needs are all over the system. */
static bool
confine_files(const struct options *options, struct err *e)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = WRITES |
	    LANDLOCK_ACCESS_FS_EXECUTE };
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct walls walls = { -1, WRITES };
	bool ok;

	if (version < 2) {	/* the first could not rename across folders */
		log_line(LOG_INFO, "sandbox.no_landlock", "version=%ld",
		    version);
		return true;
	}
	if (version >= 3) {
		attr.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
		walls.writes |= LANDLOCK_ACCESS_FS_TRUNCATE;
	}
	walls.fd = (int)syscall(SYS_landlock_create_ruleset, &attr,
	    sizeof attr.handled_access_fs, 0);
	ok = walls.fd >= 0;
	for (size_t i = 0; ok && i < n_bahid_options; i++) {
		const struct option_info *info = &bahid_options[i];
		const char *path = options_text(options, info->name);

		/* backups go to a folder, or to a server */
		if ((info->kind == OPTION_PATH ||
		    (strcmp(info->name, "backup_to") == 0 &&
		    strstr(path, "://") == NULL)) &&
		    path[0] != '\0' && !read_only(info->name))
			open_door(&walls, path);
	}
	/* where a passphrase is asked for */
	ok = ok && (may_write(&walls, "/dev/tty",
	    LANDLOCK_ACCESS_FS_WRITE_FILE) || errno == ENOENT);
	ok = ok && syscall(SYS_landlock_restrict_self, walls.fd, 0) == 0;
	if (walls.fd >= 0)
		close(walls.fd);
	return ok || err_set(e, ERR_SYSTEM, "landlock: %s; `sandbox = no` "
	    "does without", strerror(errno));
}

/* ---- both ------------------------------------------------------------- */

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSTRUMENTED true
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED false
#endif

bool
sandbox_enter(const struct options *options, struct err *e)
{
	if (INSTRUMENTED ||
	    strcmp(options_text(options, "sandbox"), "no") == 0) {
		log_line(LOG_WARN, "sandbox.off", "why=%s", INSTRUMENTED ?
		    "sanitizers" : "settings");
		return true;
	}
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(e, ERR_SYSTEM, "prctl: %s", strerror(errno));
	return confine_files(options, e) && filter_calls(e);
}
