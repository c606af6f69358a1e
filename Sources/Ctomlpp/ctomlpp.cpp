#include "ctomlpp.h"
#include <toml++/toml.h>
int ctomlpp_version(void) { return TOML_LIB_MAJOR; }
