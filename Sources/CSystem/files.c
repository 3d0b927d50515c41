// File system calls for Content and Stores.
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#else
#include <copyfile.h>
#include <sys/mount.h>
#include <sys/param.h>
#endif

const char *cs_error(void) { return strerror(errno); }
int cs_errno(void) { return errno; }

int cs_open_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

// A FIFO that nobody reads fails with ENXIO, where a plain open would wait for a reader for ever.
static int open_at_once(const char *path, int flags, unsigned mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, mode);
  if (fd < 0) return fd;
  int now = fcntl(fd, F_GETFL);
  if (now >= 0 && fcntl(fd, F_SETFL, now & ~O_NONBLOCK) == 0) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int cs_open_write(const char *path, int exclusive, unsigned mode) {
  return open_at_once(path, exclusive ? O_EXCL : O_TRUNC, mode);
}

int cs_open_draft(const char *path, unsigned mode) {
  return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
}

void cs_set_umask(unsigned mask) { umask(mask); }

int cs_truncate(int fd) { return ftruncate(fd, 0); }

int cs_open_lock(const char *path) { return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666); }

int cs_open_append(const char *path, unsigned mode) {
  return open_at_once(path, O_APPEND | O_NOFOLLOW, mode);
}

void cs_close(int fd) { close(fd); }

ssize_t cs_read(int fd, void *buffer, size_t count) {
  ssize_t n;
  do n = read(fd, buffer, count);
  while (n < 0 && errno == EINTR);
  return n;
}

int cs_write_all(int fd, const void *buffer, size_t count) {
  const char *p = buffer;
  while (count > 0) {
    ssize_t n = write(fd, p, count);
    if (n < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    p += n;
    count -= (size_t)n;
  }
  return 0;
}

int cs_has_writer(const char *path) {
#ifdef __linux__
  int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  // Who opens the file in the moment that the lease is held waits for its end, and we get a signal.
  signal(SIGIO, SIG_IGN);
  int answer = 0;
  if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0) answer = errno == EAGAIN ? 1 : -1;
  else fcntl(fd, F_SETLEASE, F_UNLCK);
  close(fd);
  return answer;
#else
  (void)path;
  return -1;
#endif
}

static void fill(const struct stat *s, cs_stat_t *out) {
  out->device = (uint64_t)s->st_dev;
  out->inode = (uint64_t)s->st_ino;
  out->size = (int64_t)s->st_size;
#ifdef __linux__
  out->mtime = (int64_t)s->st_mtim.tv_sec * 1000000000 + s->st_mtim.tv_nsec;
  out->ctime = (int64_t)s->st_ctim.tv_sec * 1000000000 + s->st_ctim.tv_nsec;
#else
  out->mtime = (int64_t)s->st_mtimespec.tv_sec * 1000000000 + s->st_mtimespec.tv_nsec;
  out->ctime = (int64_t)s->st_ctimespec.tv_sec * 1000000000 + s->st_ctimespec.tv_nsec;
#endif
  out->mode = s->st_mode & 07777;
  out->links = (uint32_t)s->st_nlink;
  out->kind = S_ISREG(s->st_mode) ? 'f' : S_ISDIR(s->st_mode) ? 'd' : S_ISLNK(s->st_mode) ? 'l' : '?';
}

int cs_stat(const char *path, int follow, cs_stat_t *out) {
  struct stat s;
  if ((follow ? stat(path, &s) : lstat(path, &s)) != 0) return -1;
  fill(&s, out);
  return 0;
}

