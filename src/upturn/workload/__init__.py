"""Who held what and when: caseloads, churn, allocation delay, and how load bears on delay."""
