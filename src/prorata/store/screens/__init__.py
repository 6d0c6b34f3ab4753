"""Read queries shaped for one page each: frozen rows, nothing to decide on."""
