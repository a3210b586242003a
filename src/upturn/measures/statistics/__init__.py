"""Statistics by the names the literature gives them, in plain numpy: one file for each kind.

``intervals`` (Wilson, Newcombe, Byar, exact Poisson, median), ``control`` (XmR, p and p' charts with the
rules of Making Data Count), ``runs`` (run charts), ``funnel`` (funnel plots), and ``tails``, the sums of
binomial and Poisson probabilities that the others stand on.
"""
