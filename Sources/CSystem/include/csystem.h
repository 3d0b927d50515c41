// What Swift's Glibc module does not show (_GNU_SOURCE, variadics, async-signal-safe code).
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- files -------------------------------------------------------------------------------

/// Text of errno.
const char *cs_error(void);
int cs_errno(void);

/// open(2), close-on-exec, read only. -1 and errno on failure.
int cs_open_read(const char *path);
/// open(2) for writing, created with `mode`; exclusive when `exclusive` is not 0; else truncated.
int cs_open_write(const char *path, int exclusive, unsigned mode);
// Opens a file of this process's making to write, without emptying it or following a link.
int cs_open_draft(const char *path, unsigned mode);
/// Opens a file to write at its end, without following a link.
int cs_open_append(const char *path, unsigned mode);
// Empties an open file.
int cs_truncate(int fd);
/// open(2) read/write, created 0644 when absent, not truncated: for lock files.
int cs_open_lock(const char *path);
void cs_close(int fd);
/// read(2), repeated on EINTR.
ssize_t cs_read(int fd, void *buffer, size_t count);
/// write(2) until all is written. 0, or -1 and errno.
int cs_write_all(int fd, const void *buffer, size_t count);

/// What identifies a version of a file: times in ns since the epoch. `kind`: f, d, l or ?.
typedef struct {
  uint64_t device, inode;
  int64_t size, mtime, ctime;
  uint32_t mode, links;
  char kind;
} cs_stat_t;
/// lstat or stat. 0, or -1 and errno.
int cs_stat(const char *path, int follow, cs_stat_t *out);
int cs_fstat(int fd, cs_stat_t *out);
/// Compares blobs with remembered rows of 72 bytes: digest (32), then device, inode, size, mtime,
/// ctime (8 each, as in cs_stat_t, of this machine's byte order). `folder` holds `ab/<digest>`.
/// The index of the first row that differs, or `count`.
size_t cs_same_blobs(int folder, const unsigned char *rows, size_t count);
/// The clock of file times (CLOCK_REALTIME_COARSE where it exists), ns.
int64_t cs_file_clock(void);
/// The tick of that clock, ns.
int64_t cs_file_clock_tick(void);
/// Whether equal times of a file on that file system prove equal bytes: 1 or 0.
int cs_times_prove(const char *path);
/// A clone by reflink with a mode and an mtime (ns); the target must not exist. -1 where there is no
/// such thing as a reflink, and then no target.
int cs_clone(const char *from, const char *to, unsigned mode, int64_t mtime);
/// Gives a file or folder a mode and an mtime (ns).
int cs_seal_path(const char *path, unsigned mode, int64_t mtime);
/// Makes a symbolic link with an mtime (ns) of its own.
int cs_link_sealed(const char *target, const char *path, int64_t mtime);
/// CLOCK_MONOTONIC, ns.
int64_t cs_monotonic(void);

/// Whether somebody holds the file open for writing: 1, 0, or -1 where that cannot be told (not Linux,
/// a file of somebody else, a network file system).
int cs_has_writer(const char *path);
/// Copies a file by reflink, else copy_file_range, else read/write. The target must not exist; it gets
/// the mode, less the process's mask where it is masked.
int cs_copy(const char *from, const char *to, unsigned mode, int masked);
/// Flushes the file system that holds fd (fsync of fd where syncfs is missing).
int cs_syncfs(int fd);
/// flock: exclusive; wait or not. 0, or -1 and errno (EWOULDBLOCK when held elsewhere).
int cs_flock(int fd, int wait, int shared);
/// 1 if the file system at path is a network one (WAL and flock are not to be trusted there).
int cs_is_network_fs(const char *path);

// ---- files by their names in an open folder (folders.c) ----------------------------------
//
// A name may be a relative path; with an absolute one, or with `cs_anywhere`, the folder does not count.
// Unless it says otherwise each gives 0, or -1 and errno.

#ifdef __APPLE__
enum { cs_anywhere = -2 };  // AT_FDCWD
#else
enum { cs_anywhere = -100 };
#endif

/// Opens a folder; its descriptor, or -1.
int cs_open_folder(const char *path);
/// fstatat(2), following a symbolic link at the end or not.
int cs_stat_at(int folder, const char *name, int follow, cs_stat_t *out);
/// lstat of the blob of 64 hex digits in a folder of such, `ab/<hex>`.
int cs_stat_blob(int shards, const void *hex, cs_stat_t *out);
/// Opens a file to read; its descriptor, or -1.
int cs_open_read_at(int folder, const char *name, int follow);
/// Makes a file, open to write and read; its descriptor, or -1 and EEXIST where anything is at the name.
int cs_create_at(int folder, const char *name, unsigned mode);
int cs_mkdir_at(int folder, const char *name);
int cs_unlink_at(int folder, const char *name);
/// Renames; without `replace` fails with EEXIST where anything is at the new name, and with EINVAL or
/// ENOSYS where the system cannot say so.
int cs_rename_at(int from, const char *name, int to, const char *new_name, int replace);
/// A hard link under a new name.
int cs_link_at(int from, const char *name, int to, const char *new_name);
/// Calls `each` for every entry of a folder but . and .., in no order, with what lstat says of it; a
/// non-zero answer ends the walk.
int cs_walk(int parent, const char *name, void *context,
            int (*each)(void *context, const char *name, const cs_stat_t *status));
