"""From a published report to the draft of an improvement plan."""

from upturn.published.plan.draft import draft_plan as draft_plan
