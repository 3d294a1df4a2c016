//! What a child may ask of the kernel: a seccomp filter over what Landlock does not govern.
//!
//! Landlock knows files and TCP. Other sockets, the attributes of files, who watches them, other processes, namespaces and
//! the machine itself are closed here. Where a call does many things by a number, as `ioctl`, those that programs need are
//! let through and no others; calls that are newer than this filter are told to be missing. Forks and threads are the
//! supervisor's to allow, which counts them.

mod calls;
mod steps;

use libc::sock_filter;

use steps::{ALLOW, ASK, Filter, both, give, high, if_any, if_equal, low, refusal};

/// Every flag of `clone` that makes a namespace.
const NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET) as u32
    | 0x80;

/// `SOCK_TYPE_MASK` of the kernel: the other bits are flags.
const SOCKET_KIND: u32 = 0xf;

/// Whether there is a filter for this machine.
pub(super) const fn is_supported() -> bool {
    cfg!(any(target_arch = "x86_64", target_arch = "aarch64"))
}

/// What of TCP a child may use; the ports are Landlock's to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tcp {
    pub(super) connect: bool,
    pub(super) listen: bool,
}

impl Tcp {
    fn is_any(self) -> bool {
        self.connect || self.listen
    }
}

/// Has the supervisor asked about forks, and about sockets that listen. Every child gets this one first.
pub(super) fn counting(asks_to_listen: bool) -> Vec<sock_filter> {
    let mut filter = Filter::begin(None);
    // Its flags are in memory, so programs are told to take the older way.
    filter.answer(&[libc::SYS_clone3], refusal(libc::ENOSYS));
    filter.on(libc::SYS_clone, &[low(0), if_any(NAMESPACES, 0, 1), give(refusal(libc::EPERM)), give(ASK)]);
    filter.answer(calls::ASKING, ASK);
    if asks_to_listen {
        filter.answer(&[libc::SYS_listen], ASK);
    }
    filter.end()
}

/// What a child that is confined gets besides, when it has nothing to hand to its supervisor any more.
pub(super) fn confined(tcp: Tcp) -> Vec<sock_filter> {
    let refused = refusal(libc::EPERM);
    let mut filter = Filter::begin(Some(calls::NEWEST));
    filter.answer(calls::MISSING, refusal(libc::ENOSYS));
    filter.answer(calls::UNSUPPORTED, refusal(libc::EOPNOTSUPP));
    filter.answer(calls::REFUSED, refused);
    filter.answer(calls::REFUSED_HERE, refused);
    for call in calls::OF_THE_CALLER {
        filter.by_value(*call, 0, &[0], ALLOW, refused);
    }
    for (call, kind) in calls::OF_ONE_PROCESS {
        filter.on(*call, &[low(0), if_equal(*kind, 0, 2), low(1), if_equal(0, 1, 0), give(refused), give(ALLOW)]);
    }
    filter.by_value(libc::SYS_personality, 0, calls::PERSONALITIES, ALLOW, refused);
    filter.by_value(libc::SYS_fcntl, 1, calls::REFUSED_CONTROLS, refused, ALLOW);
    filter.by_value(libc::SYS_ioctl, 1, &calls::device_requests(), ALLOW, refusal(libc::ENOTTY));
    sockets(&mut filter, tcp);
    filter.end()
}

