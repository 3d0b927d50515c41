// A folder that nobody can change, not even by chmod: a read-only mount in a name space of its own.
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t written = write(fd, text, strlen(text));
  close(fd);
  return written < 0 ? -1 : 0;
}

/// A name space of mounts and of shared memory; one of users around it for who may not make it else, with the same user.
static int separate(void) {
  if (unshare(CLONE_NEWNS | CLONE_NEWIPC) == 0) return 0;
  unsigned user = geteuid(), group = getegid();
  if (errno != EPERM || unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC) != 0) return -1;
  char map[64];
  put("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "%u %u 1", user, user);
  if (put("/proc/self/uid_map", map) != 0) return -1;
  snprintf(map, sizeof map, "%u %u 1", group, group);
  return put("/proc/self/gid_map", map);
}

static int read_only(const char *path) {
  return mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
}

int cs_protect_folder(const char *path, const char *const *sources, const char *const *targets,
                      int count) {
  if (separate() != 0) return -1;
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
  if (mount(path, path, NULL, MS_BIND, NULL) != 0) return -1;
  for (int i = 0; i < count; i++)
    if (mount(sources[i], targets[i], NULL, MS_BIND, NULL) != 0 || read_only(targets[i]) != 0) return -1;
  return read_only(path);
}

int cs_show_folder(const char *path, const char *name) {
  if (mkdir(name, 0755) != 0 && errno != EEXIST) return -1;
  struct stat status;
  if (lstat(name, &status) != 0 || !S_ISDIR(status.st_mode)) return -1;
  if (mount(path, name, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
  return chdir(name);
}

int cs_can_mount(const char *folder) {
  pid_t pid = fork();
  if (pid == 0) _exit(cs_protect_folder(folder, NULL, NULL, 0) == 0 ? 0 : 1);
  int status = 1;
  if (pid < 0) return 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
#else
int cs_protect_folder(const char *path, const char *const *sources, const char *const *targets,
                      int count) {
  (void)path, (void)sources, (void)targets, (void)count;
  errno = ENOSYS;
  return -1;
}

int cs_show_folder(const char *path, const char *name) {
  (void)path, (void)name;
  errno = ENOSYS;
  return -1;
}

int cs_can_mount(const char *folder) {
  (void)folder;
  return 0;
}
#endif
