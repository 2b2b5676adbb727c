//! Writers that work until their server is gone, and write down what it acknowledged.

use http::Method;
use reqwest::Result;
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};

use super::ledger::{CodeRedeemed, TokenRotated, UserWritten};
use crate::support::{
    browser::parameter,
    fixtures::{Client, PASSWORD},
    process::{Installation, Process, Remote, Visitor},
    tokens::text,
};

/// Three create and change users, three redeem codes, two rotate refresh tokens.
const USER_WRITERS: usize = 3;
const CODE_WRITERS: usize = 3;
const TOKEN_WRITERS: usize = 2;

/// What a writer does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    User,
    Code,
    Token,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::User, Self::Code, Self::Token];
}

/// Who writes, and with which rights.
pub(super) struct Register {
    /// A public client, whose refresh tokens rotate each time.
    pub(super) application: Client,
    /// An access token for the Management API, which outlives the test.
    pub(super) admin_token: String,
}

/// What was acknowledged before a kill.
#[derive(Debug, Default)]
pub(super) struct Ledgers {
    pub(super) users: Vec<UserWritten>,
    pub(super) codes: Vec<CodeRedeemed>,
    pub(super) rotations: Vec<TokenRotated>,
}

/// Writers under way.
pub(super) struct Load {
    writers: JoinSet<Ledgers>,
    acknowledged: watch::Sender<[usize; 3]>,
}

impl Register {
    pub(super) async fn prepare(installation: &Installation) -> Self {
        let machine = installation.create_application("machine-to-machine", &["--management-api"]);
        let application = installation.create_application("spa", &[]);
        for writer in 0..CODE_WRITERS + TOKEN_WRITERS {
            installation.create_user(&format!("person_{writer}"), PASSWORD);
        }
        let process = installation.serve(&[]).await;
        let admin_token = process.remote.admin_token(&machine).await;
        Self {
            application,
            admin_token,
        }
    }

    /// Serves behind a proxy, so that each writer can have an address of its own.
    pub(super) async fn serve(&self, installation: &Installation) -> Process {
        installation
            .serve(&["--trusted-proxies", "127.0.0.1"])
            .await
    }

    /// Sets eight writers to work.
    pub(super) fn write(&self, remote: &Remote, round: usize) -> Load {
        let acknowledged = watch::Sender::new([0; 3]);
        let mut writers = JoinSet::new();
        for number in 0..USER_WRITERS + CODE_WRITERS + TOKEN_WRITERS {
            let writer = Writer {
                name: format!("{round}_{number}"),
                remote: remote.clone(),
                application: self.application.clone(),
                admin_token: self.admin_token.clone(),
                acknowledged: acknowledged.clone(),
                ledgers: Ledgers::default(),
            };
            let visitor = Visitor::new(&[remote]).from(format!("198.51.{round}.{number}"));
            match number.checked_sub(USER_WRITERS) {
                None => writers.spawn(writer.write_users()),
                Some(person) if person < CODE_WRITERS => {
                    writers.spawn(writer.redeem_codes(visitor, person))
                }
                Some(person) => writers.spawn(writer.rotate_tokens(visitor, person)),
            };
        }
        Load {
            writers,
            acknowledged,
        }
    }

    pub(super) async fn count_users(&self, remote: &Remote) -> usize {
        let answer = remote
            .get_as(&self.admin_token, "/api/users?page_size=1")
            .await
            .unwrap()
            .expect(200);
        answer.header("total-number").parse().unwrap()
    }
}

impl Load {
    /// Waits until this many writes of a kind were acknowledged, and one at least of each other.
    pub(super) async fn until_acknowledged(&self, kind: Kind, count: usize) {
        let mut acknowledged = self.acknowledged.subscribe();
        let waiting =
            acknowledged.wait_for(|done| done[kind as usize] >= count && !done.contains(&0));
        let limit = std::time::Duration::from_secs(60);
        tokio::time::timeout(limit, waiting)
            .await
            .expect("the writers get on")
            .unwrap();
    }

