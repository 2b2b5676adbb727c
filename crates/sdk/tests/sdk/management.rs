//! Machine tokens and the Management API.

use std::sync::Arc;

use meibo_sdk::{
    Change, CreateUser, Error, ListUsers, MachineClient, MachineConfig, ManagementApi, PatchUser,
    Profile,
};
use serde_json::json;

use crate::stub::{Instead, MACHINE, MACHINE_SECRET, MANAGEMENT, Stub};
use crate::wire::new_user;

pub(crate) async fn start() -> (Stub, MachineClient, ManagementApi) {
    let stub = Stub::start().await;
    stub.put_user(new_user("sei"));
    let machine =
        MachineClient::new(MachineConfig::new(stub.endpoint(), MACHINE, MACHINE_SECRET)).unwrap();
    let api = ManagementApi::new(machine.clone());
    (stub, machine, api)
}

#[tokio::test]
async fn fifty_callers_cause_one_token_request() {
    let (stub, machine, _) = start().await;
    let machine = Arc::new(machine);
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let machine = Arc::clone(&machine);
            tokio::spawn(async move { machine.access_token().await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "machine-1");
    }
    let requests = stub.seen("POST /oidc/token");
    assert_eq!(requests.len(), 1);
    let form = [
        "grant_type",
        "client_id",
        "client_secret",
        "resource",
        "scope",
    ]
    .map(|name| requests[0].form(name).unwrap());
    assert_eq!(
        form,
        [
            "client_credentials",
            MACHINE,
            MACHINE_SECRET,
            MANAGEMENT,
            "all"
        ]
    );
    assert_eq!(requests[0].authorization, None);
}

#[tokio::test]
async fn a_token_is_cached_until_a_minute_before_its_end() {
    let (stub, machine, _) = start().await;
    stub.set_token_life(json!(60));
    assert_eq!(machine.access_token().await.unwrap(), "machine-1");
    stub.set_token_life(json!(3600));
    assert_eq!(machine.access_token().await.unwrap(), "machine-2");
    assert_eq!(machine.access_token().await.unwrap(), "machine-2");
    let refused = MachineClient::new(MachineConfig::new(stub.endpoint(), MACHINE, "wrong"))
        .unwrap()
        .access_token()
        .await;
    assert!(
        matches!(&refused, Err(Error::Api(error)) if error.is_oauth("invalid_client")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let (stub, _, api) = start().await;
    api.get_user("sei").await.unwrap();
    stub.revoke_machine_tokens();
    assert_eq!(api.get_user("sei").await.unwrap().id, "sei");
    assert_eq!(stub.seen("POST /oidc/token").len(), 2);

    stub.break_at(
        "/api/users/sei",
        Instead::Answer(
            401,
            r#"{"code":"auth.unauthorized","message":"No."}"#.into(),
        ),
    );
    let before = stub.seen("GET /api/users/sei").len();
    let refused = api.get_user("sei").await;
    assert!(
        matches!(&refused, Err(Error::Api(error)) if error.code == "auth.unauthorized"),
        "{refused:?}"
    );
    assert_eq!(stub.seen("GET /api/users/sei").len() - before, 2);
}

#[tokio::test]
async fn a_user_from_birth_to_end() {
    let (stub, _, api) = start().await;
    let new = CreateUser {
        username: Some("murasaki".to_owned()),
        name: Some("M".to_owned()),
        ..CreateUser::default()
    };
    let user = api.create_user(&new).await.unwrap();
    assert_eq!(
        (user.username.as_deref(), user.avatar.as_deref()),
        (Some("murasaki"), None)
    );

    let patch = PatchUser {
        name: Change::Clear,
        profile: Some(Profile {
            birthdate: Some("0973".to_owned()),
            ..Profile::default()
        }),
        ..PatchUser::default()
    };
    let user = api.patch_user(&user.id, &patch).await.unwrap();
    assert_eq!(
        (user.name, user.profile.birthdate.as_deref()),
        (None, Some("0973"))
    );
    let sent = stub
        .seen(&format!("PATCH /api/users/{}", user.id))
        .pop()
        .unwrap();
    assert_eq!(
        sent.json(),
        json!({ "name": null, "profile": { "birthdate": "0973" } })
    );

    let data = json!({ "tier": "gold" });
    let data = api
        .patch_custom_data(&user.id, data.as_object().unwrap())
        .await
        .unwrap();
    assert_eq!(data.get("tier"), Some(&json!("gold")));
    assert_eq!(api.get_user(&user.id).await.unwrap().custom_data, data);

    let list = ListUsers {
        page: Some(1),
        page_size: Some(50),
        search: Some("%mura%".to_owned()),
    };
    let page = api.list_users(&list).await.unwrap();
    assert_eq!((page.users.len(), page.total), (2, 2));
    let query = stub.seen("GET /api/users").pop().unwrap().query;
    assert_eq!(
        ["page", "page_size", "search"].map(|name| query[name].as_str()),
        ["1", "50", "%mura%"]
    );

    api.delete_user(&user.id).await.unwrap();
    let gone = api.get_user(&user.id).await;
    assert!(
        matches!(&gone, Err(Error::Api(error)) if error.status == 404),
        "{gone:?}"
    );
}

#[tokio::test]
async fn ids_cannot_leave_their_segment() {
    let (stub, _, api) = start().await;
    for id in ["", ".", ".."] {
        let refused = api.delete_user(id).await;
        assert!(
            matches!(refused, Err(Error::Setting { setting: "id", .. })),
            "{id:?}: {refused:?}"
        );
    }
    let _ = api.delete_user("../applications/a?b#c").await;
    assert_eq!(
        stub.seen("DELETE /api/users/..%2Fapplications%2Fa%3Fb%23c")
            .len(),
        1
    );
}

#[tokio::test]
async fn a_refusal_keeps_its_words() {
    let (stub, _, api) = start().await;
    let body = json!({
        "code": "guard.invalid_input", "message": "The input is invalid.",
        "details": "Error in key path \"avatar\": (custom) is no URL", "data": { "a": 1 },
    });
    stub.break_at("/api/users/sei", Instead::Answer(400, body.to_string()));
    let Err(Error::Api(error)) = api.patch_user("sei", &PatchUser::default()).await else {
        panic!("refused")
    };
    assert_eq!(
        (error.status, error.code.as_str()),
        (400, "guard.invalid_input")
    );
    assert_eq!(error.key_paths().collect::<Vec<_>>(), ["avatar"]);
    assert_eq!(error.data, Some(json!({ "a": 1 })));
}