/// Copies at most so many bytes from where one open file is read to where another one is written; how
/// many, 0 at the end, or -1 and errno.
ssize_t cs_copy_block(int from, int to, size_t count);
/// Gives an open empty file the bytes of another one by reflink.
int cs_clone_into(int from, int to);

/// How many cores this process may use.
int cs_cores(void);
/// Whether this processor computes SHA-256 by instructions of its own: 1 or 0, or -1 where that is not
/// known.
int cs_has_sha_extensions(void);

// ---- processes ---------------------------------------------------------------------------

typedef struct {
  const char *path;           // executable, absolute
  const char *const *argv;    // NULL terminated
  const char *const *envp;    // NULL terminated, the whole environment
  const char *cwd;            // NULL: unchanged
  int in_fd, out_fd, err_fd;  // -1: /dev/null
  int extra_fd;               // becomes fd 3 in the child; -1: none
  int ruleset_fd;             // Landlock ruleset that confines the child before exec; -1: none
  int new_group;              // 1: the child leads a process group of its own
  int death_signal;           // sent to the child when its parent thread ends; 0: none
  int supervise;              // 1: a small supervisor in between kills every descendant at the end
  int grace_ms;               // the supervisor's patience between SIGTERM and SIGKILL
} cs_spawn_t;

/// Starts a child; its pid, or -1 with errno and *stage: 's' spawn, 'c' chdir, 'l' confinement,
/// 'e' exec. The calling thread must live as long as the child (PR_SET_PDEATHSIG).
///
/// With `supervise` the pid is the supervisor's; it ends as the child ended, after the last
/// descendant. SIGTERM to it is passed on and becomes SIGKILL after the grace; SIGQUIT kills at
/// once; SIGKILL would leave descendants that left the child's group. SIGTSTP stops the child's group
/// and SIGCONT lets it go on. Its parent's death is a SIGTERM. Only on Linux; elsewhere the field is ignored.
pid_t cs_spawn(const cs_spawn_t *spec, char *stage);
/// pidfd_open, or -1 (then poll by time).
int cs_pidfd(pid_t pid);
int cs_pipe(int fds[2]);
int cs_set_nonblocking(int fd);
/// poll on up to 8 descriptors: bit i of the answer is set when fds[i] is readable or hung up.
/// Negative descriptors are skipped; timeout -1 waits for ever; -1 and errno on failure.
int cs_poll(const int *fds, int count, int timeout_ms);
/// waitpid. Answers: 0 still running (only with nohang), 1 ended; *code exit code or -signal.
int cs_wait(pid_t pid, int nohang, int *code, int64_t *peak_rss_bytes, double *cpu_seconds);
int cs_kill_group(pid_t pid, int signal);
int cs_kill(pid_t pid, int signal);
/// An open, nameless file holding these bytes, at its start: a child's input that needs no feeding.
int cs_input_file(const void *bytes, size_t count);
/// Like cs_write_all, but a reader that has gone is -1 with EPIPE, never a SIGPIPE.
int cs_write_pipe(int fd, const void *buffer, size_t count);
/// On SIGTERM, SIGINT or SIGHUP this process kills its whole process group with SIGKILL, or only
/// itself when it does not lead the group (started by hand from a script).
void cs_die_with_group(void);
/// Catches SIGINT, SIGTERM and SIGHUP: the handler writes the number to the pipe whose read end
/// is returned, and a second one of them ends the process at once. -1 and errno on failure.
/// One that the caller's parent ignores (nohup) stays ignored.
int cs_catch_signals(void);
/// Lets SIGTSTP (Ctrl-Z), too, be told through that pipe instead of stopping this process. 0, or -1.
int cs_catch_stop(void);
/// Stops this process as SIGTSTP does; returns when it goes on.
void cs_stop_self(void);
/// Sends a signal to every child of this process; async-signal-safe.
void cs_signal_children(int signal);
/// Ends by that signal with the default action, as a shell expects.
void cs_die_by(int signal);
/// The path of the running executable (valid until this thread asks again), or NULL. It ends in
/// " (deleted)" when the file was replaced meanwhile; "/proc/self/exe" starts the old one still.
///
/// In a bundle it is the program's, though the kernel knows the loader that was told to load it.
const char *cs_self_path(void);
/// The folder that holds the running program with the loader and libraries that it came with, as
/// `runtime/ld-...` and `libexec/atelier` (valid until this thread asks again); NULL where the system's
/// loader serves it.
const char *cs_bundle(void);
/// How many words this process was started with, its own name among them.
int cs_argument_count(void);
/// One of them, from 0; NULL beyond.
const char *cs_argument(int index);
extern char **environ;
const char *const *cs_environ(void);

