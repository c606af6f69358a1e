/// A C face on toml++: the values of a TOML text, each with its place.
#ifndef CTOMLPP_H
#define CTOMLPP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a value is.
typedef enum ctomlpp_kind {
    CTOMLPP_STRING,
    CTOMLPP_INTEGER,
    CTOMLPP_FLOAT,
    CTOMLPP_BOOLEAN,
    CTOMLPP_DATE,
    CTOMLPP_ARRAY,
    CTOMLPP_INLINE_TABLE,
} ctomlpp_kind;

/// A value that stands in the text: a scalar, an array in brackets, a table in braces.
typedef struct ctomlpp_value {
    ctomlpp_kind kind;
    /// Its first byte, from the start of the text.
    size_t start;
    /// A string's content; null for every other kind. Lives as long as the document.
    const char *text;
    size_t length;
} ctomlpp_value;

/// A parsed text, or the reason why it is none.
typedef struct ctomlpp_document ctomlpp_document;

/// Parses a text. Returns null only when there is no memory; never throws.
ctomlpp_document *ctomlpp_parse(const char *text, size_t length);

/// Frees what `ctomlpp_parse` returned; null is allowed.
void ctomlpp_free(ctomlpp_document *document);

/// The reason why the text is not TOML, or null when it is.
const char *ctomlpp_error(const ctomlpp_document *document);

/// Where the text stops being TOML, in bytes from its start.
size_t ctomlpp_error_offset(const ctomlpp_document *document);

/// How many values there are.
size_t ctomlpp_count(const ctomlpp_document *document);

/// A value; they are in the order of the text, an array before what is in it.
ctomlpp_value ctomlpp_value_at(const ctomlpp_document *document, size_t index);

#ifdef __cplusplus
}
#endif

#endif
