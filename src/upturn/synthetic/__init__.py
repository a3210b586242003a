"""Made-up councils, with faults planted on purpose, written in the real file formats.

>>> from upturn.synthetic import make_council
>>> make_council(seed=3).as_at
datetime.date(2026, 9, 30)
"""

from __future__ import annotations

from upturn.synthetic.cin_census import write_cin_census
from upturn.synthetic.council import Council, make_council, write_annex_a
from upturn.synthetic.earlier import as_it_was
from upturn.synthetic.faults.catalogue import fault_catalogue
from upturn.synthetic.ssd.write import ssd_tables, write_ssd
from upturn.synthetic.workforce import write_workforce

__all__ = [
    "Council",
    "as_it_was",
    "fault_catalogue",
    "make_council",
    "ssd_tables",
    "write_annex_a",
    "write_cin_census",
    "write_ssd",
    "write_workforce",
]
