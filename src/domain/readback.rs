//! Two people who share reading and birth date are told apart by something
//! else before one of them is chosen (DOM-40, DOM-68): what that can be, and
//! who else there is.

use serde::{Deserialize, Serialize};

/// What the patient said, and the clerk compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// 住所.
    Address,
    /// 保険者名.
    Insurer,
    /// 番号 of the insurance card.
    Number,
    /// Asked by telephone.
    Telephone,
}

impl Proof {
    /// All, in the order of worth.
    pub const ALL: [Self; 4] = [Self::Address, Self::Insurer, Self::Number, Self::Telephone];

    /// 住所, 保険者名 …
    pub fn label(self) -> &'static str {
        match self {
            Self::Address => "住所",
            Self::Insurer => "保険者名",
            Self::Number => "保険証の番号",
            Self::Telephone => "電話",
        }
    }
}

/// Someone else with the same reading and birth date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Where this desk knows the person from: `候補 2`, `控え 20261120-0003`.
    pub known_as: String,
    /// 住所, as far as known.
    pub address: String,
    /// 保険者名, as far as known.
    pub insurer_name: String,
    /// 番号 of the insurance card, as far as known.
    pub number: String,
}

/// What has to be read back before the chosen person counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBack {
    /// Who else there is; never empty.
    pub others: Vec<Other>,
    /// What can be compared, with the value of the chosen person.
    pub ways: Vec<(Proof, String)>,
}

impl ReadBack {
    /// What to compare of the chosen person, `me`: each item that is known of
    /// it. 住所 alike of all others tells nobody apart; the telephone always
    /// remains.
    pub fn of(me: &Other, telephone: &str, others: Vec<Other>) -> Self {
        let mut ways = Vec::new();
        for (proof, value, theirs) in [
            (
                Proof::Address,
                &me.address,
                (|other| &other.address) as fn(&Other) -> &String,
            ),
            (Proof::Insurer, &me.insurer_name, |other| {
                &other.insurer_name
            }),
            (Proof::Number, &me.number, |other| &other.number),
        ] {
            let apart = others.iter().any(|other| theirs(other) != value);
            if !value.is_empty() && apart {
                ways.push((proof, value.clone()));
            }
        }
        let telephone = if telephone.is_empty() {
            "控えにはありません。ほかの書類の番号で".to_owned()
        } else {
            telephone.to_owned()
        };
        ways.push((Proof::Telephone, telephone));
        Self { others, ways }
    }

    /// As [`ReadBack::of`]; `None` if there is nobody else.
    pub fn needed(me: &Other, telephone: &str, others: Vec<Other>) -> Option<Self> {
        (!others.is_empty()).then(|| Self::of(me, telephone, others))
    }

    /// Whether `proof` is among the ways.
    pub fn takes(&self, proof: Proof) -> bool {
        self.ways.iter().any(|(way, _)| *way == proof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(address: &str) -> Other {
        Other {
            known_as: "候補 2".to_owned(),
            address: address.to_owned(),
            insurer_name: "東京新橋サンプル保険者".to_owned(),
            number: String::new(),
        }
    }

    #[test]
    fn dom_40_only_what_tells_apart_is_asked_for() {
        let asked = ReadBack::of(&other("東京都港区"), "", vec![other("東京都足立区")]);
        let ways: Vec<Proof> = asked.ways.iter().map(|(way, _)| *way).collect();
        assert_eq!(ways, [Proof::Address, Proof::Telephone]);
        assert!(!asked.takes(Proof::Insurer));
        let same = ReadBack::of(&other("東京都港区"), "03", vec![other("東京都港区")]);
        assert_eq!(same.ways, [(Proof::Telephone, "03".to_owned())]);
        let unsent = ReadBack::of(&other(""), "", vec![other("東京都港区")]);
        assert!(!unsent.takes(Proof::Address), "OUT-43");
    }
}
