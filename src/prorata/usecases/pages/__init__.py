"""What the pages of the admin center show, one file for each page: facts, not words.

Each page is read in one transaction that writes nothing. The edges put the facts into words.
"""
