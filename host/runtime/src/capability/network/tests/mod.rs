//! What the operations do and refuse, on real sockets.
