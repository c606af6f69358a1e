"""Reads front matter with PyYAML, tomllib and json, for docvc's tests.

Standard input: for each document a line of JSON, {"name", "syntax", "text"}, the text being
what is between the fences. Standard output: for each a line {"name", "error"} or {"name",
"keys"}, the keys being [path, text] pairs in order; a path is a list of keys and positions.
"""
import json
import sys
import tomllib

import yaml


class Loader(yaml.BaseLoader):
    """Every scalar as its text; keys that are there twice kept, aliases not expanded."""


def walk_yaml(node, path, seen, out):
    if isinstance(node, yaml.ScalarNode):
        out.append([path, node.value])
    elif isinstance(node, yaml.SequenceNode):
        out.append([path, "[]"])
        if id(node) in seen:
            return
        seen.add(id(node))
        for index, item in enumerate(node.value):
            walk_yaml(item, path + [index], seen, out)
    else:
        out.append([path, "{}"])
        if id(node) in seen:
            return
        seen.add(id(node))
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                walk_yaml(value, path + [key.value], seen, out)


def walk_plain(value, path, out):
    if isinstance(value, dict):
        out.append([path, "{}"])
        for key, item in value.items():
            walk_plain(item, path + [key], out)
    elif isinstance(value, list):
        out.append([path, "[]"])
        for index, item in enumerate(value):
            walk_plain(item, path + [index], out)
    elif value is None:
        out.append([path, "null"])
    elif isinstance(value, bool):
        out.append([path, "true" if value else "false"])
    elif isinstance(value, (int, float, str)):
        out.append([path, str(value)])
    else:
        out.append([path, value.isoformat()])


def read(syntax, text):
    out = []
    if syntax == "yaml":
        node = yaml.compose(text, Loader=Loader)
        if node is not None:
            walk_yaml(node, [], set(), out)
    elif syntax == "yaml-1.1":
        # With YAML 1.1's types, as most readers of YAML have them.
        for key, value in yaml.safe_load(text).items():
            out.append([[key], f"{type(value).__name__} {value}"])
    elif syntax == "toml":
        # As a file opened in text mode would be read.
        walk_plain(tomllib.loads(text), [], out)
    else:
        walk_plain(json.loads(text, parse_float=str, parse_int=str), [], out)
    return out


for line in sys.stdin:
    request = json.loads(line)
    try:
        keys = read(request["syntax"], request["text"])
        answer = {"name": request["name"], "keys": keys}
    except Exception as error:
        answer = {"name": request["name"], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))
