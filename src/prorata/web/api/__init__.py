"""What programs use: JSON over HTTP, with a key of their own."""
