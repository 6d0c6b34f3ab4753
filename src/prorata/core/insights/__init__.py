"""Facts about what is to come, for previews and explanations: pure functions over a history."""