    /// What all writers wrote down, once the server is gone.
    pub(super) async fn ended(self) -> Ledgers {
        let mut sum = Ledgers::default();
        for ledgers in self.writers.join_all().await {
            sum.users.extend(ledgers.users);
            sum.codes.extend(ledgers.codes);
            sum.rotations.extend(ledgers.rotations);
        }
        sum
    }
}

/// One writer. An error of the connection is the end of the server; any other surprise ends the test.
struct Writer {
    name: String,
    remote: Remote,
    application: Client,
    admin_token: String,
    acknowledged: watch::Sender<[usize; 3]>,
    ledgers: Ledgers,
}

impl Writer {
    fn acknowledge(&self, kind: Kind) {
        self.acknowledged
            .send_modify(|done| done[kind as usize] += 1);
    }

    async fn write_users(mut self) -> Ledgers {
        for number in 0.. {
            if self.write_user(number).await.is_err() {
                break;
            }
        }
        self.ledgers
    }

    /// Creates a user and gives it five names.
    async fn write_user(&mut self, number: usize) -> Result<()> {
        let new = json!({"username": format!("user_{}_{number}", self.name), "name": "0"});
        let created = self
            .remote
            .call(&self.admin_token, Method::POST, "/api/users", &new)
            .await?
            .expect(200)
            .json();
        self.acknowledge(Kind::User);
        let id = text(&created, "id").to_owned();
        let path = format!("/api/users/{id}");
        self.ledgers.users.push(UserWritten {
            id,
            acknowledged: 0,
            sent: 0,
        });
        for name in 1..=5 {
            let written = self.ledgers.users.last_mut().unwrap();
            written.sent = name;
            let body = json!({"name": name.to_string()});
            self.remote
                .call(&self.admin_token, Method::PATCH, &path, &body)
                .await?
                .expect(200);
            written.acknowledged = name;
            self.acknowledge(Kind::User);
        }
        Ok(())
    }

    async fn redeem_codes(mut self, mut visitor: Visitor, person: usize) -> Ledgers {
        let Ok(mut back) = visitor
            .sign_in(&self.application, &format!("person_{person}"))
            .await
        else {
            return self.ledgers;
        };
        loop {
            let code = parameter(&back, "code").unwrap();
            let Ok(answer) = self.remote.redeem(&self.application, &code).await else {
                break;
            };
            let tokens = answer.expect(200).json();
            self.ledgers.codes.push(CodeRedeemed {
                access_token: text(&tokens, "access_token").to_owned(),
                refresh_token: text(&tokens, "refresh_token").to_owned(),
                code,
            });
            self.acknowledge(Kind::Code);
            // The session is there, so the next code comes without a password.
            let Ok(arrival) = visitor.authorize(&self.application).await else {
                break;
            };
            back = arrival.elsewhere();
        }
        self.ledgers
    }

    async fn rotate_tokens(mut self, mut visitor: Visitor, person: usize) -> Ledgers {
        let Ok(back) = visitor
            .sign_in(&self.application, &format!("person_{person}"))
            .await
        else {
            return self.ledgers;
        };
        let code = parameter(&back, "code").unwrap();
        let Ok(mut answer) = self.remote.redeem(&self.application, &code).await else {
            return self.ledgers;
        };
        for rotations in 0.. {
            let tokens = answer.expect(200).json();
            self.ledgers.rotations = vec![TokenRotated {
                rotations,
                refresh_token: text(&tokens, "refresh_token").to_owned(),
                access_token: text(&tokens, "access_token").to_owned(),
            }];
            if rotations > 0 {
                self.acknowledge(Kind::Token);
            }
            let presented = text(&tokens, "refresh_token");
            match self.remote.refresh(&self.application, presented).await {
                Ok(next) => answer = next,
                Err(_) => break,
            }
        }
        self.ledgers
    }
}
