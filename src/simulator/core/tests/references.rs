//! 照会番号.

use super::*;

fn register(core: &mut Core, token: &str, numbers: [&str; 4], reference: &str) -> Reply {
    let request = Request::Register {
        institution: HERE.to_owned(),
        insurance: card(numbers, "1954-03-26").insurance,
        reference: reference.to_owned(),
    };
    ask(core, token, request)
}

fn told(core: &mut Core, token: &str, query: LookupQuery) -> String {
    match ask(core, token, lookup(query)) {
        Ok(Good::Checked(answer)) => first(&answer).reference_number.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn out_81_to_85_registered_updated_removed() {
    let mut core = core();
    let token = login(&mut core, "002");
    let numbers = ["06139000", "9000", "10001", "01"];
    let query = || card(numbers, "1954-03-26");
    assert_eq!(told(&mut core, &token, query()), "");
    for reference in ["1234567890", "P-0002", ""] {
        let reply = register(&mut core, &token, numbers, reference);
        assert_eq!(reply, Ok(Good::Registered));
        assert_eq!(told(&mut core, &token, query()), reference);
    }
}

#[test]
fn dom_63_it_belongs_to_one_entitlement() {
    let mut core = core();
    let token = login(&mut core, "002");
    let cases = [
        (
            "family without branch",
            ["06239024", "1500・は", "3300", ""],
            "1",
            false,
        ),
        (
            "one of the family",
            ["06239024", "1500・は", "3300", "02"],
            "2",
            true,
        ),
        ("nobody", ["06239024", "1500・は", "3301", "00"], "3", false),
        ("withheld", ["06139018", "7300", "902", "00"], "4", false),
    ];
    for (case, numbers, reference, wanted) in cases {
        let reply = register(&mut core, &token, numbers, reference);
        assert_eq!(reply.is_ok(), wanted, "{case}");
    }
    let sister = card(["06239024", "1500・は", "3300", "03"], "2016-08-08");
    assert_eq!(told(&mut core, &token, sister), "");
    let known = card(["34139907", "公立東京", "555", "00"], "1981-11-11");
    assert_eq!(told(&mut core, &token, known), "1234567890", "OUT-82");
    let long = "9".repeat(51);
    let bad = register(
        &mut core,
        &token,
        ["06139000", "9000", "10001", "01"],
        &long,
    );
    assert_eq!(bad.unwrap_err().code, Code::BadRequest);
}
