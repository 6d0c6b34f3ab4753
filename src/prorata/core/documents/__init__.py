"""Documents: what is issued, once and for all."""
