//! Client authentication: RFC 6749 sections 2.3.1, 3.2.1 and 5.2.

use std::time::Duration;

use crate::{
    each_setup,
    support::{
        client::basic,
        fixtures::Client,
        server::{TestServer, operator},
    },
};

/// A machine's request with the proof left to the caller.
async fn ask(
    server: &TestServer,
    proof: &[(&str, &str)],
    header: Option<&str>,
) -> (u16, String, String) {
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("resource", meibo_domain::resource::MANAGEMENT_API_INDICATOR),
    ];
    fields.extend(proof);
    let answer = server.post_form_as("/oidc/token", &fields, header).await;
    let error = answer.json()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (
        answer.status.as_u16(),
        error,
        answer.header("www-authenticate").to_owned(),
    )
}

fn refused(challenge: &str) -> (u16, String, String) {
    (401, "invalid_client".to_owned(), challenge.to_owned())
}

const BASIC: &str = "Basic realm=\"meibo\"";

each_setup! {
    async fn rfc6749_5_2_every_wrong_proof_looks_the_same(server: TestServer) {
        let client = server.machine(true).await;
        let (id, secret) = (client.id.as_str(), client.secret());
        let public = server.spa().await;
        assert_eq!(ask(&server, &[("client_id", id), ("client_secret", secret)], None).await.0, 200);
        let wrong = secret.to_lowercase() + "x";
        for proof in [
            &[][..],
            &[("client_id", id)],
            &[("client_id", id), ("client_secret", wrong.as_str())],
            &[("client_id", "nobody"), ("client_secret", secret)],
            &[("client_id", public.id.as_str()), ("client_secret", secret)],
            &[("client_id", id), ("client_assertion", "e30.e30.e30")],
        ] {
            assert_eq!(ask(&server, proof, None).await, refused(""), "{proof:?}");
        }
        for header in [
            basic(id, &wrong),
            basic("nobody", secret),
            basic(id, ""),
            "Basic !!!".to_owned(),
            "Basic".to_owned(),
            "Bearer abc".to_owned(),
            "Negotiate abc".to_owned(),
        ] {
            assert_eq!(ask(&server, &[], Some(&header)).await, refused(BASIC), "{header}");
        }
    }
}

each_setup! {
    async fn rfc6749_2_3_one_way_of_authentication_at_a_time(server: TestServer) {
        let client = server.machine(true).await;
        let (id, secret) = (client.id.as_str(), client.secret());
        let header = basic(id, secret);
        assert_eq!(ask(&server, &[], Some(&header)).await.0, 200);
        assert_eq!(ask(&server, &[("client_id", id)], Some(&header)).await.0, 200);
        assert_eq!(ask(&server, &[], Some(&header.replace("Basic", "basic"))).await.0, 200);
        let both = ask(&server, &[("client_id", id), ("client_secret", secret)], Some(&header)).await;
        assert_eq!((both.0, both.1.as_str()), (400, "invalid_request"));
        let two_names = ask(&server, &[("client_id", "other")], Some(&header)).await;
        assert_eq!((two_names.0, two_names.1.as_str()), (400, "invalid_request"));
    }
}

each_setup! {
    async fn a_secret_holds_until_it_expires_or_is_deleted(server: TestServer) {
        let client = server.machine(true).await;
        let id = meibo_domain::ids::ApplicationId::parse(client.id.as_str()).unwrap();
        let ends = server.clock.now() + Duration::from_secs(60);
        let made = server.app().create_secret(&operator(), &id, "for a minute".to_owned(), Some(ends)).await.unwrap();
        let second = Client { id: client.id.clone(), secret: Some(made.value) };
        let proof = [("client_id", second.id.as_str()), ("client_secret", second.secret())];
        assert_eq!(ask(&server, &proof, None).await.0, 200);
        server.wait(Duration::from_secs(60));
        let late = ask(&server, &proof, None).await;
        assert_eq!((late.0, late.1.as_str()), (400, "invalid_request"));
        server.app().delete_secret(&operator(), &id, "for a minute").await.unwrap();
        assert_eq!(ask(&server, &proof, None).await, refused(""));
        let first = [("client_id", client.id.as_str()), ("client_secret", client.secret())];
        assert_eq!(ask(&server, &first, None).await.0, 200);
    }
}
