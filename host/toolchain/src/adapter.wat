  ;; ---- time ----

  (func (export "PAUSE") (param $pause i32)
    (global.set $paused
      (i32.add (global.get $paused) (select (i32.const 1) (i32.const -1) (local.get $pause)))))

  ;; Whether 16 bytes at this address can be borrowed for a timestamp.
  (func $borrowable (param $at i32) (result i32)
    (i32.and
      (i32.eqz (i32.and (local.get $at) (i32.const 7)))
      (i64.le_u
        (i64.add (i64.extend_i32_u (local.get $at)) (i64.const 16))
        (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))))

  ;; Brings the time up to date, if that is possible; 16 bytes at the address are borrowed.
  (func $refresh (param $at i32)
    (local $first i64) (local $second i64) (local $time i64)
    (if (global.get $paused) (then (return)))
    (if (i32.eqz (call $borrowable (local.get $at))) (then (return)))
    (local.set $first (i64.load (local.get $at)))
    (local.set $second (i64.load offset=8 (local.get $at)))
    (call $current-time (local.get $at))
    (local.set $time
      (i64.add
        (i64.mul (i64.load (local.get $at)) (i64.const 1000000000))
        (i64.load32_u offset=8 (local.get $at))))
    (i64.store (local.get $at) (local.get $first))
    (i64.store offset=8 (local.get $at) (local.get $second))
    ;; Waiting inside a bracket may have moved the time ahead of the host's: then it stands until that catches up.
    (if (i64.gt_u (local.get $time) (global.get $now))
      (then (global.set $now (local.get $time)))))

  (func (export "clock_res_get") (param $clock i32) (param $result i32) (result i32)
    (i64.store align=1 (local.get $result) (i64.const 1000))
    (i32.const SUCCESS))

  ;; Clocks 0 and 1 are the wall clock and the monotonic one; the others measure processor time.
  (func (export "clock_time_get") (param $clock i32) (param $precision i64) (param $result i32) (result i32)
    (if (i32.gt_u (local.get $clock) (i32.const 1)) (then (return (i32.const NOTSUP))))
    (call $refresh (local.get $result))
    (i64.store align=1 (local.get $result) (global.get $now))
    (i32.const SUCCESS))

  ;; How long from $now until a clock subscription is due, in nanoseconds.
  (func $delay (param $subscription i32) (param $from i64) (result i64)
    (local $timeout i64)
    (local.set $timeout (i64.load offset=24 (local.get $subscription)))
    (if (result i64) (i32.and (i32.load16_u offset=40 (local.get $subscription)) (i32.const 1))
      (then
        (if (result i64) (i64.gt_u (local.get $timeout) (local.get $from))
          (then (i64.sub (local.get $timeout) (local.get $from)))
          (else (i64.const 0))))
      (else (local.get $timeout))))

  ;; Waits for the earliest of the clock subscriptions, of 48 bytes each, and reports those that are due then, as events
  ;; of 32 bytes each. Subscriptions to files are never due: there are no files.
  (func (export "poll_oneoff")
    (param $subscriptions i32) (param $events i32) (param $count i32) (param $result i32) (result i32)
    (local $at i32) (local $end i32) (local $from i64) (local $least i64) (local $delay i64) (local $due i32)
    (call $refresh (local.get $events))
    (local.set $from (global.get $now))
    (local.set $least (i64.const -1))
    (local.set $end (i32.add (local.get $subscriptions) (i32.mul (local.get $count) (i32.const 48))))

    (local.set $at (local.get $subscriptions))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (if (i32.eqz (i32.load8_u offset=8 (local.get $at)))
          (then
            (local.set $delay (call $delay (local.get $at) (local.get $from)))
            (if (i64.lt_u (local.get $delay) (local.get $least))
              (then (local.set $least (local.get $delay))))))
        (local.set $at (i32.add (local.get $at) (i32.const 48)))
        (br $next)))
    (if (i64.eq (local.get $least) (i64.const -1)) (then (return (i32.const NOSYS))))

    (if (i32.and (i64.ne (local.get $least) (i64.const 0)) (i32.eqz (global.get $paused)))
      (then
        ;; Milliseconds, rounded up, and at most what the host takes at once: who wakes early waits again.
        (local.set $delay (i64.add (i64.div_u (i64.sub (local.get $least) (i64.const 1)) (i64.const 1000000)) (i64.const 1)))
        (if (i64.gt_u (local.get $delay) (i64.const 0xffffffff)) (then (local.set $delay (i64.const 0xffffffff))))
        (call $sleep (i32.wrap_i64 (local.get $delay)))
        (call $refresh (local.get $events)))
      (else
        (global.set $now (i64.add (local.get $from) (local.get $least)))))

    (local.set $at (local.get $subscriptions))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (if (i32.eqz (i32.load8_u offset=8 (local.get $at)))
          (then
            (if (i64.eq (call $delay (local.get $at) (local.get $from)) (local.get $least))
              (then
                (i64.store (local.get $events) (i64.load (local.get $at)))
                (i64.store offset=8 (local.get $events) (i64.const 0))
                (i64.store offset=16 (local.get $events) (i64.const 0))
                (i64.store offset=24 (local.get $events) (i64.const 0))
                (local.set $events (i32.add (local.get $events) (i32.const 32)))
                (local.set $due (i32.add (local.get $due) (i32.const 1)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 48)))
        (br $next)))
    (i32.store (local.get $result) (local.get $due))
    (i32.const SUCCESS))

  ;; ---- output ----

  (func (export "fd_write")
    (param $file i32) (param $vectors i32) (param $count i32) (param $result i32) (result i32)
    (local $total i32) (local $address i32) (local $length i32)
    (if (i32.gt_u (i32.sub (local.get $file) (i32.const 1)) (i32.const 1)) (then (return (i32.const BADF))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $address (i32.load (local.get $vectors)))
        (local.set $length (i32.load offset=4 (local.get $vectors)))
        (if (i32.eqz (global.get $paused))
          (then (call $write (local.get $file) (local.get $address) (i32.add (local.get $address) (local.get $length)))))
        (local.set $total (i32.add (local.get $total) (local.get $length)))
        (local.set $vectors (i32.add (local.get $vectors) (i32.const 8)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.store (local.get $result) (local.get $total))
    (i32.const SUCCESS))

  ;; Logs the bytes from $start to $end: runs of UTF-8 as they are, and U+FFFD for each byte that is none, because the
  ;; host takes nothing but UTF-8.
  (func $write (param $file i32) (param $start i32) (param $end i32)
    (local $at i32) (local $length i32)
    (local.set $at (local.get $start))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $length (call $character (local.get $at) (local.get $end)))
        (if (local.get $length)
          (then (local.set $at (i32.add (local.get $at) (local.get $length))))
          (else
            (call $piece (local.get $file) (local.get $start) (local.get $at))
            (call $replacement (local.get $file))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $start (local.get $at))))
        (br $next)))
    (call $piece (local.get $file) (local.get $start) (local.get $end)))

  ;; The length of the character at $at, or 0 if what is there is not UTF-8.
  (func $character (param $at i32) (param $end i32) (result i32)
    (local $first i32) (local $second i32) (local $length i32)
    (local.set $first (i32.load8_u (local.get $at)))
    (if (i32.lt_u (local.get $first) (i32.const 0x80)) (then (return (i32.const 1))))
    (if (i32.lt_u (local.get $first) (i32.const 0xc2)) (then (return (i32.const 0))))
    (if (i32.gt_u (local.get $first) (i32.const 0xf4)) (then (return (i32.const 0))))
    (local.set $length
      (i32.add (i32.const 2)
        (i32.add
          (i32.ge_u (local.get $first) (i32.const 0xe0))
          (i32.ge_u (local.get $first) (i32.const 0xf0)))))
    (if (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $at))) (then (return (i32.const 0))))
    (local.set $second (i32.load8_u offset=1 (local.get $at)))
    (if (i32.eqz (call $continues (local.get $second))) (then (return (i32.const 0))))
    ;; Longer than need be, a surrogate, or above U+10FFFF.
    (if (i32.and (i32.eq (local.get $first) (i32.const 0xe0)) (i32.lt_u (local.get $second) (i32.const 0xa0)))
      (then (return (i32.const 0))))
    (if (i32.and (i32.eq (local.get $first) (i32.const 0xed)) (i32.gt_u (local.get $second) (i32.const 0x9f)))
      (then (return (i32.const 0))))
    (if (i32.and (i32.eq (local.get $first) (i32.const 0xf0)) (i32.lt_u (local.get $second) (i32.const 0x90)))
      (then (return (i32.const 0))))
    (if (i32.and (i32.eq (local.get $first) (i32.const 0xf4)) (i32.gt_u (local.get $second) (i32.const 0x8f)))
      (then (return (i32.const 0))))
    (if (i32.gt_u (local.get $length) (i32.const 2))
      (then
        (if (i32.eqz (call $continues (i32.load8_u offset=2 (local.get $at)))) (then (return (i32.const 0))))))
    (if (i32.gt_u (local.get $length) (i32.const 3))
      (then
        (if (i32.eqz (call $continues (i32.load8_u offset=3 (local.get $at)))) (then (return (i32.const 0))))))
    (local.get $length))

  (func $continues (param $byte i32) (result i32)
    (i32.eq (i32.and (local.get $byte) (i32.const 0xc0)) (i32.const 0x80)))

  ;; Logs one piece. For its field 32 bytes are borrowed outside of the piece: below it, else behind it; if there is room
  ;; in neither place it goes without.
  (func $piece (param $file i32) (param $start i32) (param $end i32)
    (local $room i32)
    (if (i32.ge_u (local.get $start) (local.get $end)) (then (return)))
    (local.set $room (i32.const 64))
    (if (i32.lt_u (local.get $start) (i32.const 96))
      (then
        (local.set $room (i32.and (i32.add (local.get $end) (i32.const 7)) (i32.const -8)))
        (if (i64.gt_u
              (i64.add (i64.extend_i32_u (local.get $room)) (i64.const 32))
              (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
          (then
            (call $log
              (local.get $file) (local.get $start) (i32.sub (local.get $end) (local.get $start))
              (i32.const 0) (i32.const 0))
            (return)))))
    (call $log-with-field
      (local.get $file) (local.get $start) (i32.sub (local.get $end) (local.get $start)) (local.get $room)))

  ;; Logs U+FFFD, borrowing 8 bytes for it.
  (func $replacement (param $file i32)
    (local $saved i64)
    (local.set $saved (i64.load (i32.const 96)))
    (i64.store (i32.const 96) (i64.const 0xbdbfef))
    (call $log-with-field (local.get $file) (i32.const 96) (i32.const 3) (i32.const 64))
    (i64.store (i32.const 96) (local.get $saved)))

  ;; One tuple of two strings at $room, and the strings behind it. Levels: 2 is info, 3 is warn.
  (func $log-with-field (param $file i32) (param $address i32) (param $length i32) (param $room i32)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local.set $a (i64.load (local.get $room)))
    (local.set $b (i64.load offset=8 (local.get $room)))
    (local.set $c (i64.load offset=16 (local.get $room)))
    (local.set $d (i64.load offset=24 (local.get $room)))
    (i32.store (local.get $room) (i32.add (local.get $room) (i32.const 16)))
    (i32.store offset=4 (local.get $room) (i32.const 6))
    (i32.store offset=8 (local.get $room) (i32.add (local.get $room) (i32.const 24)))
    (i32.store offset=12 (local.get $room) (i32.const 6))
    ;; "stream"; "stdout" or "stderr"
    (i64.store offset=16 (local.get $room) (i64.const 0x6d6165727473))
    (i64.store offset=24 (local.get $room)
      (select (i64.const 0x74756f647473) (i64.const 0x727265647473) (i32.eq (local.get $file) (i32.const 1))))
    (call $log
      (i32.add (local.get $file) (i32.const 1)) (local.get $address) (local.get $length) (local.get $room) (i32.const 1))
    (i64.store (local.get $room) (local.get $a))
    (i64.store offset=8 (local.get $room) (local.get $b))
    (i64.store offset=16 (local.get $room) (local.get $c))
    (i64.store offset=24 (local.get $room) (local.get $d)))

  ;; ---- the rest ----

  ;; The three standard files look like terminals, so that C writes line by line: nothing would flush a larger buffer.
  (func (export "fd_fdstat_get") (param $file i32) (param $result i32) (result i32)
    (if (i32.gt_u (local.get $file) (i32.const 2)) (then (return (i32.const BADF))))
    ;; A character device, without flags; rights: read and write, not seek and tell.
    (i64.store (local.get $result) (i64.const 2))
    (i64.store offset=8 (local.get $result) (i64.const 0x42))
    (i64.store offset=16 (local.get $result) (i64.const 0))
    (i32.const SUCCESS))

  ;; Standard input is at its end.
  (func (export "fd_read") (param $file i32) (param i32 i32) (param $result i32) (result i32)
    (if (local.get $file) (then (return (i32.const BADF))))
    (i32.store (local.get $result) (i32.const 0))
    (i32.const SUCCESS))

  (func (export "fd_close") (param $file i32) (result i32)
    (select (i32.const BADF) (i32.const SUCCESS) (i32.gt_u (local.get $file) (i32.const 2))))

  (func (export "environ_sizes_get") (param $count i32) (param $size i32) (result i32)
    (i32.store (local.get $count) (i32.const 0))
    (i32.store (local.get $size) (i32.const 0))
    (i32.const SUCCESS))
  (func (export "environ_get") (param i32 i32) (result i32) (i32.const SUCCESS))
  (func (export "sched_yield") (result i32) (i32.const SUCCESS))

  ;; Nothing runs in the instance afterwards: its memory is free to use. What is logged is how the host learns of the
  ;; status: level error, "exited", the fields "kind" = "exit" and "status" = the status in decimal digits.
  (func (export "proc_exit") (param $status i32)
    (local $digit i32)
    (if (i32.eqz (global.get $paused))
      (then
        ;; Two tuples of two strings at 64, and the strings behind them.
        (i32.store (i32.const 64) (i32.const 96))
        (i32.store (i32.const 68) (i32.const 4))
        (i32.store (i32.const 72) (i32.const 104))
        (i32.store (i32.const 76) (i32.const 4))
        (i32.store (i32.const 80) (i32.const 112))
        (i32.store (i32.const 84) (i32.const 6))
        (i64.store (i32.const 96) (i64.const 0x646e696b))
        (i64.store (i32.const 104) (i64.const 0x74697865))
        (i64.store (i32.const 112) (i64.const 0x737574617473))
        (i64.store (i32.const 120) (i64.const 0x646574697865))
        ;; The digits, from the last to the first, end at 144.
        (local.set $digit (i32.const 144))
        (loop $next
          (local.set $digit (i32.sub (local.get $digit) (i32.const 1)))
          (i32.store8 (local.get $digit)
            (i32.add (i32.const 0x30) (i32.rem_u (local.get $status) (i32.const 10))))
          (local.set $status (i32.div_u (local.get $status) (i32.const 10)))
          (br_if $next (local.get $status)))
        (i32.store (i32.const 88) (local.get $digit))
        (i32.store (i32.const 92) (i32.sub (i32.const 144) (local.get $digit)))
        (call $log (i32.const 4) (i32.const 120) (i32.const 6) (i32.const 64) (i32.const 2))))
    (unreachable))
