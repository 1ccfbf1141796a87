//! More than five fit (OUT-39): which single addition narrows the search most.
//!
//! An estimate by rule, from what people write down: how many of those who fit
//! remain once it is added, one in so many. A 市区町村 finds best, then the
//! characteristic part of the 保険者名 (OUT-36).

use super::field::Field;
use super::note::NoteContent;
use super::person::Sex;
use super::place::{municipality, town};

/// One addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowing {
    /// Where it goes.
    pub field: Field,
    /// What to ask for and to add.
    pub label: String,
    /// About one in so many of those who fit remain.
    pub one_in: u32,
    /// The text of the field with it, where the note itself has it elsewhere.
    pub value: Option<String>,
}

/// What can be added, the most helpful first; never empty.
pub fn narrowings(content: &NoteContent) -> Vec<Narrowing> {
    let mut out = Vec::new();
    let mut add = |field, one_in, label: &str, value| {
        out.push(Narrowing {
            field,
            label: label.to_owned(),
            one_in,
            value,
        });
    };
    match (content.address.as_str(), municipality(&content.address)) {
        ("", _) => add(
            Field::Address,
            60,
            "住所の市区町村を足す",
            municipality(&content.remark),
        ),
        (address, None) => add(
            Field::Address,
            40,
            "住所に市区町村を足す",
            municipality(&format!("{address}{}", content.remark)),
        ),
        (address, Some(_)) if town(address).is_none() => {
            add(Field::Address, 20, "住所に町名を足す", None);
        }
        (_, Some(_)) => add(Field::Address, 2, "住所を番地まで詳しくする", None),
    }
    if content.insurer_name.is_empty() {
        add(
            Field::InsurerName,
            30,
            "保険者名の目立つ部分を足す（会社か市区町村の名）",
            None,
        );
    }
    if content.name.is_empty() {
        add(Field::Name, 8, "氏名の漢字を足す", None);
    }
    if content.kana.is_empty() {
        add(Field::Kana, 3, "氏名(カナ)を足す", None);
    }
    if content.sex == Some(Sex::Unset) {
        add(Field::Sex, 2, "性別を 男 か 女 にする", None);
    }
    if content.insurance.is_none() {
        // Not a condition of this search, but the way around it.
        add(
            Field::InsurerNumber,
            1,
            "保険証の番号が分かれば足す（方法2 で照会）",
            None,
        );
    }
    out.sort_by_key(|narrowing| std::cmp::Reverse(narrowing.one_in));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn first(change: fn(&mut NoteContent)) -> Narrowing {
        let mut content = NoteContent {
            name: "佐藤花子".to_owned(),
            sex: Some(Sex::Female),
            address: "東京都".to_owned(),
            ..NoteContent::bare(date(1988, 1, 7), date(2026, 11, 20))
        };
        change(&mut content);
        narrowings(&content).remove(0)
    }

    #[test]
    fn out_36_what_helps_most_comes_first() {
        type Case = (fn(&mut NoteContent), Field, &'static str);
        let cases: [Case; 6] = [
            (|_| {}, Field::Address, "住所に市区町村を足す"),
            (
                |c| {
                    c.address.clear();
                    c.insurer_name = "東京".to_owned();
                },
                Field::Address,
                "住所の市区町村を足す",
            ),
            (
                |c| c.address = "東京都世田谷区".to_owned(),
                Field::InsurerName,
                "保険者名の目立つ部分を足す（会社か市区町村の名）",
            ),
            (
                |c| {
                    c.address = "東京都世田谷区".to_owned();
                    c.insurer_name = "東京".to_owned();
                },
                Field::Address,
                "住所に町名を足す",
            ),
            (
                |c| {
                    c.address = "東京都世田谷区太子堂".to_owned();
                    c.insurer_name = "東京".to_owned();
                    c.kana.clear();
                },
                Field::Kana,
                "氏名(カナ)を足す",
            ),
            (
                |c| {
                    c.address = "東京都世田谷区太子堂".to_owned();
                    c.insurer_name = "東京".to_owned();
                    c.kana = "サトウハナコ".to_owned();
                },
                Field::Address,
                "住所を番地まで詳しくする",
            ),
        ];
        for (change, field, label) in cases {
            let first = first(change);
            assert_eq!((first.field, first.label.as_str()), (field, label));
        }
    }

    #[test]
    fn what_the_note_has_elsewhere_is_filled_in() {
        let first = first(|c| c.remark = "世田谷区から通院".to_owned());
        assert_eq!(first.value.as_deref(), Some("東京都世田谷区"));
    }
}
