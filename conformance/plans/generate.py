"""The numbering plans and their cases; see `generate`."""

import json
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType
from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE as REGIONS

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "core/src/user_data/phone/plans.tsv"
CASES = ROOT / "conformance/identifiers/plans.ndjson"

# The kinds of numbers of which a valid one is one.
KINDS = (
    "fixed_line mobile toll_free premium_rate shared_cost personal_number voip pager uan voicemail"
).split()

HEAD = f"""\
# The numbering plans of the world's countries, as far as a number is completed by them.
# Written by conformance/plans/generate from the metadata of Google's libphonenumber,
# https://github.com/google/libphonenumber, version {phonenumbers.__version__}:
# Copyright (C) The Libphonenumber Authors, Apache License 2.0.
#
# A row is a country or a code of no country: its two letters (001 for none), its code,
# what is dialled before a number within it, what a number behind that becomes, how many
# digits a number has, how many one may have that is dialled within its area, how its
# numbers begin where countries share the code, all numbers, and those of each kind.
# The first country of a code is the main one.
"""


def metadata(code, region):
    if region == "001":
        return PhoneMetadata.metadata_for_nongeo_region(code)
    return PhoneMetadata.metadata_for_region(region)


def row(code, region):
    plan = metadata(code, region)
    kinds = [getattr(plan, kind) for kind in KINDS]
    kinds = [kind.national_number_pattern for kind in kinds if kind]
    # A kind's pattern may be another's too, as where mobile and fixed ones look alike.
    kinds = list(dict.fromkeys(kind for kind in kinds if kind))
    # Python's group is \\1, the regex crate's ${1}.
    rule = (plan.national_prefix_transform_rule or "").replace("\\1", "${1}").replace("\\2", "${2}")
    return "\t".join(
        [
            region.lower(),
            str(code),
            plan.national_prefix_for_parsing or "",
            rule,
            ",".join(map(str, plan.general_desc.possible_length)),
            ",".join(map(str, plan.general_desc.possible_length_local_only)),
            plan.leading_digits or "",
            plan.general_desc.national_number_pattern,
            "|".join(kinds),
        ]
    )


def case(value, country=None):
    """What libphonenumber makes of `value` as one in `country`."""
    region = country.upper() if country else None
    number = phonenumbers.parse(value, region)
    if not phonenumbers.is_valid_number(number):
        return None
    page = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
    if not 7 <= len(page) <= 15:  # what capi takes for a number of a person
        return None
    line = {"identifier": "ph", "value": value, "page": page}
    if country:
        line["country"] = country
    return json.dumps(line, ensure_ascii=False)


def cases(region):
    """The example of each kind of number, as its country and as all others write it."""
    seen = set()
    for kind in PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        for form in (
            phonenumbers.PhoneNumberFormat.NATIONAL,
            phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        ):
            value = phonenumbers.format_number(example, form)
            line = case(value, region.lower())
            if line and value not in seen:
                seen.add(value)
                yield line


def main():
    rows = [row(code, region) for code, regions in REGIONS.items() for region in regions]
    PLANS.write_text(HEAD + "\n".join(rows) + "\n")
    source = {
        "source": "the examples of each country's kinds of numbers, written and read by "
        f"Google's libphonenumber, phonenumbers {phonenumbers.__version__} from PyPI"
    }
    lines = [json.dumps(source)]
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        lines += cases(region)
    CASES.write_text("\n".join(lines) + "\n")


main()
