"""What there is in the demo and nowhere else: being anybody."""
