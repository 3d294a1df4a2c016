//! A name server on loopback, over UDP and TCP, that says what a test wants it to.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// In lower case, without the dot at the end.
    pub name: String,
    /// 1 is A, 12 is PTR, 28 is AAAA.
    pub kind: u16,
    /// Whether it came over TCP.
    pub tcp: bool,
    /// How often the same was asked before.
    pub before: usize,
}

/// What is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// These addresses, as far as they are of the kind that was asked for.
    Addresses(Vec<IpAddr>),
    /// The name is another one of this name, which has these addresses.
    Alias(&'static str, Vec<IpAddr>),
    /// As addresses, but over UDP nothing than that it does not fit.
    Long(Vec<IpAddr>),
    /// The name of an address.
    Name(&'static str),
    /// There is no such name.
    Missing,
    /// It cannot say.
    Failure,
    /// Nothing at all.
    Silence,
}

pub struct NameServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl NameServer {
    /// Answers as long as the test runs.
    pub async fn start(answer: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> NameServer {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            // Both have the same port, if nobody else has it.
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let address = udp.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let respond = Arc::new(move |message: &[u8], tcp: bool| {
            let (question, end) = read(message, tcp);
            let mut asked = log.lock().unwrap();
            let same = |other: &&Question| other.name == question.name && other.kind == question.kind;
            let question = Question { before: asked.iter().filter(same).count(), ..question };
            asked.push(question.clone());
            drop(asked);
            write(&message[..end], &question, &answer(&question))
        });
        let over_tcp = Arc::clone(&respond);
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            loop {
                let (length, from) = udp.recv_from(&mut buffer).await.unwrap();
                if let Some(reply) = respond(&buffer[..length], false) {
                    udp.send_to(&reply, from).await.unwrap();
                }
            }
        });
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = tcp.accept().await.unwrap();
                let respond = Arc::clone(&over_tcp);
                tokio::spawn(async move {
                    while let Ok(length) = stream.read_u16().await {
                        let mut message = vec![0; length.into()];
                        stream.read_exact(&mut message).await.unwrap();
                        if let Some(reply) = respond(&message, true) {
                            stream.write_u16(reply.len().try_into().unwrap()).await.unwrap();
                            stream.write_all(&reply).await.unwrap();
                        }
                    }
                });
            }
        });
        NameServer { address, asked }
    }

    /// One that gives each name the same addresses.
    pub async fn fixed(addresses: &[&str]) -> NameServer {
        let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        NameServer::start(move |_| Reply::Addresses(addresses.clone())).await
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }
}

/// The question of a message, and where it ends.
fn read(message: &[u8], tcp: bool) -> (Question, usize) {
    let (mut name, mut at) = (Vec::new(), 12);
    while message[at] != 0 {
        let length = usize::from(message[at]);
        name.push(String::from_utf8(message[at + 1..=at + length].to_ascii_lowercase()).unwrap());
        at += length + 1;
    }
    let kind = u16::from_be_bytes([message[at + 1], message[at + 2]]);
    (Question { name: name.join("."), kind, tcp, before: 0 }, at + 5)
}

/// The reply to a message of which `asked` is what goes up to the end of its question.
fn write(asked: &[u8], question: &Question, reply: &Reply) -> Option<Vec<u8>> {
    const TO_THE_QUESTION: [u8; 2] = [0xc0, 12];
    let mut records: Vec<Vec<u8>> = Vec::new();
    let record = |owner: &[u8], kind: u16, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap();
        // Class IN, and a time to live of 0.
        [owner, &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 0], &length.to_be_bytes(), data].concat()
    };
    let of = |owner: &[u8], addresses: &[IpAddr]| -> Vec<Vec<u8>> {
        let one = |address: &IpAddr| match address {
            IpAddr::V4(address) => (question.kind == 1).then(|| record(owner, 1, &address.octets())),
            IpAddr::V6(address) => (question.kind == 28).then(|| record(owner, 28, &address.octets())),
        };
        addresses.iter().filter_map(one).collect()
    };
    let (mut truncated, mut code) = (0, 0);
    match reply {
        Reply::Addresses(addresses) => records = of(&TO_THE_QUESTION, addresses),
        Reply::Long(addresses) if question.tcp => records = of(&TO_THE_QUESTION, addresses),
        Reply::Long(_) => truncated = 2,
        Reply::Alias(other, addresses) => {
            records.push(record(&TO_THE_QUESTION, 5, &encoded(other)));
            records.extend(of(&encoded(other), addresses));
        }
        Reply::Name(name) => records.push(record(&TO_THE_QUESTION, 12, &encoded(name))),
        Reply::Missing => code = 3,
        Reply::Failure => code = 2,
        Reply::Silence => return None,
    }
    let count = u16::try_from(records.len()).unwrap().to_be_bytes();
    // A response to a recursive question, and the same number.
    let header = [asked[0], asked[1], 0x81 | truncated, 0x80 | code, 0, 1, count[0], count[1], 0, 0, 0, 0];
    Some([&header, &asked[12..], &records.concat()].concat())
}

fn encoded(name: &str) -> Vec<u8> {
    let labels = name.split('.').flat_map(|label| {
        let length = u8::try_from(label.len()).unwrap();
        std::iter::once(length).chain(label.bytes())
    });
    labels.chain([0]).collect()
}
