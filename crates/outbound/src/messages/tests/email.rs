//! Providers of email.

use super::*;

#[test]
fn sendgrid() {
    let made = made(
        "sendgrid-email-service",
        json!({"apiKey": "SG.k", "fromEmail": "shop@example.com", "fromName": "Shop", "templates": templates("text/html")}),
        &email(),
    );
    assert_eq!(made.url, "https://api.sendgrid.com/v3/mail/send");
    assert_eq!(made.header("authorization"), Some("Bearer SG.k"));
    assert_eq!(
        made.json(),
        json!({
            "personalizations": [{"to": [{"email": "ann@example.com"}]}],
            "from": {"email": "shop@example.com", "name": "Shop"},
            "subject": "Your code",
            "content": [{"type": "text/html", "value": "Code 012345"}],
            "custom_args": {"message_id": "msg1"},
        })
    );
}

#[test]
fn mailgun() {
    let made = made(
        "mailgun-email",
        json!({
            "endpoint": "https://api.eu.mailgun.net/", "domain": "mg.example", "apiKey": "k",
            "from": "Shop <shop@mg.example>", "templates": templates("text/plain"),
        }),
        &email(),
    );
    assert_eq!(
        made.url,
        "https://api.eu.mailgun.net/v3/mg.example/messages"
    );
    assert_eq!(made.header("authorization"), Some("Basic YXBpOms="));
    assert_eq!(
        made.form(),
        pairs(&[
            ("from", "Shop <shop@mg.example>"),
            ("to", "ann@example.com"),
            ("subject", "Your code"),
            ("text", "Code 012345"),
            ("v:message-id", "msg1"),
        ])
    );
}

#[test]
fn postmark() {
    let made = made(
        "postmark-mail",
        json!({"serverToken": "t", "fromEmail": "shop@example.com", "templates": templates("text/html")}),
        &email(),
    );
    assert_eq!(made.url, "https://api.postmarkapp.com/email");
    assert_eq!(made.header("x-postmark-server-token"), Some("t"));
    assert_eq!(
        made.json(),
        json!({
            "From": "shop@example.com", "To": "ann@example.com", "Subject": "Your code",
            "Metadata": {"message-id": "msg1"}, "HtmlBody": "Code 012345",
        })
    );
}

#[test]
fn amazon_ses() {
    let made = made(
        "aws-ses-mail",
        json!({
            "accessKeyId": "AKIDEXAMPLE", "accessKeySecret": "s", "region": "eu-west-1",
            "emailAddress": "shop@example.com", "templates": templates("text/plain"),
        }),
        &email(),
    );
    assert_eq!(
        made.url,
        "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails"
    );
    assert_eq!(made.header("x-amz-date"), Some("20260102T030405Z"));
    let authorization = made.header("authorization").unwrap();
    assert!(
        authorization.starts_with(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/ses/aws4_request, "
        ),
        "{authorization}"
    );
    assert_eq!(
        made.json(),
        json!({
            "FromEmailAddress": "shop@example.com",
            "Destination": {"ToAddresses": ["ann@example.com"]},
            "Content": {"Simple": {
                "Subject": {"Data": "Your code", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Code 012345", "Charset": "UTF-8"}},
            }},
            "EmailTags": [{"Name": "message-id", "Value": "msg1"}],
        })
    );
}

#[test]
fn senders_and_recipients_are_written_for_each_provider() {
    let to = Recipient::Email(EmailAddress::parse("Ann@bücher.example").unwrap());
    let written = "Ann@xn--bcher-kva.example";
    let shop = "Shop, Inc. <shop@example.com>";
    let quoted = "\"Shop, Inc.\" <shop@example.com>";
    let given = json!({"apiKey": "k", "fromEmail": shop, "templates": templates("text/plain")});
    let sendgrid = made("sendgrid-email-service", given, &to).json();
    assert_eq!(
        sendgrid["from"],
        json!({"email": "shop@example.com", "name": "Shop, Inc."})
    );
    assert_eq!(sendgrid["personalizations"][0]["to"][0]["email"], written);
    let given =
        json!({"serverToken": "t", "fromEmail": shop, "templates": templates("text/plain")});
    let postmark = made("postmark-mail", given, &to).json();
    assert_eq!(
        (&postmark["From"], &postmark["To"]),
        (&json!(quoted), &json!(written))
    );
    let given = json!({"domain": "mg.example", "apiKey": "k", "from": shop, "templates": templates("text/plain")});
    let mailgun = made("mailgun-email", given, &to).form();
    assert_eq!(mailgun[..2], pairs(&[("from", quoted), ("to", written)]));
    let given = json!({
        "accessKeyId": "k", "accessKeySecret": "s", "region": "eu-west-1", "emailAddress": "店 <shop@example.com>",
        "templates": templates("text/plain"),
    });
    let ses = made("aws-ses-mail", given, &to).json();
    assert_eq!(
        ses["FromEmailAddress"],
        "=?UTF-8?B?5bqX?= <shop@example.com>"
    );
    assert_eq!(ses["Destination"]["ToAddresses"][0], written);
    let given = json!({"endpoint": "https://shop.example/"});
    let http = made("http-email", given, &to).json();
    assert_eq!(
        http["to"], "Ann@bücher.example",
        "the operator's own server gets what was written"
    );
}
