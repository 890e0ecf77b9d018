"""Rules about what an opening said when it was asked: they need Facts.answer, and are loaded where there are answers.

An answer was heard over this machine's own addresses. What a service gives to its own machine and refuses to others is
no evidence of what others get, and a rule that judges such a service says so.
"""
