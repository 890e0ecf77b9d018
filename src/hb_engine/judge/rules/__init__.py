"""One rule, one file: `RULE`, a declaration, and `judge(facts)`, a generator of reasons.

A new rule is a new file and its test. There is no list to add it to, and no order among rules: severity alone sorts.
Rules here go by what every look has; those that need more stand in a folder named after it, spoken or remembered, and
are loaded where there is more. This room does not list itself, for judge does no I/O: whoever introduces the rooms
hands the names to kit.load().
"""
