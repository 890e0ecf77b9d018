"""What was: looks kept as history. One contract (contract.py), one suite that every store passes."""
