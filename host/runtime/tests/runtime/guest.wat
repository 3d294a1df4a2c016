;; A guest that does what the tests tell it. Operations are told apart by the first four letters of their names; `$$abcd`
;; stands for the number that these letters make.
(module
  (import "airssys:core/host-services@1.0.0" "log"
    (func $log (param i32 i32 i32 i32 i32)))
  (import "airssys:core/host-services@1.0.0" "send-message"
    (func $send-message (param i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "airssys:core/host-services@1.0.0" "send-request"
    (func $send-request (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "airssys:core/host-services@1.0.0" "cancel-request"
    (func $cancel-request (param i32 i32 i32)))
  (import "airssys:core/host-services@1.0.0" "current-time" (func $current-time (param i32)))
  (import "airssys:core/host-services@1.0.0" "sleep" (func $sleep (param i32)))
  (import "airssys:core/host-services@1.0.0" "list-components" (func $list-components (param i32)))
  (import "airssys:core/host-services@1.0.0" "get-component-metadata"
    (func $get-component-metadata (param i32 i32 i32 i32 i32 i32 i32)))
  (import "airssys:ext-network/tcp@1.0.0" "listen"
    (func $listen (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "airssys:ext-network/tcp@1.0.0" "[method]tcp-listener.local-address"
    (func $listener-address (param i32 i32)))
  (import "airssys:ext-network/connections@1.0.0" "[constructor]connection-pool"
    (func $connection-pool (param i32 i32 i32) (result i32)))
  (import "[export]test:guest/counters@1.0.0" "[resource-new]counter" (func $counter-new (param i32) (result i32)))

  (memory (export "memory") 4)
  (table $spare 1 funcref)
  ;; 16: results of exports. 64: results of imports. 256: constants. 4096: events. 65536: the heap.
  (data (i32.const 256) "test")
  (data (i32.const 260) "guest")
  (data (i32.const 265) "1.0.0")
  (data (i32.const 270) "A guest for tests.")
  (data (i32.const 300) "init")
  (data (i32.const 304) "shutdown")
  (data (i32.const 312) "ping")
  (data (i32.const 320) "stream")
  (data (i32.const 326) "stdout")
  ;; The field `stream` = `stdout`: two addresses, each with its length.
  (data (i32.const 336) "\40\01\00\00\06\00\00\00\46\01\00\00\06\00\00\00")
  (global $heap (mut i32) (i32.const 65536))
  (global $events (mut i32) (i32.const 4096))
  (global $health (mut i32) (i32.const 0))
  (global $dropped (mut i32) (i32.const 0))

  (func $realloc (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32)
    (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
      (then
        (if (i32.eq
              (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16))))
              (i32.const -1))
          (then (unreachable)))))
    (memory.copy (local.get $at) (local.get $old) (local.get $old-size))
    (local.get $at))

  (func $event (param $kind i32) (param $at i32) (param $length i32)
    (i32.store8 (global.get $events) (local.get $kind))
    (i32.store8 (i32.add (global.get $events) (i32.const 1)) (i32.const 58))
    (memory.copy (i32.add (global.get $events) (i32.const 2)) (local.get $at) (local.get $length))
    (global.set $events (i32.add (i32.add (global.get $events) (i32.const 3)) (local.get $length)))
    (i32.store8 (i32.sub (global.get $events) (i32.const 1)) (i32.const 10)))

  (func $first (param $at i32) (param $length i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $length) (i32.const 4))
      (then (i32.const 0))
      (else (i32.load (local.get $at)))))

  (func $ok (param $at i32) (param $length i32) (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (local.get $at))
    (i32.store (i32.const 24) (local.get $length))
    (i32.const 16))

  (func $err (param $case i32) (param $at i32) (param $length i32) (result i32)
    (i32.store (i32.const 16) (i32.const 1))
    (i32.store (i32.const 20) (local.get $case))
    (i32.store (i32.const 24) (local.get $at))
    (i32.store (i32.const 28) (local.get $length))
    (i32.const 16))

  ;; One byte: 255 for success, else the number of the error case that the import left at 64.
  (func $outcome (result i32)
    (i32.store8 (i32.const 48)
      (if (result i32) (i32.load8_u (i32.const 64))
        (then (i32.load8_u (i32.const 72)))
        (else (i32.const 255))))
    (call $ok (i32.const 48) (i32.const 1)))

  (func $say (param $at i32) (param $length i32)
    (call $log (i32.const 2) (local.get $at) (local.get $length) (i32.const 0) (i32.const 0)))

  (func $spin (loop $again (br $again)))

  (func $exhaust
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    (unreachable))

  (func $recurse (call $recurse))

  ;; A table that grows until it cannot.
  (func $table
    (loop $again (br_if $again (i32.ne (table.grow $spare (ref.null func) (i32.const 1000)) (i32.const -1))))
    (unreachable))

  ;; Handles until there are no more.
  (func $hoard (loop $again (drop (call $counter-new (i32.const 1))) (br $again)))

  (func (export "airssys:core/component-lifecycle@1.0.0#init") (param $config i32) (result i32)
    (local $word i32)
    (call $say (i32.const 300) (i32.const 4))
    (if (i32.load8_u offset=32 (local.get $config))
      (then
        (local.set $word
          (call $first (i32.load offset=36 (local.get $config)) (i32.load offset=40 (local.get $config))))
        (if (i32.eq (local.get $word) (i32.const $$fail))
          (then
            (return (call $err (i32.const 1)
              (i32.load offset=36 (local.get $config)) (i32.load offset=40 (local.get $config))))))
        (if (i32.eq (local.get $word) (i32.const $$spin)) (then (call $spin)))
        (if (i32.eq (local.get $word) (i32.const $$trap)) (then (unreachable)))))
    (call $event (i32.const 105) (i32.const 0) (i32.const 0))
    (call $ok (i32.const 0) (i32.const 0)))

  (func (export "airssys:core/component-lifecycle@1.0.0#execute") (param $arguments i32) (result i32)
    (local $at i32) (local $length i32) (local $word i32) (local $count i32)
    (local.set $at (i32.load offset=8 (local.get $arguments)))
    (local.set $length (i32.load offset=12 (local.get $arguments)))
    (local.set $word
      (call $first (i32.load (local.get $arguments)) (i32.load offset=4 (local.get $arguments))))
    ;; A request is told what to do by its bytes.
    (if (i32.and (i32.eq (local.get $word) (i32.const $$hand)) (i32.ge_u (local.get $length) (i32.const 4)))
      (then
        (local.set $word (i32.load (local.get $at)))
        (if (i32.ne (local.get $word) (i32.const $$spin))
          (then (if (i32.ne (local.get $word) (i32.const $$trap))
            (then (if (i32.ne (local.get $word) (i32.const $$fail))
              (then (local.set $word (i32.const $$echo))))))))))
    (if (i32.eq (local.get $word) (i32.const $$echo))
      (then (return (call $ok (local.get $at) (local.get $length)))))
    (if (i32.eq (local.get $word) (i32.const $$fail))
      (then (return (call $err (i32.const 2) (local.get $at) (local.get $length)))))
    (if (i32.eq (local.get $word) (i32.const $$trap)) (then (unreachable)))
    (if (i32.eq (local.get $word) (i32.const $$spin)) (then (call $spin)))
    (if (i32.eq (local.get $word) (i32.const $$exha)) (then (call $exhaust)))
    (if (i32.eq (local.get $word) (i32.const $$recu)) (then (call $recurse)))
    (if (i32.eq (local.get $word) (i32.const $$tabl)) (then (call $table)))
    (if (i32.eq (local.get $word) (i32.const $$hoar)) (then (call $hoard)))
    ;; grow: as many pages as the first four bytes say.
    (if (i32.eq (local.get $word) (i32.const $$grow))
      (then
        (if (i32.eq (memory.grow (i32.load (local.get $at))) (i32.const -1))
          (then (return (call $err (i32.const 5) (i32.const 312) (i32.const 4)))))
        (return (call $ok (i32.const 0) (i32.const 0)))))
    (if (i32.eq (local.get $word) (i32.const $$seen))
      (then (return (call $ok (i32.const 4096) (i32.sub (global.get $events) (i32.const 4096))))))
    ;; context: caller kind, request id.
    (if (i32.eq (local.get $word) (i32.const $$cont))
      (then
        (return (call $ok (i32.load offset=16 (local.get $arguments)) (i32.load offset=20 (local.get $arguments))))))
    ;; log: the input. logs: "ping", as often as the first four bytes say.
    (if (i32.eq (local.get $word) (i32.const $$say!))
      (then
        (call $say (local.get $at) (local.get $length))
        (return (call $ok (i32.const 0) (i32.const 0)))))
    (if (i32.eq (local.get $word) (i32.const $$logs))
      (then
        (local.set $count (i32.load (local.get $at)))
        (loop $again
          (call $say (i32.const 312) (i32.const 4))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (return (call $ok (i32.const 0) (i32.const 0)))))
    ;; print: lines of one letter to standard output, as many bytes as the second four bytes say, as often as the first.
    (if (i32.eq (local.get $word) (i32.const $$prin))
      (then
        (local.set $count (i32.load (local.get $at)))
        (local.set $length (i32.load offset=4 (local.get $at)))
        (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get $length)))
        (local.set $word (i32.const 0))
        (loop $fill
          (i32.store16 (i32.add (local.get $at) (local.get $word)) (i32.const 0x0a61))
          (br_if $fill
            (i32.lt_u (local.tee $word (i32.add (local.get $word) (i32.const 2))) (local.get $length))))
        (loop $again
          (call $log (i32.const 2) (local.get $at) (local.get $length) (i32.const 336) (i32.const 1))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (return (call $ok (i32.const 0) (i32.const 0)))))
    (if (i32.eq (local.get $word) (i32.const $$slee))
      (then
        (call $sleep (i32.load (local.get $at)))
        (return (call $ok (i32.const 0) (i32.const 0)))))
    ;; send: "ping" to test/<input>@1.0.0.
    (if (i32.eq (local.get $word) (i32.const $$send))
      (then
        (call $send-message
          (i32.const 256) (i32.const 4) (local.get $at) (local.get $length) (i32.const 265) (i32.const 5)
          (i32.const 312) (i32.const 4) (i32.const 64))
        (return (call $outcome))))
    ;; refused: the same, and then permission-denied with the input as text.
    (if (i32.eq (local.get $word) (i32.const $$refu))
      (then
        (call $send-message
          (i32.const 256) (i32.const 4) (local.get $at) (local.get $length) (i32.const 265) (i32.const 5)
          (i32.const 312) (i32.const 4) (i32.const 64))
        (return (call $err (i32.const 3) (local.get $at) (local.get $length)))))
    ;; large: a message of 5 MiB to test/<input>@1.0.0.
    (if (i32.eq (local.get $word) (i32.const $$larg))
      (then
        (call $send-message
          (i32.const 256) (i32.const 4) (local.get $at) (local.get $length) (i32.const 265) (i32.const 5)
          (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 5242880)) (i32.const 5242880)
          (i32.const 64))
        (return (call $outcome))))
    ;; request: four bytes of timeout, four bytes of request, the rest is the name of the target. Gives the id.
    (if (i32.eq (local.get $word) (i32.const $$requ))
      (then
        (call $send-request
          (i32.const 256) (i32.const 4)
          (i32.add (local.get $at) (i32.const 8)) (i32.sub (local.get $length) (i32.const 8))
          (i32.const 265) (i32.const 5)
          (i32.add (local.get $at) (i32.const 4)) (i32.const 4)
          (i32.load (local.get $at))
          (i32.const 64))
        (if (i32.load8_u (i32.const 64)) (then (return (call $outcome))))
        (return (call $ok (i32.load (i32.const 72)) (i32.load (i32.const 76))))))
    ;; churn: sends requests to test/<input after four bytes>@1.0.0 and cancels each, as often as the four bytes say.
    (if (i32.eq (local.get $word) (i32.const $$chur))
      (then
        (local.set $count (i32.load (local.get $at)))
        (loop $again
          (call $send-request
            (i32.const 256) (i32.const 4)
            (i32.add (local.get $at) (i32.const 4)) (i32.sub (local.get $length) (i32.const 4))
            (i32.const 265) (i32.const 5) (i32.const 312) (i32.const 4) (i32.const -1) (i32.const 64))
          (if (i32.load8_u (i32.const 64)) (then (return (call $outcome))))
          (call $cancel-request (i32.load (i32.const 72)) (i32.load (i32.const 76)) (i32.const 64))
          (if (i32.load8_u (i32.const 64)) (then (return (call $outcome))))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (return (call $outcome))))
    (if (i32.eq (local.get $word) (i32.const $$canc))
      (then
        (call $cancel-request (local.get $at) (local.get $length) (i32.const 64))
        (return (call $outcome))))
    ;; metadata-of: of test/<input>@1.0.0.
    (if (i32.eq (local.get $word) (i32.const $$meta))
      (then
        (call $get-component-metadata
          (i32.const 256) (i32.const 4) (local.get $at) (local.get $length) (i32.const 265) (i32.const 5)
          (i32.const 64))
        (return (call $outcome))))
    ;; bind: listens on a free port of 127.0.0.1 and gives it in two bytes. The handle stays open.
    (if (i32.eq (local.get $word) (i32.const $$bind))
      (then
        (call $listen
          (i32.const 0) (i32.const 127) (i32.const 0) (i32.const 0) (i32.const 1)
          (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 16) (i32.const 0) (i32.const 0) (i32.const 64))
        (if (i32.load8_u (i32.const 64)) (then (return (call $outcome))))
        (call $listener-address (i32.load (i32.const 72)) (i32.const 64))
        (if (i32.load8_u (i32.const 64)) (then (return (call $outcome))))
        (return (call $ok (i32.const 90) (i32.const 2)))))
    ;; pool: of as many connections as the first four bytes say.
    (if (i32.eq (local.get $word) (i32.const $$pool))
      (then
        (drop (call $connection-pool (i32.load (local.get $at)) (i32.const 0) (i32.const 0)))
        (return (call $ok (i32.const 0) (i32.const 0)))))
    ;; list: how many components are visible, as one byte.
    (if (i32.eq (local.get $word) (i32.const $$list))
      (then
        (call $list-components (i32.const 64))
        (return (call $ok (i32.const 68) (i32.const 1)))))
    (call $err (i32.const 0) (i32.load (local.get $arguments)) (i32.load offset=4 (local.get $arguments))))

  (func (export "airssys:core/component-lifecycle@1.0.0#handle-message")
    (param i32 i32 i32 i32 i32 i32) (param $at i32) (param $length i32) (result i32)
    (local $word i32)
    (local.set $word (call $first (local.get $at) (local.get $length)))
    (if (i32.eq (local.get $word) (i32.const $$fail))
      (then (return (call $err (i32.const 2) (local.get $at) (local.get $length)))))
    (if (i32.eq (local.get $word) (i32.const $$trap)) (then (unreachable)))
    (if (i32.eq (local.get $word) (i32.const $$sick)) (then (global.set $health (i32.const 1))))
    (if (i32.eq (local.get $word) (i32.const $$dead)) (then (global.set $health (i32.const -1))))
    (call $event (i32.const 109) (local.get $at) (local.get $length))
    (call $ok (i32.const 0) (i32.const 0)))

  (func (export "airssys:core/component-lifecycle@1.0.0#handle-callback")
    (param i32 i32) (param $failed i32) (param $at i32) (param $length i32) (result i32)
    (call $event
      (select (i32.const 101) (i32.const 111) (local.get $failed)) (local.get $at) (local.get $length))
    (call $ok (i32.const 0) (i32.const 0)))

  (func (export "airssys:core/component-lifecycle@1.0.0#metadata") (result i32)
    (i32.store (i32.const 128) (i32.const 256)) (i32.store (i32.const 132) (i32.const 4))
    (i32.store (i32.const 136) (i32.const 260)) (i32.store (i32.const 140) (i32.const 5))
    (i32.store (i32.const 144) (i32.const 265)) (i32.store (i32.const 148) (i32.const 5))
    (i32.store (i32.const 152) (i32.const 270)) (i32.store (i32.const 156) (i32.const 18))
    (i32.const 128))

  (func (export "airssys:core/component-lifecycle@1.0.0#health") (result i32)
    (if (i32.eq (global.get $health) (i32.const -1)) (then (unreachable)))
    (global.get $health))

  (func (export "airssys:core/component-lifecycle@1.0.0#shutdown") (result i32)
    (call $say (i32.const 304) (i32.const 8))
    (call $ok (i32.const 0) (i32.const 0)))

  ;; counters: a resource whose number is its own representation.
  (func (export "test:guest/counters@1.0.0#make") (param $start i32) (result i32)
    (call $counter-new (local.get $start)))
  (func (export "test:guest/counters@1.0.0#[method]counter.get") (param $counter i32) (result i32)
    (local.get $counter))
  (func (export "test:guest/counters@1.0.0#consume") (param $handle i32) (result i32)
    (local.get $handle))
  (func (export "test:guest/counters@1.0.0#dropped") (result i32)
    (global.get $dropped))
  (func (export "test:guest/counters@1.0.0#[dtor]counter") (param $counter i32)
    ;; One that counts to this does not end well.
    (if (i32.eq (local.get $counter) (i32.const 0x7ead)) (then (unreachable)))
    (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
)
