//! A mail server on a loopback port that speaks SMTP as it is told, with a certificate of its own.

use std::{
    io,
    net::SocketAddr,
    process::Command,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// What the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Takes every mail.
    Taking,
    /// Answers the recipient of the first mail with this, and then takes every mail.
    FirstAnswering(&'static str),
    /// Answers every log-in with 535.
    RefusingLogin,
    /// Ends the connection once it has read a mail.
    DroppingAfterData,
    /// Says nothing, not even a greeting.
    Hanging,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// Never.
    Plain,
    /// By STARTTLS.
    StartTls,
    /// With the first byte.
    Implicit,
}

/// A mail as it was taken.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) data: String,
    pub(super) is_encrypted: bool,
    pub(super) login: Option<String>,
}

/// The server.
pub(super) struct MailServer {
    pub(super) address: SocketAddr,
    /// Who has signed its certificate.
    pub(super) authority: String,
    state: Arc<State>,
}

struct State {
    manner: Mutex<Manner>,
    security: Security,
    tls: TlsAcceptor,
    has_utf8: bool,
    mails: Mutex<Vec<Mail>>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

type Connection = BufReader<Box<dyn Stream>>;

impl MailServer {
    pub(super) async fn start(manner: Manner, security: Security) -> Self {
        Self::start_with(manner, security, false).await
    }

    /// One that may offer SMTPUTF8 (RFC 6531).
    pub(super) async fn start_with(manner: Manner, security: Security, has_utf8: bool) -> Self {
        let (authority, tls) = certificate();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            manner: Mutex::new(manner),
            security,
            tls,
            has_utf8,
            mails: Mutex::default(),
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // A client that goes away ends its conversation, not the server.
                tokio::spawn(converse(Arc::clone(&serving), Box::new(stream)));
            }
        });
        Self {
            address,
            authority,
            state,
        }
    }

    pub(super) fn mails(&self) -> Vec<Mail> {
        self.state.mails.lock().unwrap().clone()
    }
}

/// The certificate of an authority in PEM, and what serves one for `localhost` and 127.0.0.1 that it
/// has signed.
fn certificate() -> (String, TlsAcceptor) {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, more: &[&str]| {
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
            .args(["-pkeyopt", "ec_paramgen_curve:P-256"])
            .args([
                "-keyout",
                &format!("{name}.key"),
                "-out",
                &format!("{name}.pem"),
            ])
            .args(more)
            .current_dir(&folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    };
    make("authority", &["-subj", "/CN=Authority"]);
    make(
        "server",
        &[
            "-subj",
            "/CN=localhost",
            "-CA",
            "authority.pem",
            "-CAkey",
            "authority.key",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ],
    );
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let (certificate, key) = (read("server.pem"), read("server.key"));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    (read("authority.pem"), TlsAcceptor::from(Arc::new(config)))
}

async fn converse(state: Arc<State>, stream: Box<dyn Stream>) -> io::Result<()> {
    let mut is_encrypted = state.security == Security::Implicit;
    let mut connection = if is_encrypted {
        encrypted(&state, stream).await?
    } else {
        BufReader::new(stream)
    };
    let manner = *state.manner.lock().unwrap();
    if manner == Manner::Hanging {
        std::future::pending::<()>().await;
    }
    say(&mut connection, "220 mail.test ESMTP").await?;
    let mut mail = Mail {
        from: String::new(),
        to: String::new(),
        data: String::new(),
        is_encrypted,
        login: None,
    };
    loop {
        let line = read_line(&mut connection).await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                let mut offered = vec!["250-mail.test", "250-8BITMIME"];
                if state.security == Security::StartTls && !is_encrypted {
                    offered.push("250-STARTTLS");
                }
                if state.has_utf8 {
                    offered.push("250-SMTPUTF8");
                }
                offered.push("250 AUTH PLAIN");
                offered.join("\r\n")
            }
            "STARTTLS" => {
                say(&mut connection, "220 go on").await?;
                connection = encrypted(&state, connection.into_inner()).await?;
                is_encrypted = true;
                mail.is_encrypted = true;
                continue;
            }
            "AUTH" if manner == Manner::RefusingLogin => "535 no".to_owned(),
            "AUTH" => {
                let given = rest.strip_prefix("PLAIN ").unwrap();
                let given = STANDARD.decode(given).unwrap();
                mail.login = Some(String::from_utf8(given).unwrap().replace('\0', " "));
                "235 welcome".to_owned()
            }
            "MAIL" => {
                rest.clone_into(&mut mail.from);
                "250 fine".to_owned()
            }
            "RCPT" => {
                rest.clone_into(&mut mail.to);
                state.answer_to_recipient().to_owned()
            }
            "DATA" => {
                say(&mut connection, "354 go on").await?;
                mail.data = read_data(&mut connection).await?;
                if manner == Manner::DroppingAfterData {
                    return Ok(());
                }
                state.mails.lock().unwrap().push(mail.clone());
                "250 taken".to_owned()
            }
            "QUIT" => {
                say(&mut connection, "221 bye").await?;
                return Ok(());
            }
            _ => "250 fine".to_owned(),
        };
        say(&mut connection, &answer).await?;
    }
}

impl State {
    fn answer_to_recipient(&self) -> &'static str {
        let mut manner = self.manner.lock().unwrap();
        match *manner {
            Manner::FirstAnswering(answer) => {
                *manner = Manner::Taking;
                answer
            }
            _ => "250 fine",
        }
    }
}

async fn encrypted(state: &State, stream: Box<dyn Stream>) -> io::Result<Connection> {
    let stream: Box<dyn Stream> = Box::new(state.tls.accept(stream).await?);
    Ok(BufReader::new(stream))
}

async fn say(connection: &mut Connection, line: &str) -> io::Result<()> {
    connection.write_all(line.as_bytes()).await?;
    connection.write_all(b"\r\n").await?;
    connection.flush().await
}

async fn read_line(connection: &mut Connection) -> io::Result<String> {
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

async fn read_data(connection: &mut Connection) -> io::Result<String> {
    let mut data = String::new();
    loop {
        let line = read_line(connection).await?;
        if line == "." {
            return Ok(data);
        }
        data.push_str(&line);
        data.push('\n');
    }
}
