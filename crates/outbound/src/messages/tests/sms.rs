//! Providers of text messages.

use super::*;

#[test]
fn twilio() {
    let made = made(
        "twilio-short-message-service",
        json!({
            "accountSID": "AC1", "authToken": "t", "fromMessagingServiceSID": "MG1", "disableRiskCheck": true,
            "templates": templates("text/plain"),
        }),
        &phone(),
    );
    assert_eq!(
        made.url,
        "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
    );
    assert_eq!(made.header("authorization"), Some("Basic QUMxOnQ="));
    assert_eq!(made.header("content-type"), Some(FORM));
    assert_eq!(
        made.form(),
        pairs(&[
            ("To", "+819012345678"),
            ("MessagingServiceSid", "MG1"),
            ("Body", "Code 012345"),
            ("RiskCheck", "disable"),
        ])
    );
}

#[test]
fn vonage() {
    let made = made(
        "vonage-sms",
        json!({"apiKey": "k", "apiSecret": "s", "brandName": "Shop", "templates": templates("text/plain")}),
        &phone(),
    );
    assert_eq!(made.url, "https://rest.nexmo.com/sms/json");
    assert_eq!(
        made.form(),
        pairs(&[
            ("api_key", "k"),
            ("api_secret", "s"),
            ("from", "Shop"),
            ("to", "819012345678"),
            ("text", "Code 012345"),
            ("type", "text"),
            ("client-ref", "msg1"),
        ])
    );
}
