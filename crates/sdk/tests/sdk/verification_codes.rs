//! Codes that show that somebody reads an address.

use std::time::Duration;

use meibo_sdk::{
    Error, HttpOptions, MachineClient, MachineConfig, ManagementApi, Recipient, VerificationFault,
};
use serde_json::json;

use crate::management::start;
use crate::stub::{Instead, MACHINE, MACHINE_SECRET, Stub};

const SEND: &str = "POST /api/verification-codes";
const VERIFY: &str = "POST /api/verification-codes/verify";
const EMAIL: &str = "sei@example.com";

fn email() -> Recipient {
    Recipient::Email(EMAIL.to_owned())
}

fn fault(outcome: Result<(), Error>) -> VerificationFault {
    let error = outcome.unwrap_err();
    error
        .verification_fault()
        .unwrap_or_else(|| panic!("{error:?}"))
}

fn last_sent(stub: &Stub) -> String {
    stub.codes(|codes| codes.last_sent(EMAIL)).unwrap()
}

#[tokio::test]
async fn a_code_is_sent_and_taken_once() {
    let (stub, _, api) = start().await;
    let codes = api.verification_codes();
    codes.send(&email()).await.unwrap();
    let sent = stub.seen(SEND).pop().unwrap();
    assert_eq!(sent.json(), json!({ "email": EMAIL }));
    assert!(sent.authorization.unwrap().starts_with("Bearer machine-"));

    let code = last_sent(&stub);
    codes.verify(&email(), &code).await.unwrap();
    assert_eq!(
        stub.seen(VERIFY).pop().unwrap().json(),
        json!({ "email": EMAIL, "verificationCode": code })
    );
    let again = codes.verify(&email(), &code).await;
    assert_eq!(fault(again), VerificationFault::NoCode);

    let phone = Recipient::Phone("819012345678".to_owned());
    codes.send(&phone).await.unwrap();
    let sent = stub.seen(SEND).pop().unwrap();
    assert_eq!(sent.json(), json!({ "phone": "819012345678" }));
}

#[tokio::test]
async fn refusals_have_types() {
    let (stub, _, api) = start().await;
    let codes = api.verification_codes();
    codes.send(&email()).await.unwrap();
    for _ in 0..10 {
        let wrong = codes.verify(&email(), "000000").await;
        assert_eq!(fault(wrong), VerificationFault::WrongCode);
    }
    let right = codes.verify(&email(), &last_sent(&stub)).await;
    assert_eq!(fault(right), VerificationFault::TooManyTries);

    codes.send(&email()).await.unwrap();
    stub.codes(|codes| codes.expire());
    let late = codes.verify(&email(), &last_sent(&stub)).await;
    assert_eq!(fault(late), VerificationFault::Expired);

    for _ in 2..10 {
        codes.send(&email()).await.unwrap();
    }
    let eleventh = codes.send(&email()).await;
    assert_eq!(fault(eleventh), VerificationFault::TooManyMessages);
    stub.codes(|codes| codes.has_no_connector = true);
    assert_eq!(
        fault(codes.send(&email()).await),
        VerificationFault::NoConnector
    );

    let refused = codes.send(&Recipient::Email("nobody".to_owned())).await;
    let error = refused.unwrap_err();
    assert!(
        error.verification_fault().is_none() && !error.is_unavailable(),
        "an address that is none is no fault of the code: {error:?}"
    );
}

#[tokio::test]
async fn a_server_that_hangs_or_is_down_is_unavailable() {
    let (stub, ..) = start().await;
    let machine = MachineClient::new(MachineConfig {
        http: HttpOptions {
            total_timeout: Duration::from_millis(200),
            ..HttpOptions::default()
        },
        ..MachineConfig::new(stub.endpoint(), MACHINE, MACHINE_SECRET)
    });
    let api = ManagementApi::new(machine.unwrap());
    api.get_user("sei").await.unwrap();
    for (place, instead) in [
        (SEND, Instead::Hang),
        (VERIFY, Instead::Hang),
        (SEND, Instead::Answer(503, "down".to_owned())),
        (VERIFY, Instead::Answer(429, "slow down".to_owned())),
    ] {
        stub.mend();
        stub.break_at(place, instead);
        let codes = api.verification_codes();
        let failed = match place {
            SEND => codes.send(&email()).await,
            _ => codes.verify(&email(), "123456").await,
        };
        let error = failed.unwrap_err();
        assert!(
            error.is_unavailable() && error.verification_fault().is_none(),
            "{place}: {error:?}"
        );
        assert!(!format!("{error} {error:?}").contains(EMAIL), "{error:?}");
    }
}
