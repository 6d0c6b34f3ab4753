"""What is sold, and on what terms."""
