//! The same program told in lines, for screen readers, braille displays and
//! line terminals: no alternate screen, no cursor motion, no borders, no
//! escape sequence at all.
//!
//! What is told comes from the views themselves: a pane draws on a canvas that
//! writes down each text with its role and place instead of cutting it into
//! cells ([`crate::front::canvas::Canvas::told`]). [`outline`] makes lines of
//! that, 「項目: 値」, and [`say`] tells the difference between what was and
//! what is. So a pane cannot show what is not told, and nothing here knows a
//! pane by name.

pub mod choose;
pub mod outline;
pub mod say;
#[cfg(test)]
mod tests;

pub use choose::{Meant, meant};
pub use outline::{Line, Outline, Prompt};
pub use say::{Cause, Teller, say};
