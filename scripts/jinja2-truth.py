#!/usr/bin/env python3
"""Fills in what Python's Jinja2 makes of each case of fixtures/readme-render/jinja2.ndjson.

Usage: jinja2-truth.py DATA.json < cases.ndjson > cases-with-truth.ndjson   (needs: pip install jinja2)
A case is {"name", "mode": "none"|"html", "templates": {name: text}}; rendered is the one called "t".
"lenient" and "strict" become the text under Undefined and StrictUndefined, or null for an error.
"""
import copy
import json
import sys

import jinja2


def truth(case, data, undefined):
    env = jinja2.Environment(
        loader=jinja2.DictLoader(case["templates"]),
        keep_trailing_newline=True,
        autoescape=case["mode"] == "html",
        undefined=undefined,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    try:
        text = env.get_template("t").render(**copy.deepcopy(data))
    except Exception:  # any refusal is one
        return None
    return None if " object at 0x" in text else text


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    for line in sys.stdin:
        case = json.loads(line)
        case["lenient"] = truth(case, data, jinja2.Undefined)
        case["strict"] = truth(case, data, jinja2.StrictUndefined)
        print(json.dumps(case, ensure_ascii=False))


main()
