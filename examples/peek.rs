use bytes::Bytes;
use millrace::lab::Conductor;
use millrace::lab::messages::*;
fn main() {
    let scenario = millrace::scenario::presets::named("first-steps").unwrap().scenario();
    let mut c = Conductor::new();
    let _ = Bytes::new();
    c.handle(
        Command { id: 1, body: CommandBody::Start { run: 1, scenario: Box::new(scenario) } },
        None,
    );
    let mut n = 0;
    let mut started = false;
    loop {
        if !c.is_busy() {
            if started {
                break;
            }
            started = true;
            c.handle(
                Command { id: 2, body: CommandBody::Advance { run: 1, until: Until::End } },
                None,
            );
        }
        for u in c.work() {
            match u {
                Update::Trace { events, .. } => {
                    for e in events {
                        n += 1;
                        println!(
                            "{:>4} {:>10} {:?} <- {:?} {}",
                            e.seq.0,
                            e.at.0,
                            e.node.map(|n| n.0),
                            e.cause.map(|c| c.0),
                            serde_json::to_string(&e.kind).unwrap()
                        );
                        if n > 600 {
                            return;
                        }
                    }
                }
                other => println!("{other:?}"),
            }
        }
    }
}
