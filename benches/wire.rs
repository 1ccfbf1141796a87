//! What a question and an answer cost on their way between values and bytes:
//! never the bottleneck, and watched so that it stays so.

use criterion::Criterion;
use jiff::civil::date;
use madoguchi::central::call::{Answer, Call};
use madoguchi::central::wire::{self, HttpResponse};
use madoguchi::central::xml;
use madoguchi::domain::insurance::{InsuranceNumbers, LookupQuery};
use madoguchi::domain::secret::Secret;
use madoguchi::domain::time::Now;
use madoguchi::simulator::codec;
use madoguchi::simulator::core::Core;
use madoguchi::simulator::fixtures::Fixtures;
use madoguchi::simulator::seam::{Engine, Good, Reaction, Request};
use std::hint::black_box;
use std::time::Duration;

const OURS: &str = "0110113719";

/// 古希　竹代 of the fixtures, who has every kind of certificate.
fn call() -> Call {
    Call::Lookup {
        token: Secret::new("token".to_owned()),
        id: "D1-0001".to_owned(),
        query: LookupQuery {
            insurance: InsuranceNumbers {
                insurer: "139907".to_owned(),
                symbol: "港国".to_owned(),
                number: "7070".to_owned(),
                branch: "00".to_owned(),
            },
            birth_date: date(1955, 5, 20),
            limit_consent: true,
            check_date: date(2026, 11, 20),
        },
    }
}

fn now() -> Now {
    Now {
        wall: "2026-11-20T00:12:00Z".parse().expect("a moment"),
        mono: Duration::ZERO,
    }
}

/// The answer's JSON, as the stand-in writes it.
fn answer() -> String {
    let mut core = Core::new(Fixtures::built_in(), Vec::new(), 7);
    let login = Request::Login {
        user: "002".to_owned(),
        password: Secret::new("Onshi*002*002".to_owned()),
        force: false,
    };
    let Reaction::Answer {
        reply: Ok(Good::LoggedIn { token }),
        ..
    } = core.handle(now(), None, login)
    else {
        panic!("no login");
    };
    let sent = wire::encode(&call(), OURS);
    let request = codec::decode(sent.method, sent.path, sent.body.reveal().as_bytes())
        .expect("a readable request");
    let Reaction::Answer { reply, .. } = core.handle(now(), Some(token.reveal()), request.clone())
    else {
        panic!("no answer");
    };
    codec::encode(Some(&request), &reply, now()).body
}

fn bench(c: &mut Criterion) {
    let call = call();
    let body = answer();
    let response = HttpResponse {
        status: 200,
        retry_after: None,
        date: None,
        body: body.as_bytes(),
    };
    let Ok(Answer::Checked(checked)) = wire::decode(&call, OURS, response) else {
        panic!("no eligibility");
    };
    let document = xml::write(&checked, OURS, "D1-0001");
    let mut group = c.benchmark_group("wire");
    group.bench_function("encode lookup", |b| {
        b.iter(|| wire::encode(black_box(&call), OURS));
    });
    group.bench_function("decode answer", |b| {
        b.iter(|| wire::decode(&call, OURS, black_box(response)));
    });
    group.bench_function("write xml", |b| {
        b.iter(|| xml::write(black_box(&checked), OURS, "D1-0001"));
    });
    group.bench_function("read xml", |b| {
        b.iter(|| xml::read(black_box(document.as_bytes())));
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    bench(&mut criterion);
    criterion.final_summary();
}
