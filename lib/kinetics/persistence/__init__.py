"""How long the transgene stays detectable, as a time to an event."""
