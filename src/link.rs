//! What front ends and the desk service say to each other, and the two
//! transports that carry it. The two sides know nothing else of one another.

pub mod message;
