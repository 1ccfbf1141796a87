//! The built-in cards are what they say.

use super::*;
use jiff::civil::date;

fn rack() -> Rack {
    Rack::built_in(date(2026, 11, 20))
}

#[test]
fn every_built_in_card_can_be_made() {
    let rack = rack();
    for name in rack.names() {
        let machine = rack.named(name).unwrap();
        assert_eq!(machine.name(), name);
        assert!(!machine.atr().is_empty());
        assert!(rack.facts(name).is_some());
    }
    assert!(rack.named(DEFAULT).is_some());
    assert!(rack.named("nobody").is_none());
}
