"""The seven rules of the clocks benchmark. No imports: each peer reads it in its own environment."""

#: (name, pattern, start, stop, number, unit, ended by)
RULES = (
    ("Assessment in 45 working days", "deadline", "referral", "assessment_authorised", 45, "working_days",
     ""),
    ("Conference in 15 working days", "deadline", "s47_started", "conference_held", 15, "working_days", ""),
    ("Every visit gap at most 20 working days", "interval", "plan_started", "cp_visit", 20, "working_days",
     "plan_ended"),
    ("Contact decided in 1 working day", "deadline", "contact", "contact_decided", 1, "working_days", ""),
    ("Referral decided at all", "deadline", "referral", "referral_decided", 3650, "calendar_days", ""),
    ("Enquiry before conference", "precedence", "conference_held", "s47_started", 0, "", ""),
    ("First review in 91 days", "deadline", "plan_started", "cp_review", 91, "calendar_days", "plan_ended"),
)  # fmt: skip
