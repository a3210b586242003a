"""What a sentence of a report is about: its themes, its polarity, the causes and remedies it names."""

from upturn.published.themes.classify import classify as classify
from upturn.published.themes.classify import polarities as polarities
from upturn.published.themes.load import load_rules as load_rules
from upturn.published.themes.model import Rules as Rules
from upturn.published.themes.sentences import sentences as sentences