/// TCP over IPv4 and IPv6 if there is any, pairs of connected streams, and nothing else. A socket for datagrams can send to
/// any other one of the machine by its path, and Landlock is not asked.
fn sockets(filter: &mut Filter, tcp: Tcp) {
    let refused = give(refusal(libc::EPERM));
    let closed = give(refusal(libc::EACCES));
    if tcp.is_any() {
        let steps = [
            low(0),
            if_equal(libc::AF_INET as u32, 1, 0),
            if_equal(libc::AF_INET6 as u32, 0, 7),
            low(1),
            both(SOCKET_KIND),
            if_equal(libc::SOCK_STREAM as u32, 0, 4),
            // Not MPTCP, which is TCP by another name.
            low(2),
            if_equal(0, 1, 0),
            if_equal(libc::IPPROTO_TCP as u32, 0, 1),
            give(ALLOW),
            closed,
        ];
        filter.on(libc::SYS_socket, &steps);
    } else {
        filter.on(libc::SYS_socket, &[closed]);
    }
    let streams = [
        low(0),
        if_equal(libc::AF_UNIX as u32, 0, 4),
        low(1),
        both(SOCKET_KIND),
        if_equal(libc::SOCK_STREAM as u32, 0, 1),
        give(ALLOW),
        closed,
    ];
    filter.on(libc::SYS_socketpair, &streams);
    if !tcp.listen {
        // A socket that was never bound gets a port here, and Landlock is not asked.
        filter.on(libc::SYS_listen, &[refused]);
    }
    // Nobody needs an address who sends to a connection. Sockets that the host may have passed on could take one.
    let to_the_connection = [
        low(3),
        if_any(libc::MSG_FASTOPEN as u32, 4, 0),
        low(4),
        if_equal(0, 0, 2),
        high(4),
        if_equal(0, 1, 0),
        refused,
        give(ALLOW),
    ];
    filter.on(libc::SYS_sendto, &to_the_connection);
    for (call, flags) in calls::SENDING_MESSAGES {
        if tcp.is_any() {
            filter.on(*call, &[low(*flags), if_any(libc::MSG_FASTOPEN as u32, 0, 1), refused, give(ALLOW)]);
        } else {
            // The one thing that streams do not carry without it is descriptors: on their way they count for no limit of
            // the child, but for one that all processes of the host's user share.
            filter.on(*call, &[refused]);
        }
    }
}

#[cfg(test)]
mod tests {
    use libc::c_long;

    use super::*;

    const CLOSED: Tcp = Tcp { connect: false, listen: false };
    const CONNECTING: Tcp = Tcp { connect: true, listen: false };

    /// What a filter answers to a call of this machine, as the kernel runs it.
    fn answer(filter: &[sock_filter], call: c_long, arguments: &[u64]) -> u32 {
        let mut data = [0_u8; 64];
        data[..4].copy_from_slice(&(call as u32).to_ne_bytes());
        data[4..8].copy_from_slice(&steps::NATIVE.to_ne_bytes());
        for (argument, bytes) in arguments.iter().zip(data[16..].chunks_exact_mut(8)) {
            bytes.copy_from_slice(&argument.to_ne_bytes());
        }
        let (mut at, mut value) = (0, 0);
        loop {
            let step = filter[at];
            let jump = |condition: bool| usize::from(if condition { step.jt } else { step.jf });
            at += 1 + match u32::from(step.code) {
                code if code == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS => {
                    value = u32::from_ne_bytes(*data[step.k as usize..].first_chunk().unwrap());
                    0
                }
                code if code == libc::BPF_ALU | libc::BPF_AND | libc::BPF_K => {
                    value &= step.k;
                    0
                }
                code if code == libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K => jump(value == step.k),
                code if code == libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K => jump(value > step.k),
                code if code == libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K => jump(value & step.k != 0),
                code if code == libc::BPF_RET | libc::BPF_K => return step.k,
                code => panic!("no such step: {code}"),
            };
        }
    }

    #[test]
    fn what_is_newer_than_the_filter_is_missing() {
        let filter = confined(CLOSED);
        for call in [calls::NEWEST + 1, 500, 1000, 0x4000_0000, 0x4000_0000 + libc::SYS_read, 0xffff_ffff] {
            assert_eq!(answer(&filter, call, &[]), refusal(libc::ENOSYS), "{call}");
        }
        for call in [libc::SYS_read, libc::SYS_execveat, libc::SYS_statx, libc::SYS_getrandom] {
            assert_eq!(answer(&filter, call, &[]), ALLOW, "{call}");
        }
    }

