"""Pictures of the figures at a journal's widths, kept small in docs/gallery/ so that a change of their look is seen in
a review."""

from in_process import read_here

read_here()
