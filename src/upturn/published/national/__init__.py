"""The national panel: published figures and judgements of every authority over the years, and what they show.

``reading`` reads the department's and Ofsted's files; ``store`` keeps their versions in one local file;
``panel`` is what is asked of it. ``change``, ``staggered`` and ``cohorts`` say what happened after a
judgement, ``survival`` how long *inadequate* lasted, ``recovery`` what moved before authorities got out.
Nothing here predicts a grade.
"""
