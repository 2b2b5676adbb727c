//! The stub's users, by the contract of the Management API: checked, unique, kept.
#![allow(dead_code, reason = "shared by test binaries that each use a part")]

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use crate::wire::{merge, new_user, refuse, reply};

#[derive(Default)]
pub(crate) struct Users {
    users: HashMap<String, Value>,
    made: u64,
}

impl Users {
    pub(crate) fn put(&mut self, user: Value) {
        let id = user["id"].as_str().unwrap().to_owned();
        self.users.insert(id, user);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Value> {
        self.users.get(id)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.users.remove(id);
    }

    /// What `method` does to `/api/users` and the segments behind it.
    pub(crate) fn answer(&mut self, method: &str, segments: &[&str], body: &str) -> Response {
        match (method, segments) {
            ("GET", []) => {
                let total = self.users.len().to_string();
                let users: Vec<_> = self.users.values().cloned().collect();
                ([("Total-Number", total)], json!(users).to_string()).into_response()
            }
            ("POST", []) => {
                self.made += 1;
                let mut user = new_user(&format!("user-{}", self.made));
                merge(&mut user, &parse(body));
                self.put(user.clone());
                reply(200, &user)
            }
            (_, [id, ..]) if !self.users.contains_key(*id) => reply(
                404,
                &json!({ "code": "entity.not_exists_with_id", "message": "No such user." }),
            ),
            ("GET", [id]) => reply(200, &self.users[*id]),
            ("PATCH", [id]) => self.patch(id, &parse(body)),
            ("PATCH", [id, "custom-data"]) => {
                let user = self.users.get_mut(*id).unwrap();
                merge(&mut user["customData"], &parse(body)["customData"]);
                reply(200, &user["customData"])
            }
            ("DELETE", [id]) => {
                self.users.remove(*id);
                StatusCode::NO_CONTENT.into_response()
            }
            _ => refuse(405, "method"),
        }
    }

    /// Members of the whole: `profile` and `customData` are replaced, empty texts are null.
    fn patch(&mut self, id: &str, body: &Value) -> Response {
        let mut changes = Map::new();
        for (name, value) in body.as_object().unwrap() {
            let value = if value == "" { &Value::Null } else { value };
            changes.insert(name.clone(), value.clone());
        }
        for (member, kind) in [("primaryEmail", "email"), ("primaryPhone", "phone")] {
            let Some(address) = changes.get(member).and_then(Value::as_str) else {
                continue;
            };
            if kind == "phone" && !address.bytes().all(|byte| byte.is_ascii_digit()) {
                return invalid(member);
            }
            if kind == "email" && !address.contains('@') {
                return invalid(member);
            }
            let key = address.to_lowercase();
            let is_taken = |(other, user): (&String, &Value)| {
                other != id && user[member].as_str().map(str::to_lowercase).as_ref() == Some(&key)
            };
            if self.users.iter().any(is_taken) {
                let code = format!("user.{kind}_already_in_use");
                return reply(422, &json!({ "code": code, "message": "In use." }));
            }
        }
        let too_long = |member: &str| {
            changes
                .get(member)
                .and_then(Value::as_str)
                .is_some_and(|text| text.chars().count() > 128)
        };
        if let Some(member) = ["name", "primaryEmail"]
            .into_iter()
            .find(|member| too_long(member))
        {
            return invalid(member);
        }
        let user = self.users.get_mut(id).unwrap();
        merge(user, &Value::Object(changes));
        user["updatedAt"] = json!(user["updatedAt"].as_i64().unwrap() + 1);
        reply(200, user)
    }
}

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

fn invalid(member: &str) -> Response {
    reply(
        400,
        &json!({
            "code": "guard.invalid_input", "message": "The input is invalid.",
            "details": format!("Error in key path \"{member}\": (custom) refused"),
        }),
    )
}
