//! Bad bodies, for every operation that takes one: always a refusal that is documented and names the
//! member, never a fault of ours, and nothing is done.

use http::{Request, header};
use meibo_web::{management_api::routes, routes::Route};
use serde_json::{Value, json};

use super::{
    document::Document,
    operations::{Things, body_of},
};
use crate::{
    each_setup,
    support::{answer::Answer, client::ApiClient, server::TestServer},
};

/// A member that a body may have: its path and its type in the schema.
struct Member {
    path: Vec<String>,
    kind: String,
}

/// Every member of a schema, those of objects and lists within it included.
fn members_of(document: &Document, schema: &Value, path: &[String], found: &mut Vec<Member>) {
    let schema = document.resolved(schema);
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    };
    let Some(kind) = kinds.into_iter().find(|name| *name != "null") else {
        return;
    };
    if !path.is_empty() {
        found.push(Member {
            path: path.to_vec(),
            kind: kind.to_owned(),
        });
    }
    let below = |name: &str| [path, &[name.to_owned()]].concat();
    if kind == "array" {
        members_of(document, &schema["items"], &below("0"), found);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        members_of(document, member, &below(name), found);
    }
}

/// `body` with `value` at `path`; what is missing on the way is made.
fn with(body: &Value, path: &[String], value: Value) -> Value {
    let Some((name, rest)) = path.split_first() else {
        return value;
    };
    if name == "0" {
        return json!([with(&Value::Null, rest, value)]);
    }
    let mut object = body.as_object().cloned().unwrap_or_default();
    let below = object.get(name).cloned().unwrap_or_default();
    object.insert(name.clone(), with(&below, rest, value));
    Value::Object(object)
}

/// The operations that take a body, called by an administrator.
struct Operations {
    admin: ApiClient,
    things: Things,
    document: Document,
}

impl Operations {
    async fn new(server: &TestServer) -> Self {
        let admin = server.admin().await;
        Self {
            things: Things::new(server, &admin).await,
            admin,
            document: Document::of_this_version(),
        }
    }

    fn routes(&self) -> impl Iterator<Item = (Route, Value)> {
        routes()
            .into_iter()
            .filter_map(|route| body_of(&route).map(|body| (route, body)))
    }

    fn members(&self, route: &Route) -> Vec<Member> {
        let mut found = Vec::new();
        members_of(
            &self.document,
            self.document.body_schema(route).unwrap(),
            &[],
            &mut found,
        );
        found
    }

    /// Sends a body that must be refused by a documented status.
    async fn refused(&self, route: &Route, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        let shown = String::from_utf8_lossy(&body)
            .chars()
            .take(200)
            .collect::<String>();
        let answer = self
            .admin
            .call_with(
                route.method.clone(),
                &self.things.path(route),
                content_type,
                body,
            )
            .await;
        let what = format!(
            "{} {} {shown}: {} {}",
            route.method,
            route.path,
            answer.status,
            answer.text()
        );
        assert!(answer.status.is_client_error(), "{what}");
        let wrong = self.document.check_answer(route, &answer);
        assert!(wrong.is_empty(), "{what}: {wrong:?}");
        answer
    }

    /// As [`Operations::refused`], by `guard.invalid_input` for the member at `path`.
    async fn refused_at(&self, route: &Route, body: impl Into<Vec<u8>>, path: &str) {
        let answer = self.refused(route, "application/json", body).await;
        let error = answer.json();
        assert_eq!(
            error["code"], "guard.invalid_input",
            "{} {error}",
            route.operation
        );
        let details = error["details"].as_str().unwrap();
        let line = format!("Error in key path \"{path}\": (");
        assert!(
            details.starts_with(&line),
            "{} {path}: {details}",
            route.operation
        );
    }

    async fn state(&self) -> Vec<Value> {
        let mut state = Vec::new();
        for path in [
            "/api/users".to_owned(),
            "/api/applications".to_owned(),
            "/api/resources?includeScopes=true".to_owned(),
            "/api/connectors".to_owned(),
            format!("/api/applications/{}/secrets", self.things.application.id),
        ] {
            state.push(self.admin.get(&path).await.expect(200).json());
        }
        state
    }
}

each_setup! {
    async fn what_is_no_json_object(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        for (route, good) in operations.routes() {
            let text = good.to_string();
            let malformed: &[&[u8]] = &[
                b"", b" ", b"{", b"}", b"{]", b"{\"a\":1,}", b"{a:1}", b"{'a':1}", b"nul", b"{} {}", b"\xef\xbb\xbf{}",
                b"{\"a\":\"\\ud800\"}", b"{\"a\":\"\\udc00\\ud800\"}", b"{\"a\":\"\n\"}", b"{\"a\":NaN}", b"{\"a\":1e999}",
                b"{\"a\":01}", b"{\"a\":\"\xff\"}", b"{\"a\":\"\xed\xa0\x80\"}", b"{\"\xc3\x28\":1}",
                text.strip_suffix('}').unwrap().as_bytes(), b"username=a&name=b",
            ];
            for body in malformed {
                let refused = operations.refused(&route, "application/json", *body).await;
                assert_eq!((refused.status.as_u16(), refused.code()), (400, "request.malformed_json".to_owned()));
            }
            for body in ["[]", "null", "true", "5", "\"x\"", &format!("[{text}]")] {
                operations.refused_at(&route, body, "").await;
            }
            let positional = Value::Array(good.as_object().unwrap().values().cloned().collect());
            operations.refused_at(&route, positional.to_string(), "").await;
        }
        assert_eq!(operations.state().await, before);
    }
}

