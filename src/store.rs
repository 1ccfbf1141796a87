//! The journal (append-only, the truth) and sled (the current state, rebuilt
//! from the journal when in doubt) behind one small typed interface.

pub mod record;
