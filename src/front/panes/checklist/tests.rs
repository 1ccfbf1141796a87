use crate::domain::account::AccountKind;
use crate::domain::opening::{Opening, Stage};
use crate::domain::time::Period;
use crate::front::app::support::Seat;
use crate::link::message::{Print, ToDesk, ToFront};
use jiff::civil::date;

fn seat() -> (Seat, Opening) {
    let mut seat = Seat::inside(AccountKind::General);
    seat.type_in("3");
    let opening = Opening::default();
    let ticket = seat.ticket();
    seat.hear(ToFront::Opening {
        ticket,
        opening: Box::new(opening.clone()),
    });
    (seat, opening)
}

/// DOM-75, OUT-92: whom to call, whether they answer now, and what to say.
#[test]
fn dom_75_the_call_stands_on_the_screen() {
    let (seat, _) = seat();
    let text = seat.text();
    for part in [
        "コールセンター 0800-080-4583",
        "いま受付中（18:00 まで）",
        "医療機関コード 0110113719",
        "1 [ ] コールセンターに電話し",
        "まだ知らせがありません",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_step_is_ticked_with_who_and_when() {
    let (mut seat, opening) = seat();
    seat.press("Enter");
    assert!(
        !matches!(seat.said.last(), Some(ToDesk::TickOpening { .. })),
        "Enter decides nothing"
    );
    seat.press("F12");
    let Some(ToDesk::TickOpening {
        ticket,
        round: 0,
        stage: Stage::Asked,
        on: true,
    }) = seat.said.last().cloned()
    else {
        panic!("{:?}", seat.said.last());
    };
    let opening = opening
        .ticked(Stage::Asked, true, "003", seat.now.wall)
        .announced(
            Period {
                from: date(2026, 11, 20),
                to: date(2026, 11, 25),
            },
            seat.now.wall,
        )
        .unwrap();
    seat.hear(ToFront::Opening {
        ticket,
        opening: Box::new(opening),
    });
    let text = seat.text();
    assert!(text.contains("済 11/20 09:12  003"), "{text}");
    assert!(
        text.contains("済 11/20 09:12  窓口が確認"),
        "the notice ticks: {text}"
    );
    assert!(
        text.contains("令和8年11月20日 から 令和8年11月25日 まで"),
        "{text}"
    );
    // The new round waits for the end of this one.
    seat.press("F8");
    assert!(
        seat.flat().contains("まだ終わっていない手順"),
        "{}",
        seat.text()
    );
    seat.press("F5");
    assert!(
        seat.text().contains("利用報告書（控え）"),
        "{}",
        seat.text()
    );
    seat.press("F12");
    assert!(matches!(
        seat.said.last(),
        Some(ToDesk::Print {
            what: Print::Report,
            ..
        })
    ));
}
