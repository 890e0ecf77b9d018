"""What a port is for: assignments, ranges, threats, scan pressure, and their packaged data.

It knows nothing of what is open here, and goes to the network only when a person asks (update.py, pressure.py).
"""
