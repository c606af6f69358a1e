#include "ctomlpp.h"

#include <stdexcept>

// toml++ asserts what its own grammar forgets to check (`[=a]`), and without assertions takes
// it for true. A text must not end the process, so a failed assertion is an error like others.
#undef NDEBUG
#define TOML_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : throw std::logic_error("not valid TOML: " #condition))
#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
// As deep as docvc reads any front matter; toml++ parses by recursion.
#define TOML_MAX_NESTED_VALUES 128
#include <toml++/toml.h>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <vector>

struct ctomlpp_document {
    struct entry {
        ctomlpp_kind kind;
        toml::source_position begin;
        const std::string *text;
        size_t start;
    };

    toml::table table;
    std::vector<entry> values;
    std::string error;
    size_t error_offset = 0;
    bool failed = false;
};

namespace {

bool before(const toml::source_position &left, const toml::source_position &right) {
    return left.line != right.line ? left.line < right.line : left.column < right.column;
}

/// Turns positions, which must come in order, into byte offsets. Columns count characters.
class cursor {
  public:
    explicit cursor(std::string_view text) : text(text) {}

    size_t offset(const toml::source_position &position) {
        while (at < text.size() && line < position.line) {
            if (text[at] == '\n') {
                line += 1;
                column = 1;
            }
            at += 1;
        }
        while (at < text.size() && line == position.line && column < position.column) {
            at += 1;
            while (at < text.size() && (text[at] & 0xC0) == 0x80) at += 1;
            column += 1;
        }
        return at;
    }

  private:
    std::string_view text;
    size_t at = 0;
    toml::source_index line = 1;
    toml::source_index column = 1;
};

void collect(const toml::node &node, std::vector<ctomlpp_document::entry> &values) {
    const auto add = [&](ctomlpp_kind kind, const std::string *text = nullptr) {
        values.push_back({kind, node.source().begin, text, 0});
    };
    if (const auto *table = node.as_table()) {
        if (table->is_inline()) add(CTOMLPP_INLINE_TABLE);
        for (const auto &[key, value] : *table) collect(value, values);
    } else if (const auto *array = node.as_array()) {
        // An array of `[[tables]]` stands nowhere in the text as one value.
        const auto *first = array->empty() ? nullptr : array->front().as_table();
        if (!first || first->is_inline()) add(CTOMLPP_ARRAY);
        for (const auto &item : *array) collect(item, values);
    } else if (const auto *string = node.as_string()) {
        add(CTOMLPP_STRING, &string->get());
    } else if (node.is_integer()) {
        add(CTOMLPP_INTEGER);
    } else if (node.is_floating_point()) {
        add(CTOMLPP_FLOAT);
    } else if (node.is_boolean()) {
        add(CTOMLPP_BOOLEAN);
    } else {
        add(CTOMLPP_DATE);
    }
}

/// Puts the values in the order of the text, and finds where each one starts.
void locate(std::string_view text, std::vector<ctomlpp_document::entry> &values) {
    std::stable_sort(values.begin(), values.end(), [](const auto &left, const auto &right) {
        return before(left.begin, right.begin);
    });
    cursor starts(text);
    for (auto &value : values) value.start = starts.offset(value.begin);
}

}  // namespace

extern "C" {

ctomlpp_document *ctomlpp_parse(const char *bytes, size_t length) {
    auto *document = new (std::nothrow) ctomlpp_document;
    if (!document) return nullptr;
    try {
        const std::string_view text(bytes ? bytes : "", length);
        try {
            document->table = toml::parse(text);
            collect(document->table, document->values);
            locate(text, document->values);
        } catch (const toml::parse_error &error) {
            document->failed = true;
            document->error = std::string(error.description());
            document->error_offset = cursor(text).offset(error.source().begin);
        } catch (const std::logic_error &error) {
            // Where, toml++ does not say.
            document->failed = true;
            document->error = error.what();
        }
        return document;
    } catch (...) {
        delete document;
        return nullptr;
    }
}

void ctomlpp_free(ctomlpp_document *document) { delete document; }

const char *ctomlpp_error(const ctomlpp_document *document) {
    return document->failed ? document->error.c_str() : nullptr;
}

size_t ctomlpp_error_offset(const ctomlpp_document *document) { return document->error_offset; }

size_t ctomlpp_count(const ctomlpp_document *document) { return document->values.size(); }

ctomlpp_value ctomlpp_value_at(const ctomlpp_document *document, size_t index) {
    const auto &entry = document->values[index];
    return {
        entry.kind, entry.start, entry.text ? entry.text->data() : nullptr,
        entry.text ? entry.text->size() : 0};
}

}  // extern "C"
