use super::*;

#[tokio::test]
async fn a_program_runs_and_tells_how_it_ended() {
    let world = World::open();
    let output = world.shell("echo out; echo err >&2; exit 7").await;
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("out\n", "err\n"));
    assert_eq!(output.status, ExitStatus::Code(7));
}
