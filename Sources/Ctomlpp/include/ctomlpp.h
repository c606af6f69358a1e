#ifndef CTOMLPP_H
#define CTOMLPP_H
int ctomlpp_version(void);
#endif
