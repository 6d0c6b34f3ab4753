"""Stories: billing histories in simulated time, as data, and the player that folds `step` over them."""
