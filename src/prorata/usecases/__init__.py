"""What can be done, one file for each verb: permission, transaction, rules, record.

Every act goes through `act.py`: it loads the account's history under its lock, asks `step` what follows, saves that,
and writes the audit row, all in one transaction. A preview does the same and saves nothing.
"""
