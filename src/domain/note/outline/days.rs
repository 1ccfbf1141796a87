//! Moments and days as numbers: an index of many outlines is read at every
//! start, and their texts would take most of it.

/// Moments as two numbers: an index of many outlines is read at every start.
#[allow(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls with references"
)]
pub mod moment {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
        (at.as_second(), at.subsec_nanosecond()).serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let (second, nanosecond) = <(i64, i32)>::deserialize(from)?;
        Timestamp::new(second, nanosecond).map_err(serde::de::Error::custom)
    }

    /// The same where there may be none.
    #[allow(clippy::ref_option, reason = "serde's `with` asks for it")]
    pub mod maybe {
        use super::{Deserialize, Deserializer, Serialize, Serializer, Timestamp};

        pub fn serialize<S: Serializer>(at: &Option<Timestamp>, out: S) -> Result<S::Ok, S::Error> {
            at.map(|at| (at.as_second(), at.subsec_nanosecond()))
                .serialize(out)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Timestamp>, D::Error> {
            Option::<(i64, i32)>::deserialize(from)?
                .map(|(second, nanosecond)| Timestamp::new(second, nanosecond))
                .transpose()
                .map_err(serde::de::Error::custom)
        }
    }
}

/// Days as three numbers, for the same reason.
#[allow(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls with references"
)]
pub mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's `with` asks for it"
    )]
    pub fn serialize<S: Serializer>(day: &Date, out: S) -> Result<S::Ok, S::Error> {
        (day.year(), day.month(), day.day()).serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        let (year, month, day) = <(i16, i8, i8)>::deserialize(from)?;
        Date::new(year, month, day).map_err(serde::de::Error::custom)
    }

    /// The same where there may be none.
    #[allow(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's `with` asks for it"
    )]
    pub mod maybe {
        use super::{Date, Deserialize, Deserializer, Serialize, Serializer};

        pub fn serialize<S: Serializer>(day: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
            day.map(|day| (day.year(), day.month(), day.day()))
                .serialize(out)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
            Option::<(i16, i8, i8)>::deserialize(from)?
                .map(|(year, month, day)| Date::new(year, month, day))
                .transpose()
                .map_err(serde::de::Error::custom)
        }
    }
}
