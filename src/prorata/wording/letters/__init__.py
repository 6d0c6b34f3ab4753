"""What letters are made of, and how they look: as plain text and as HTML, which say the same."""
