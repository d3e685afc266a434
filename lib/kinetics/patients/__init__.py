"""Every patient in a small panel."""
