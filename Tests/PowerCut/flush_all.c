// Preloaded: tells the file system of power_cut.py of a syncfs, which FUSE does not pass on.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int syncfs(int fd) {
  (void)fd;
  const char *path = getenv("POWER_CUT_CONTROL");
  int control = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (control < 0) return -1;
  int answer = fsync(control);
  close(control);
  return answer;
}
