"""The tabs of the kinetics page."""
