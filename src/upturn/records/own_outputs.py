"""The CSV files that Upturn writes itself: answers, or a workforce file, and no lists of an extract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

#: Bytes of a file that are looked at for its first columns.
_HEAD = 512
_WRITTEN = """
clocks.csv: child_id,episode_id,rule
quarantine.csv: level,check,source_list
disagreements.csv: disagreement,child_id,table
by_list.csv: source_list,name,sheet
by_check.csv: name,check,level
by_column.csv: source_list,column,rows
by_team.csv: team,rows_quarantined
by_worker.csv: team,worker,rows_quarantined
problems.csv: team,worker,child_id
spellings.csv: source_list,column,mapping
scorecard.csv: measure,group,name
scorecard_children.csv: measure,child_id,team
published.csv: measure,name,unit
sample.csv: order,unit,child_id
frame.csv: unit,child_id,team
workload_teams.csv: team,workers,held
workload_workers.csv: worker,team,children
workload_children.csv: child_id,team,since
workforce.csv: post_id,worker,team
judgements.csv: file,authority,code
asked_for.csv: file,authority,code
national.csv: figure,name,unit
national_trace.csv: fact,area,what
twin_values.csv: period,driver,parameter
twin_checks.csv: summary,period,unit
twin_recorded.csv: month,kind,name
twin_draws.csv: draw,period
twin_months.csv: scenario,outcome,month
twin_differences.csv: scenario,outcome,year
twin_start.csv: what,count,tag
twin_rests_on.csv: driver,parameter,value
why_causes.csv: driver,standing,share
why_months.csv: driver,what,month
remedies_options.csv: option,why,set_aside
remedies_months.csv: option,month,low
"""
#: The first columns of each CSV file that Upturn writes, by its name.
OWN_OUTPUTS: Mapping[str, str] = MappingProxyType(
    dict(line.split(": ") for line in _WRITTEN.strip().splitlines())
)


def is_own_output(file: Path) -> bool:
    """Whether Upturn wrote this file, by its name and by the columns it begins with.

    The name alone would not do: a council may call a list of its own ``sample.csv``. False for a file that
    cannot be read.

    >>> is_own_output(Path("no such folder/clocks.csv"))
    False
    """
    begins = OWN_OUTPUTS.get(file.name)
    if begins is None:
        return False
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    columns = head.partition("\n")[0].strip().split(",")
    return columns[: begins.count(",") + 1] == begins.split(",")
