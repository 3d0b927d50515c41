#include "cportablemath.h"
