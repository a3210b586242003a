"""The law and local rules as data, their model, and the working-day calendar of England."""

from upturn.rulebooks.choose import rules_of
from upturn.rulebooks.compile import CANNOT_TELL, NOT_IN_FORCE, Family, compile_families
from upturn.rulebooks.describe import describe_rule
from upturn.rulebooks.load import check_rulebook, load_rulebooks, shipped_files
from upturn.rulebooks.located import RulebookError
from upturn.rulebooks.model import GROUPS, Coverage, Exemption, Interval, Rule, Rulebook
from upturn.rulebooks.vocabulary import vocabulary

__all__ = [
    "CANNOT_TELL",
    "GROUPS",
    "NOT_IN_FORCE",
    "Coverage",
    "Exemption",
    "Family",
    "Interval",
    "Rule",
    "Rulebook",
    "RulebookError",
    "check_rulebook",
    "compile_families",
    "describe_rule",
    "load_rulebooks",
    "rules_of",
    "shipped_files",
    "vocabulary",
]
