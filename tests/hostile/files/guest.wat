;; A component in which one function dies. `{NAME}` is what it is called, `{INIT}` and the like whether it is called there.
(module
  (memory (export "memory") 2)
  (data (i32.const 256) "test")
  (data (i32.const 260) "file")
  (data (i32.const 264) "1.0.0")
  (global $heap (mut i32) (i32.const 4096))
  (func $die (@name "{NAME}") (unreachable))
  {START}

  (func (export "cabi_realloc") (param i32 i32 i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func $ok (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (i32.const 0))
    (i32.store (i32.const 24) (i32.const 0))
    (i32.const 16))

  (func (export "airssys:core/component-lifecycle@1.0.0#init") (param i32) (result i32)
    {INIT} (call $ok))
  (func (export "airssys:core/component-lifecycle@1.0.0#execute") (param i32) (result i32)
    {EXECUTE} (call $ok))
  (func (export "airssys:core/component-lifecycle@1.0.0#handle-message") (param i32 i32 i32 i32 i32 i32 i32 i32)
    (result i32) (call $ok))
  (func (export "airssys:core/component-lifecycle@1.0.0#handle-callback") (param i32 i32 i32 i32 i32) (result i32)
    (call $ok))
  (func (export "airssys:core/component-lifecycle@1.0.0#health") (result i32) {HEALTH} (i32.const 0))
  (func (export "airssys:core/component-lifecycle@1.0.0#shutdown") (result i32) (call $ok))
  (func (export "airssys:core/component-lifecycle@1.0.0#metadata") (result i32)
    {METADATA}
    (i32.store (i32.const 128) (i32.const 256)) (i32.store (i32.const 132) (i32.const 4))
    (i32.store (i32.const 136) (i32.const 260)) (i32.store (i32.const 140) (i32.const 4))
    (i32.store (i32.const 144) (i32.const 264)) (i32.store (i32.const 148) (i32.const 5))
    (i32.const 128)))
