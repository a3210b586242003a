"""Plans: actions with two ratings, measures, and evidence."""

from upturn.improvement.file import plan_yaml as plan_yaml
from upturn.improvement.file import read_plan as read_plan
from upturn.improvement.file import read_plan_text as read_plan_text
from upturn.improvement.model import Action as Action
from upturn.improvement.model import Plan as Plan
from upturn.improvement.model import PlanError as PlanError
