//! The faults of a line (safety F-14 to F-43).

use super::stage::{Stage, card, fault, login, login_call, lookup};
use madoguchi::central::call::{Call, Central, Fault};
use madoguchi::domain::failure::Unreachable;
use madoguchi::simulator::control;
use madoguchi::simulator::seam::Setting;
use std::time::Duration;

#[tokio::test]
async fn f_14_an_outage_refuses_connections_and_ends_on_the_same_port() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    for _ in 0..3 {
        stage.set(Setting::Outage(true)).await;
        assert_eq!(
            fault(&client, lookup(&token, card())).await,
            Fault::Unreachable(Unreachable::Refused)
        );
        let address = stage.running.ready().address;
        assert!(
            std::net::TcpStream::connect(address).is_err(),
            "the port is closed"
        );
        stage.set(Setting::Outage(false)).await;
        assert!(client.ask(lookup(&token, card())).await.is_ok());
    }
}

#[tokio::test]
async fn f_36_a_black_hole_leaves_the_fate_unknown() {
    let stage = Stage::open().await;
    let client = stage.hasty();
    let token = login(&client, "002").await;
    stage.set(Setting::BlackHole(true)).await;
    assert_eq!(
        fault(&client, lookup(&token, card())).await,
        Fault::NoAnswer
    );
    assert_eq!(fault(&client, Call::Probe).await, Fault::NoAnswer);
}

#[tokio::test]
async fn dom_67_a_request_without_an_answer_is_sent_once() {
    let stage = Stage::open().await;
    let client = stage.hasty();
    let token = login(&client, "002").await;
    for setting in [
        Setting::BlackHole(true),
        Setting::BlackHole(false),
        Setting::CutOff(true),
    ] {
        stage.set(setting).await;
        let _ = client.ask(lookup(&token, card())).await;
    }
    let core = stage.core.lock().unwrap();
    assert_eq!(
        core.asked().filter(|asked| asked.kind == "lookup").count(),
        3
    );
}

#[tokio::test]
async fn slow_answers_are_waited_for_within_the_limit() {
    let stage = Stage::open().await;
    let patient = stage.client();
    let token = login(&patient, "002").await;
    let delay = Duration::from_millis(400);
    stage.set(Setting::Delay(delay)).await;
    let began = tokio::time::Instant::now();
    assert!(patient.ask(lookup(&token, card())).await.is_ok());
    assert!(began.elapsed() >= delay);
    assert_eq!(
        fault(&stage.hasty(), lookup(&token, card())).await,
        Fault::NoAnswer
    );
}

#[tokio::test]
async fn f_34_half_an_answer_is_no_answer() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    stage.set(Setting::CutOff(true)).await;
    assert_eq!(
        fault(&client, lookup(&token, card())).await,
        Fault::NoAnswer
    );
    stage.set(Setting::CutOff(false)).await;
    assert!(client.ask(lookup(&token, card())).await.is_ok());
}

#[tokio::test]
async fn rel_12_garbage_is_neither_valid_nor_invalid() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    stage.set(Setting::Garbage(true)).await;
    for call in [
        lookup(&token, card()),
        login_call("001", "Onshi*001*001", false),
        Call::Probe,
    ] {
        assert!(matches!(fault(&client, call).await, Fault::Garbled(_)));
    }
}

#[tokio::test]
async fn f_33_f_40_statuses_come_with_the_wish_to_wait() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    for (status, seconds, wait) in [
        (503, Some(30), Some(Duration::from_secs(30))),
        (429, Some(100_000), Some(Duration::from_secs(600))),
        (500, None, None),
    ] {
        stage.set(Setting::Status(Some(status))).await;
        stage
            .set(Setting::RetryAfter(seconds.map(|n: u32| n.to_string())))
            .await;
        let want = Fault::Status {
            status,
            retry_after: wait,
        };
        assert_eq!(fault(&client, lookup(&token, card())).await, want);
        assert_eq!(fault(&client, Call::Probe).await, want);
        assert_eq!(fault(&client, login_call("001", "x", false)).await, want);
    }
    stage.set(Setting::Status(None)).await;
    assert!(client.ask(lookup(&token, card())).await.is_ok());
}

#[tokio::test]
async fn an_ended_token_asks_for_a_new_login() {
    let stage = Stage::open().await;
    let client = stage.client();
    let token = login(&client, "002").await;
    stage.set(Setting::ExpireTokens).await;
    assert_eq!(
        fault(&client, lookup(&token, card())).await,
        Fault::Unauthorized
    );
    let token = login(&client, "002").await;
    assert!(client.ask(lookup(&token, card())).await.is_ok());
}

#[tokio::test]
async fn a_host_name_without_address_is_named() {
    let stage = Stage::open().await;
    let mut connection = stage.connection();
    "https://no-such-host.invalid".clone_into(&mut connection.url);
    let client = madoguchi::central::webapi::WebApi::new(connection);
    assert_eq!(
        fault(&client, Call::Probe).await,
        Fault::Unreachable(Unreachable::UnknownHost)
    );
}

#[tokio::test]
async fn settings_arrive_over_the_private_socket_all_or_none() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::open().await;
    let client = stage.client();
    let socket = stage.running.ready().control.clone();
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let send = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let socket = socket.clone();
        async move { control::send(&socket, &texts).await }
    };

    send(&["outage=on"]).await.unwrap();
    assert_eq!(
        fault(&client, Call::Probe).await,
        Fault::Unreachable(Unreachable::Refused)
    );
    send(&["outage=off", "status=503"]).await.unwrap();
    assert!(matches!(
        fault(&client, Call::Probe).await,
        Fault::Status { .. }
    ));

    let unknown = send(&["status=off", "outag=on"])
        .await
        .unwrap_err()
        .to_string();
    assert!(unknown.contains("outage"), "{unknown}");
    assert!(matches!(
        fault(&client, Call::Probe).await,
        Fault::Status { .. }
    ));

    let nobody = send(&["lock=nobody"]).await.unwrap_err().to_string();
    assert!(nobody.contains("nobody"), "{nobody}");
    drop(stage);
    assert!(send(&["status=off"]).await.is_err());
}

#[tokio::test]
async fn the_whole_stand_in_starts_from_its_options() {
    use madoguchi::simulator::server::{ServerOptions, run};
    let directory = tempfile::tempdir().unwrap();
    let options = ServerOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        state_dir: directory.path().join("state"),
        fixtures: None,
        people: 50,
        seed: 7,
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    let first = tokio::spawn(run(options.clone(), |ready| {
        tell.send(ready.clone()).unwrap();
    }));
    let ready = told.await.unwrap();
    control::send(&ready.control, &["delay=0".to_owned()])
        .await
        .unwrap();

    let twice = run(options.clone(), |_| ()).await.unwrap_err();
    assert_eq!(twice.kind(), std::io::ErrorKind::AddrInUse);
    first.abort();
    let _ = first.await;

    let nowhere = ServerOptions {
        fixtures: Some(directory.path().to_owned()),
        ..options
    };
    let error = run(nowhere, |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
