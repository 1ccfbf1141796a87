//! The stand-in for the central system: a pure core with two shells
//! (in-process, and axum over mutual TLS). For demo, training and tests.
