//! PC/SC: which readers there are and whether a card lies on one.