each_setup! {
    async fn what_is_too_large_or_too_deep(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        for (route, good) in operations.routes() {
            let spaces = " ".repeat(1024 * 1024);
            for body in [format!("{spaces}{good}"), format!("{good}{spaces}"), "x".repeat(1024 * 1024)] {
                let refused = operations.refused(&route, "application/json", body).await;
                assert_eq!((refused.status.as_u16(), refused.code()), (413, "request.body_too_large".to_owned()));
            }
            let told = Request::builder().method(route.method.clone()).uri(operations.things.path(&route));
            let told = told.header(header::CONTENT_TYPE, "application/json").header(header::CONTENT_LENGTH, "10000000000");
            let refused = operations.admin.send(told, "{}").await.expect(413);
            assert_eq!(refused.code(), "request.body_too_large");
            for levels in [200, 50_000] {
                for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                    let body = format!("{{\"zz\":{}1{}}}", open.repeat(levels), close.repeat(levels));
                    let body = if body.len() < 250_000 { body } else { format!("{{\"zz\":{}", open.repeat(levels / 2)) };
                    let refused = operations.refused(&route, "application/json", body).await;
                    assert_eq!((refused.status.as_u16(), refused.code()), (400, "guard.invalid_input".to_owned()));
                }
            }
        }
        assert_eq!(operations.state().await, before);
    }
}

each_setup! {
    async fn what_is_of_another_media_type(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        for (route, good) in operations.routes() {
            for content_type in [
                "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
                "application/json; charset=shift_jis", "application/jsonp", "application/json-patch+json", "x",
            ] {
                let refused = operations.refused(&route, content_type, good.to_string()).await;
                let got = (refused.status.as_u16(), refused.code());
                assert_eq!(got, (415, "request.unsupported_media_type".to_owned()), "{content_type}");
            }
            let request = Request::builder().method(route.method.clone()).uri(operations.things.path(&route));
            operations.admin.send(request, good.to_string()).await.expect(415);
        }
        assert_eq!(operations.state().await, before);
    }
}

each_setup! {
    async fn a_nul_is_named_wherever_it_stands(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        for (route, good) in operations.routes() {
            for member in operations.members(&route) {
                let path = member.path.join(".");
                match member.kind.as_str() {
                    "string" => operations.refused_at(&route, with(&good, &member.path, json!("a\0b")).to_string(), &path).await,
                    "object" => {
                        let inside = json!({"x": ["y", {"z": "\0"}]});
                        operations.refused_at(&route, with(&good, &member.path, inside).to_string(), &format!("{path}.x.1.z")).await;
                        let name = json!({"k\0": 1});
                        operations.refused_at(&route, with(&good, &member.path, name).to_string(), &path).await;
                    }
                    _ => {}
                }
            }
            operations.refused_at(&route, with(&good, &["zz".to_owned()], json!("\0")).to_string(), "zz").await;
        }
        assert_eq!(operations.state().await, before);
    }
}

each_setup! {
    async fn a_member_that_occurs_twice_is_named(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        for (route, good) in operations.routes() {
            for (name, value) in good.as_object().unwrap() {
                let twice = format!("{{\"{name}\":{value},\"{name}\":{value}}}");
                operations.refused_at(&route, twice, name).await;
                let escaped = format!("{{\"{name}\":{value},\"\\u{:04x}{}\":{value}}}", u32::from(name.as_bytes()[0]), &name[1..]);
                operations.refused_at(&route, escaped, name).await;
            }
        }
        assert_eq!(operations.state().await, before);
    }
}

each_setup! {
    async fn a_wrong_type_is_named(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        let mut tried = 0;
        for (route, good) in operations.routes() {
            for member in operations.members(&route) {
                let wrong = match member.kind.as_str() {
                    "string" => json!([5, 1.5, true, {}, []]),
                    "integer" => json!(["5", 1.5, true, {}, [], 9_223_372_036_854_775_808_u64, 1e300, -1e300]),
                    "boolean" => json!(["true", 0, {}, []]),
                    "array" => json!(["x", 5, {}, true]),
                    "object" => json!(["x", 5, [], true, ["x"]]),
                    other => panic!("no wrong values are known for {other}"),
                };
                for value in wrong.as_array().unwrap() {
                    let body = with(&good, &member.path, value.clone());
                    operations.refused_at(&route, body.to_string(), &member.path.join(".")).await;
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "{tried}");
        assert_eq!(operations.state().await, before);
    }
}

each_setup! {
    async fn a_value_out_of_all_bounds_is_refused(server: TestServer) {
        let operations = Operations::new(&server).await;
        let before = operations.state().await;
        for (route, good) in operations.routes() {
            for member in operations.members(&route) {
                let values = match member.kind.as_str() {
                    // An algorithm without a digest is not looked at.
                    "string" if member.path != ["passwordAlgorithm"] => vec![json!("x".repeat(100_000))],
                    // Nothing is a time to wait.
                    "integer" if member.path == ["rotationGracePeriod"] => vec![json!(-1), json!(i64::MIN)],
                    "integer" => vec![json!(-1), json!(i64::MIN), json!(0)],
                    "array" => vec![json!(vec!["https://a.example/"; 5000])],
                    "object" if member.path == ["customData"] => vec![json!({"a": "x".repeat(70_000)})],
                    _ => continue,
                };
                for value in values {
                    let body = with(&good, &member.path, value);
                    let refused = operations.refused(&route, "application/json", body.to_string()).await;
                    assert!([400, 422].contains(&refused.status.as_u16()), "{} {:?}", route.operation, member.path);
                }
            }
        }
        assert_eq!(operations.state().await, before);
    }
}