    #[test]
    fn sockets_are_tcp_and_pairs_of_streams() {
        let socket = |tcp, family: i32, kind: i32, protocol: i32| {
            answer(&confined(tcp), libc::SYS_socket, &[family as u64, kind as u64, protocol as u64])
        };
        let closed = refusal(libc::EACCES);
        let stream = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        assert_eq!(socket(CLOSED, libc::AF_INET, stream, 0), closed);
        for family in [libc::AF_INET, libc::AF_INET6] {
            assert_eq!(socket(CONNECTING, family, stream, 0), ALLOW);
            assert_eq!(socket(CONNECTING, family, stream, libc::IPPROTO_TCP), ALLOW);
            for (kind, protocol) in [
                (libc::SOCK_DGRAM, 0),
                (libc::SOCK_RAW, 0),
                (libc::SOCK_SEQPACKET, 0),
                (stream, libc::IPPROTO_MPTCP),
                (stream, libc::IPPROTO_SCTP),
            ] {
                assert_eq!(socket(CONNECTING, family, kind, protocol), closed, "{kind} {protocol}");
            }
        }
        for family in (0..64).filter(|family| ![libc::AF_INET, libc::AF_INET6].contains(family)) {
            assert_eq!(socket(CONNECTING, family, stream, 0), closed, "{family}");
            let pair = answer(&confined(CONNECTING), libc::SYS_socketpair, &[family as u64, stream as u64]);
            assert_eq!(pair, if family == libc::AF_UNIX { ALLOW } else { closed }, "{family}");
        }
        for kind in (0..16).filter(|kind| *kind != libc::SOCK_STREAM) {
            let pair = answer(&confined(CONNECTING), libc::SYS_socketpair, &[libc::AF_UNIX as u64, kind as u64]);
            assert_eq!(pair, closed, "{kind}");
        }
    }

    #[test]
    fn who_sends_to_a_connection_gives_no_address() {
        let send = |call, arguments: &[u64]| answer(&confined(CONNECTING), call, arguments);
        let refused = refusal(libc::EPERM);
        assert_eq!(send(libc::SYS_sendto, &[3, 1, 1, libc::MSG_NOSIGNAL as u64, 0, 0]), ALLOW);
        for address in [1, 1 << 32, u64::MAX] {
            assert_eq!(send(libc::SYS_sendto, &[3, 1, 1, 0, address, 16]), refused, "{address:x}");
        }
        let fast_open = libc::MSG_FASTOPEN as u64;
        assert_eq!(send(libc::SYS_sendto, &[3, 1, 1, fast_open, 0, 0]), refused);
        for (call, flags) in calls::SENDING_MESSAGES {
            let mut arguments = [1_u64; 4];
            arguments[*flags as usize] = 0;
            assert_eq!(send(*call, &arguments), ALLOW);
            assert_eq!(answer(&confined(CLOSED), *call, &arguments), refused);
            arguments[*flags as usize] = fast_open;
            assert_eq!(send(*call, &arguments), refused);
        }
    }

    #[test]
    fn only_the_caller_itself_is_rescheduled() {
        let filter = confined(CLOSED);
        let refused = refusal(libc::EPERM);
        for call in calls::OF_THE_CALLER {
            assert_eq!((answer(&filter, *call, &[0]), answer(&filter, *call, &[1])), (ALLOW, refused));
        }
        for (call, kind) in calls::OF_ONE_PROCESS {
            for other in 0..5 {
                let expected = if other == *kind { ALLOW } else { refused };
                assert_eq!(answer(&filter, *call, &[other.into(), 0]), expected, "{call} {other}");
                assert_eq!(answer(&filter, *call, &[other.into(), 1]), refused, "{call} {other}");
            }
        }
    }

    #[test]
    fn every_request_to_a_device_is_missing_but_those_that_are_named() {
        let filter = confined(CLOSED);
        let request = |request: u64| answer(&filter, libc::SYS_ioctl, &[0, request]);
        for named in calls::device_requests().into_iter().map(u64::from) {
            assert_eq!(request(named), ALLOW, "{named:x}");
            // The kernel takes no more than the lower half.
            assert_eq!(request(named | 1 << 40), ALLOW, "{named:x}");
        }
        for other in [0, 0x5412, 0x541c, 0x540e, 0x5423, 0x4008_6602, 0x401c_5820, 0x5000_9401, 0xffff_ffff] {
            assert_eq!(request(other), refusal(libc::ENOTTY), "{other:x}");
        }
    }

    #[test]
    fn forks_are_asked_for_and_namespaces_are_not_made() {
        let filter = counting(true);
        assert_eq!(answer(&filter, libc::SYS_clone, &[libc::SIGCHLD as u64]), ASK);
        assert_eq!(answer(&filter, libc::SYS_clone, &[libc::CLONE_NEWUSER as u64]), refusal(libc::EPERM));
        assert_eq!(answer(&filter, libc::SYS_clone3, &[]), refusal(libc::ENOSYS));
        assert_eq!(answer(&filter, libc::SYS_socket, &[]), ALLOW);
        assert_eq!(answer(&filter, libc::SYS_listen, &[]), ASK);
        assert_eq!(answer(&counting(false), libc::SYS_listen, &[]), ALLOW);
    }
}
