"""Ask hdx-python-country for names; run by ``locating.py`` in an environment that has it.

Reads JSON from standard input: ``rows`` in the columns of HDX's table of p-codes, and ``asked``,
pairs of a name and the p-code of the unit above or null. Writes the p-codes answered, or nulls.
It reaches no network: the names are handed over instead of HDX's table.
"""

import json
import sys

from hdx.location.adminlevel import AdminLevel

told = json.load(sys.stdin)
level = AdminLevel(admin_level=told["level"])
level.setup_from_iterable(told["rows"], ["MLI"])
answers = [
    level.get_pcode("MLI", name, **({"parent": parent} if parent else {}))[0]
    for name, parent in told["asked"]
]
json.dump(answers, sys.stdout)
