// The terminal's size, which Swift cannot ask: ioctl has variable arguments.
#include "csystem.h"

#include <sys/ioctl.h>

int cs_terminal_size(int fd, int *columns, int *rows) {
  struct winsize size = {0};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}
