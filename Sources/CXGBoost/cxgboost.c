#include "cxgboost.h"
