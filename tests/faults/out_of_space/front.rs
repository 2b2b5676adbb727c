//! A peer before a PostgreSQL server that passes everything on, and refuses writes when told to.
//!
//! It knows just enough of the protocol (PostgreSQL documentation, "Message Formats"): a message is a tag, a length
//! that counts itself, and a body; the server answers each Query and each Sync by a ReadyForQuery at its end.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

const WRITES: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// A peer before a PostgreSQL server.
pub(super) struct Front {
    /// The database's address by way of this peer.
    pub(super) url: String,
    disk: Arc<Disk>,
}

#[derive(Default)]
struct Disk {
    is_full: AtomicBool,
    refused: AtomicUsize,
}

impl Front {
    pub(super) async fn before(database_url: &str) -> Self {
        let mut url = Url::parse(database_url).unwrap();
        let server = (url.host_str().unwrap().to_owned(), url.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port()))
            .unwrap();
        url.set_query(Some("sslmode=disable"));
        let disk = Arc::<Disk>::default();
        let shared = Arc::clone(&disk);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, disk) = (server.clone(), Arc::clone(&shared));
                tokio::spawn(async move {
                    pass_on(client, TcpStream::connect(server).await.ok()?, &disk).await
                });
            }
        });
        Self {
            url: url.into(),
            disk,
        }
    }

    /// From now on writes are answered 53100, disk full.
    pub(super) fn fill(&self) {
        self.disk.is_full.store(true, Ordering::SeqCst);
    }

    /// Writes work again.
    pub(super) fn free(&self) {
        self.disk.is_full.store(false, Ordering::SeqCst);
    }

    /// Writes that were refused.
    pub(super) fn refused(&self) -> usize {
        self.disk.refused.load(Ordering::SeqCst)
    }
}

/// One connection, until either side ends it.
async fn pass_on(mut client: TcpStream, mut server: TcpStream, disk: &Disk) -> Option<()> {
    for socket in [&client, &server] {
        socket.set_nodelay(true).ok()?;
    }
    let startup = read_body(&mut client, None).await?;
    server.write_all(&startup).await.ok()?;
    let mut state = answer(&mut server, &mut client).await?;
    loop {
        let (request, is_write) = read_request(&mut client).await?;
        if is_write && disk.is_full.load(Ordering::SeqCst) {
            disk.refused.fetch_add(1, Ordering::SeqCst);
            // A transaction under way has failed with it.
            let state = if state == b'I' { b'I' } else { b'E' };
            client.write_all(&out_of_space(state)).await.ok()?;
            continue;
        }
        server.write_all(&request).await.ok()?;
        state = answer(&mut server, &mut client).await?;
    }
}

/// Everything up to a Query or a Sync, and whether a statement in it writes.
async fn read_request(client: &mut TcpStream) -> Option<(Vec<u8>, bool)> {
    let (mut request, mut is_write) = (Vec::new(), false);
    loop {
        let tag = client.read_u8().await.ok()?;
        let message = read_body(client, Some(tag)).await?;
        if tag == b'P' {
            // Tag, length, the empty name of the statement, its text.
            let text = String::from_utf8_lossy(&message[6..]);
            is_write |= WRITES
                .iter()
                .any(|word| text.trim_start().starts_with(word));
        }
        request.extend(message);
        if matches!(tag, b'Q' | b'S') {
            return Some((request, is_write));
        }
    }
}

/// Passes an answer on and gives the state of the transaction at its end: idle, in it, or failed.
async fn answer(server: &mut TcpStream, client: &mut TcpStream) -> Option<u8> {
    loop {
        let tag = server.read_u8().await.ok()?;
        let message = read_body(server, Some(tag)).await?;
        client.write_all(&message).await.ok()?;
        if tag == b'Z' {
            return message.last().copied();
        }
    }
}

/// A whole message; the first of a connection has no tag.
async fn read_body(stream: &mut TcpStream, tag: Option<u8>) -> Option<Vec<u8>> {
    let length = stream.read_u32().await.ok()?;
    let mut message: Vec<u8> = tag.into_iter().chain(length.to_be_bytes()).collect();
    let head = message.len();
    message.resize(head + usize::try_from(length).ok()?.checked_sub(4)?, 0);
    stream.read_exact(&mut message[head..]).await.ok()?;
    Some(message)
}

/// ErrorResponse and ReadyForQuery.
fn out_of_space(state: u8) -> Vec<u8> {
    let fields = b"SERROR\0VERROR\0C53100\0Mcould not extend file: No space left on device\0\0";
    let mut answer = vec![b'E'];
    answer.extend(u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
    answer.extend(fields);
    answer.extend([b'Z', 0, 0, 0, 5, state]);
    answer
}
