"""Statistics by the names the literature gives them: one file for each kind.

``intervals`` (Wilson, Newcombe, Byar, exact Poisson, median), ``control`` (XmR, p and p' charts with the
rules of Making Data Count), ``runs`` (run charts) and ``funnel`` (funnel plots). The sums of binomial and
Poisson probabilities they stand on are SciPy's.
"""
