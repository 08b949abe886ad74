//! A tiny HTTP server on loopback that answers as it is told, and remembers what it was asked.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The first byte asked for, of a Range.
    pub(crate) from: Option<usize>,
    pub(crate) token: Option<String>,
}

/// What to answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// The length that is claimed; none is said where this is `None`.
    pub(crate) length: Option<usize>,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self::of(status, Vec::new())
    }

    pub(crate) fn of(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), length: Some(body.len()), body }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer, broken off after `bytes` of its body.
    pub(crate) fn cut(mut self, bytes: usize) -> Self {
        self.body.truncate(bytes);
        self
    }

    /// The same answer, claiming another length.
    pub(crate) fn claiming(mut self, length: Option<usize>) -> Self {
        self.length = length;
        self
    }
}

/// A server that runs until the test ends.
pub(crate) struct Server {
    pub(crate) endpoint: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port of loopback");
        let endpoint = format!("http://{}", listener.local_addr().expect("a bound address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(&stream, &answer, &remembered);
            }
        });
        Self { endpoint, asked }
    }

    /// All that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic of the server").clone()
    }

    /// The first bytes asked for of one file, in order of the requests.
    pub(crate) fn ranges(&self, file: &str) -> Vec<Option<usize>> {
        self.asked().iter().filter(|asked| asked.path.ends_with(file)).map(|asked| asked.from).collect()
    }
}

/// One request and its answer; the connection is closed afterwards. A client that has gone away is no matter.
fn serve(mut stream: &TcpStream, answer: &impl Fn(&Asked) -> Answer, remembered: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if line.trim().is_empty() => break,
            Ok(_) => lines.push(line.trim().to_owned()),
        }
    }
    let header = |name: &str| {
        lines.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let range = header("range");
    let asked = Asked {
        path: lines[0].split_whitespace().nth(1).unwrap_or_default().to_owned(),
        from: range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()),
        token: header("authorization"),
    };
    let given = answer(&asked);
    remembered.lock().expect("no panic of the server").push(asked);
    let mut head = format!("HTTP/1.1 {} said\r\nConnection: close\r\n", given.status);
    for (name, value) in &given.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if let Some(length) = given.length {
        let _ = write!(head, "Content-Length: {length}\r\n");
    }
    head.push_str("\r\n");
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&given.body));
}