int cs_stat_at(int folder, const char *name, int follow, cs_stat_t *out) {
  struct stat s;
  if (fstatat(folder, name, &s, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return -1;
  fill(&s, out);
  return 0;
}

int cs_fstat(int fd, cs_stat_t *out) {
  struct stat s;
  if (fstat(fd, &s) != 0) return -1;
  fill(&s, out);
  return 0;
}

static int64_t clock_ns(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t cs_file_clock(void) {
#ifdef __linux__
  return clock_ns(CLOCK_REALTIME_COARSE);  // the clock that the kernel stamps files with
#else
  return clock_ns(CLOCK_REALTIME);
#endif
}

int64_t cs_file_clock_tick(void) {
  struct timespec t = {0};
#ifdef __linux__
  clock_getres(CLOCK_REALTIME_COARSE, &t);
#endif
  int64_t tick = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
  return tick > 1000000 ? tick : 1000000;
}

int64_t cs_monotonic(void) { return clock_ns(CLOCK_MONOTONIC); }

static int copy_bytes(int in, int out) {
#ifdef __linux__
  for (;;) {
    ssize_t n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0);
    if (n == 0) return 0;
    if (n < 0) break;  // not here: go on from the current offsets by read and write
  }
#endif
  static const size_t block = 1 << 16;
  char buffer[1 << 16];
  for (;;) {
    ssize_t n = cs_read(in, buffer, block);
    if (n == 0) return 0;
    if (n < 0 || cs_write_all(out, buffer, (size_t)n) != 0) return -1;
  }
}

int cs_copy(const char *from, const char *to, unsigned mode, int masked) {
  int in = cs_open_read(from);
  if (in < 0) return -1;
  int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (out < 0) {
    int e = errno;
    close(in);
    errno = e;
    return -1;
  }
#ifdef __linux__
  int rc = ioctl(out, FICLONE, in) == 0 ? 0 : copy_bytes(in, out);
#else
  int rc = fcopyfile(in, out, NULL, COPYFILE_DATA);
#endif
  if (rc == 0 && !masked) rc = fchmod(out, mode);
  int e = errno;
  close(in);
  if (close(out) != 0 && rc == 0) {
    rc = -1;
    e = errno;
  }
  if (rc != 0) unlink(to);
  errno = e;
  return rc;
}

int cs_syncfs(int fd) {
#ifdef __linux__
  return syncfs(fd);
#else
  return fsync(fd);
#endif
}

int cs_flock(int fd, int wait, int shared) {
  int rc;
  do rc = flock(fd, (shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB));
  while (rc != 0 && errno == EINTR);
  return rc;
}

int cs_times_prove(const char *path) {
  if (cs_is_network_fs(path)) return 0;
#ifdef __linux__
  struct statfs s;
  if (statfs(path, &s) != 0) return 0;
  switch ((unsigned long)s.f_type & 0xFFFFFFFF) {
    case 0x01021994:  // tmpfs
    case 0x858458F6:  // ramfs
    case 0x958458F6:  // hugetlbfs
    case 0x0BD00BD0:  // Lustre
    case 0x47504653:  // GPFS
    case 0x19830326:  // BeeGFS
    case 0x00C36400:  // Ceph
    case 0x5346414F:  // AFS
    case 0x6B414653:  // AFS of the kernel
    case 0x01021997:  // 9p
    case 0x73757245:  // Coda
    case 0xAAD7AAEA:  // PanFS
      return 0;
    default:
      return 1;
  }
#else
  return 1;
#endif
}

int cs_clone(const char *from, const char *to, unsigned mode, int64_t mtime) {
#if defined(__linux__) && defined(FICLONE)
  int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0) return -1;
  int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int rc = out < 0 ? -1 : ioctl(out, FICLONE, in);
  if (rc == 0) rc = cs_seal(out, mode, mtime);
  int error = errno;
  if (out >= 0) {
    close(out);
    if (rc != 0) unlink(to);
  }
  close(in);
  errno = error;
  return rc;
#else
  errno = ENOSYS;
  return -1;
#endif
}

int cs_link_sealed(const char *target, const char *path, int64_t mtime) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                              {.tv_sec = mtime / 1000000000, .tv_nsec = mtime % 1000000000}};
  if (symlink(target, path) != 0) return -1;
  return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int cs_seal_path(const char *path, unsigned mode, int64_t mtime) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                              {.tv_sec = mtime / 1000000000, .tv_nsec = mtime % 1000000000}};
  return utimensat(AT_FDCWD, path, times, 0) != 0 || chmod(path, mode) != 0 ? -1 : 0;
}

int cs_is_network_fs(const char *path) {
  struct statfs s;
  if (statfs(path, &s) != 0) return 0;
#ifdef __linux__
  switch ((unsigned long)s.f_type) {
    case NFS_SUPER_MAGIC:
    case 0xFF534D42:  // CIFS
    case 0xFE534D42:  // SMB2
    case 0x517B:      // SMB
    case 0x65735546:  // FUSE: may be anything, sshfs and virtiofs among them
    case 0x0BD00BD0:  // Lustre
    case 0x47504653:  // GPFS
    case 0x19830326:  // BeeGFS (FhGFS)
    case 0x00C36400:  // Ceph
    case 0x5346414F:  // AFS (OpenAFS)
    case 0x6B414653:  // AFS (kernel)
    case 0x01021997:  // 9p
    case 0x73757245:  // Coda
    case 0x7461636F:  // OCFS2
    case 0x01161970:  // GFS2
    case 0xAAD7AAEA:  // PanFS
    case 0xBACBACBC:  // VMware's shared folders
    case 0x7C7C6673:  // Parallels' shared folders
    case 0xBEEFDEAD:  // StorNext
    case 0x61636673:  // Oracle ACFS
    case 0x786F4256:  // VirtualBox's shared folders
      return 1;
    default:
      return 0;
  }
#else
  return (s.f_flags & MNT_LOCAL) ? 0 : 1;
#endif
}
