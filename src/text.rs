//! Japanese text in columns: one width function, cutting and padding,
//! wrapping, folding, cleaning, and the one-line field. No I/O.

pub mod cells;
pub mod clean;
mod escape;
pub mod field;
pub mod fold;
pub mod glyphs;
pub mod wrap;
