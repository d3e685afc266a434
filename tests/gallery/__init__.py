"""Pictures of the figures, kept small in docs/gallery/ so that a change of their look is seen in a review."""
