//! How questions and answers are written on the wire (oqs-wire 3, 5, 6).

pub mod code;
