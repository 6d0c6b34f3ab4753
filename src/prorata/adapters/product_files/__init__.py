"""The vendor's product, asked for the files that it adds to an account's back up."""