// ---- confinement -------------------------------------------------------------------------

/// The Landlock ABI of this kernel; 0 where there is none.
int cs_landlock_abi(void);
/// Whether the kernel can filter system calls: 1 or 0.
int cs_can_filter(void);
/// Refuses this thread and its children every socket but those of AF_UNIX, for good. 0, or -1.
int cs_refuse_sockets(void);
/// Makes a folder read-only for this process and its children, also for root and for chmod: a mount
/// that only they see. Other folders are shown in places within it. 0, or -1 where the kernel does not
/// let this user.
int cs_protect_folder(const char *path, const char *const *sources, const char *const *targets,
                      int count);
/// After that: shows a folder with all that is mounted in it under another name, too, and works there.
int cs_show_folder(const char *path, const char *name);
/// What files are made with by this process and its children.
void cs_set_umask(unsigned mask);
/// Whether a process that this one starts could protect a folder: 1 or 0.
int cs_can_mount(const char *folder);
/// Gives up every capability that lets root pass over the modes of files or into other processes.
/// 0, or -1.
int cs_drop_capabilities(void);
/// A new ruleset that handles every file right of this kernel; -1 and errno on failure.
int cs_landlock_begin(void);
/// Allows beneath path: mode 'r' read, 'x' read and execute, 'w' everything. 0, or -1 and errno.
int cs_landlock_allow(int ruleset, const char *path, char mode);
/// Confines this thread and all children from now on.
int cs_landlock_enforce(int ruleset);

// ---- the program's own streams -----------------------------------------------------------

/// What comes first in a program: descriptors 0 to 2 that its parent closed are opened, to read nothing
/// and to refuse every write, and SIGXFSZ is ignored.
void cs_prepare_process(void);
/// Gives a close-on-exec duplicate of stdout and lets stdout go where stderr goes. -1 on failure.
int cs_take_over_stdout(void);
/// 1 if the descriptor is a terminal.
int cs_is_terminal(int fd);
/// The size of a terminal in character cells; 0 where it is not known. 0, or -1 and errno.
int cs_terminal_size(int fd, int *columns, int *rows);
/// Ends the process without running destructors that other threads may still need.
void cs_exit(int code) __attribute__((noreturn));
/// realpath(3): a new string for cs_free, or NULL.
char *cs_realpath(const char *path);
void cs_free(void *pointer);
int cs_rename(const char *from, const char *to);
int cs_unlink(const char *path);

// ---- stores (store.c) --------------------------------------------------------------------

/// Calls `each` for every entry of a folder but . and .., in no order; a non-zero answer ends the
/// walk. 0, or -1 and errno.
int cs_list(const char *path, void *context, int (*each)(void *context, const char *name));
/// Removes a file or a whole folder, never following a symlink; absent is fine. 0, or -1 and errno.
int cs_remove_tree(const char *path);
/// Sets the mode and the modification time (ns since the epoch) of an open file.
int cs_seal(int fd, unsigned mode, int64_t mtime);
int cs_fsync(int fd);
/// Gives up a flock, also where a child between fork and exec still has a copy of the descriptor.
void cs_unlock(int fd);
/// Locks one byte of an open file against all other open files of this machine, without waiting;
/// the file need not be that long. 0, or 1 when the byte is locked elsewhere, or -1 and errno.
int cs_lock_byte(int fd, int64_t place);
void cs_unlock_byte(int fd, int64_t place);
/// A hard link to the file at `path`. 0, or -1 and errno.
int cs_link(const char *path, const char *new_path);
int cs_set_mode(int fd, unsigned mode);
/// How many entries a folder has, and its mode. -1 where there is no folder (but a symlink to one,
/// say), or one with extended attributes, such as access control lists that new files inherit.
int cs_entries(const char *path, unsigned *mode);
/// Reads a file to its end on a thread of its own, a few blocks ahead of `each`, which is called on
/// this thread; a non-zero answer ends the reading. That thread also writes what it reads to `copy`,
/// unless that is negative. 0, or -1 and errno; *writing says whether it was the copy that failed.
int cs_read_ahead(int fd, int copy, size_t block, int *writing, void *context,
                  int (*each)(void *context, const void *bytes, size_t count));
/// CLOCK_REALTIME, ns since the epoch.
int64_t cs_wall_clock(void);
/// Runs body(context) on a new detached thread with every signal blocked. 0, or an errno.
int cs_thread(void (*body)(void *context), void *context);
/// The real user's number.
unsigned cs_user(void);
/// Writes the machine's name into a buffer. 0, or -1 and errno.
int cs_host_name(char *buffer, size_t count);
