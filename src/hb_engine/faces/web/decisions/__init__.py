"""What the pages of drift, rules, register and audit log show, made ready for their templates."""
