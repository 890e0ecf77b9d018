"""One box for everything: ports, services, processes, machines, rules and threats, found by words and by numbers."""
