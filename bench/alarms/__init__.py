"""The same machine, the same events, and what hb, osquery's pack, goss and Wazuh's rule make of them.

`python -m bench.alarms` measures and writes docs/benchmarks-alarms.md. Each event happens in a world of its own:
network, process and mount namespaces with real servers in them, which end with the process that made them.
"""

from __future__ import annotations
