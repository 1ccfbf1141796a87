//! Tapes: scripted terminals. Keys in, screens out, in virtual time.
