//! The steps of tasks come to what their runs recorded: the same spills, the same merges, the same
//! counters, and the output.

use super::*;
use crate::base::{InputFile, NodeId, TaskId, Time};
use crate::lab::Conductor;
use crate::lab::forkable::{ForkState, Forkable};
use crate::lab::messages::zoom::{Did, RunOf, ZoomStep};
use crate::lab::messages::{Command, CommandBody, Query, Until};
use crate::lab::run::{Progress, Run};
use crate::scenario::{Input, Key, Scenario, presets};
use crate::trace::event::{Counters, Volume};
use crate::trace::script::Reach;
use crate::trace::{BatchEvent, Event, EventKind, FailureEvent};

/// A finished run, and what it recorded.
struct Lab {
    conductor: Conductor,
    events: Vec<Event>,
}

impl Lab {
    fn run(scenario: Scenario) -> Lab {
        let mut lab = Lab { conductor: Conductor::new(), events: Vec::new() };
        lab.ask(CommandBody::Start { run: 1, scenario: Box::new(scenario) }).unwrap();
        lab.ask(CommandBody::Advance { run: 1, until: Until::End }).unwrap();
        while lab.conductor.is_busy() {
            let updates = lab.conductor.work();
            lab.hear(updates);
        }
        lab
    }

    fn hear(&mut self, updates: Vec<Update>) -> Option<Result<Reply, LabError>> {
        let mut answer = None;
        for update in updates {
            match update {
                Update::Reply { result, .. } => answer = Some(result),
                Update::Trace { events, .. } => self.events.extend(events),
                Update::Ready { .. } | Update::Finished { .. } => {}
            }
        }
        answer
    }

    fn ask(&mut self, body: CommandBody) -> Result<Reply, LabError> {
        let updates = self.conductor.handle(Command { id: 7, body }, None);
        let mut answer = self.hear(updates);
        while answer.is_none() {
            let updates = self.conductor.work();
            answer = self.hear(updates);
        }
        answer.unwrap()
    }

    fn window(
        &mut self,
        script: &Script,
        window: Window,
        rows_from: u64,
    ) -> Result<ZoomSteps, LabError> {
        let query = ZoomQuery { script: Arc::new(script.clone()), window, rows_from };
        let query = Query::Zoom(Box::new(query));
        match self.ask(CommandBody::Inspect { run: 1, query })? {
            Reply::Zoom(steps) => Ok(*steps),
            other => panic!("{other:?}"),
        }
    }

    /// All steps of an attempt, window by window.
    fn steps(&mut self, script: &Script) -> Vec<ZoomStep> {
        let mut all = Vec::new();
        loop {
            let window = Window::From(all.len() as u64, 50);
            let ZoomSteps { from, steps, total } = self.window(script, window, 0).unwrap();
            assert_eq!(from, all.len() as u64);
            all.extend(steps);
            if total.is_some_and(|total| total == all.len() as u64) {
                return all;
            }
            assert!(all.len() < 100_000);
        }
    }

    fn script(&self, attempt: AttemptId) -> Script {
        Script::of(&self.events, attempt).unwrap()
    }

    fn attempts(&self, kind: TaskKind) -> Vec<AttemptId> {
        let succeeded = |event: &Event| match &event.kind {
            EventKind::Batch(BatchEvent::AttemptSucceeded { attempt, .. }) => Some(*attempt),
            _ => None,
        };
        self.events.iter().filter_map(succeeded).filter(|it| it.task.kind == kind).collect()
    }

    fn batch(&self) -> impl Iterator<Item = &BatchEvent> {
        self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Batch(batch) => Some(batch),
            _ => None,
        })
    }

    fn counters(&self, id: AttemptId) -> Counters {
        let found = self.batch().find_map(|event| match event {
            BatchEvent::AttemptSucceeded { attempt, counters, .. } if *attempt == id => {
                Some(*counters)
            }
            _ => None,
        });
        found.unwrap()
    }
}

fn scenario(preset: &str, changes: &[(Key, u64)]) -> Scenario {
    let mut scenario = presets::named(preset).unwrap().scenario();
    for (key, value) in changes {
        scenario.parameters.set(*key, *value).unwrap();
    }
    if changes.iter().any(|(key, _)| *key == Key::SortBuffer) {
        scenario.parameters.set(Key::Scale, 10_000).unwrap();
    }
    scenario
}

/// Words enough for many spills.
fn prose(lines: usize) -> String {
    let words = ["the", "mill", "wheel", "turns", "and", "river", "stone", "grain", "a", "flour"];
    let mut text = String::new();
    for line in 0..lines {
        for place in 0..(line * 7) % 13 {
            text.push_str(words[(line * 31 + place * place * 17) % words.len()]);
            text.push(' ');
        }
        text.push_str(&format!("w{}\n", line % 97));
    }
    text
}

/// Spills as they began, with what was in them, and as they ended, with what came of them.
type Spills = (Vec<(u32, Volume)>, Vec<(u32, Volume, Volume)>);

/// The spills that the steps tell.
fn spills_told(steps: &[ZoomStep]) -> Spills {
    let begun = steps.iter().filter_map(|step| match &step.did {
        Did::BeginSpill { spill, content, .. } => Some((*spill, *content)),
        _ => None,
    });
    let ended = steps.iter().filter_map(|step| match &step.did {
        Did::EndSpill { spill, before, after } => Some((*spill, *before, *after)),
        _ => None,
    });
    (begun.collect(), ended.collect())
}

fn spills_recorded(lab: &Lab, id: AttemptId) -> Spills {
    let begun = lab.batch().filter_map(|event| match event {
        BatchEvent::SpillStarted { attempt, spill, content, .. } if *attempt == id => {
            Some((*spill, *content))
        }
        _ => None,
    });
    let ended = lab.batch().filter_map(|event| match event {
        BatchEvent::SpillFinished { attempt, spill, before, after } if *attempt == id => {
            Some((*spill, *before, *after))
        }
        _ => None,
    });
    (begun.collect(), ended.collect())
}

/// A map's steps against the trace: spills, segments, counters, and each record in its place.
fn check_map(lab: &mut Lab, id: AttemptId) -> Vec<ZoomStep> {
    let script = lab.script(id);
    assert_eq!(script.reach, Reach::Whole);
    let steps = lab.steps(&script);
    assert_eq!(spills_told(&steps), spills_recorded(lab, id), "{id}");
    let ready = lab.batch().find_map(|event| match event {
        BatchEvent::MapOutputReady { attempt, segments } if *attempt == id => Some(segments),
        _ => None,
    });
    let Some(ZoomStep { did: Did::EndMap { segments, counters, .. }, .. }) = steps.last() else {
        panic!("{:?}", steps.last())
    };
    assert_eq!(Some(segments), ready);
    assert_eq!(*counters, lab.counters(id), "{id}");
    let mut pairs = 0;
    let mut lines = 0;
    for step in &steps {
        if let Did::Line(line) = &step.did {
            assert_eq!(line.first_pair, pairs, "{id}");
            pairs += line.all_pairs;
            assert_eq!(line.pairs.len() as u64, line.all_pairs.min(120), "{id}");
            lines += u64::from(!line.stops);
        }
        if let Some(buffer) = step.buffer {
            assert!(buffer.leaving + buffer.filling <= buffer.capacity.max(200), "{buffer:?}");
        }
    }
    assert_eq!((pairs, lines), (counters.map_output_records, counters.map_input_records));
    steps
}

/// A reduce's steps against the trace: merges, groups, counters and the part.
fn check_reduce(lab: &mut Lab, id: AttemptId) -> Vec<ZoomStep> {
    let script = lab.script(id);
    let steps = lab.steps(&script);
    let told = steps.iter().filter_map(|step| match &step.did {
        Did::ReduceMerge { pass, inputs, before, after, of, used, limit, .. } => {
            Some((*pass, inputs.len(), *before, *after, *of, *used, *limit))
        }
        _ => None,
    });
    let told: Vec<_> = told.collect();
    let mut recorded = Vec::new();
    for event in lab.batch() {
        match event {
            BatchEvent::MergeStarted { attempt, pass, inputs, segments, memory, .. }
                if *attempt == id =>
            {
                recorded.push((*pass, *inputs as usize, *segments, memory.unwrap(), None));
            }
            BatchEvent::MergeFinished { attempt, pass, before, after } if *attempt == id => {
                let found = recorded.iter_mut().find(|merge| merge.0 == *pass).unwrap();
                found.4 = Some((*before, *after));
            }
            _ => {}
        }
    }
    let recorded: Vec<_> = recorded
        .into_iter()
        .map(|(pass, inputs, of, memory, volumes)| {
            let (before, after) = volumes.unwrap();
            (pass, inputs, before, after, of, memory.used_bytes, memory.limit_bytes)
        })
        .collect();
    assert_eq!(told, recorded, "{id}");
    let Some(ZoomStep { did: Did::EndReduce { written, counters }, .. }) = steps.last() else {
        panic!("{:?}", steps.last())
    };
    assert_eq!(*counters, Counters { failed_shuffle: 0, ..lab.counters(id) }, "{id}");
    let groups: Vec<&ZoomStep> =
        steps.iter().filter(|step| matches!(step.did, Did::Group { .. })).collect();
    assert_eq!(groups.len() as u64, counters.reduce_input_groups);
    let mut bytes = 0;
    let mut values = 0;
    for step in &steps {
        match &step.did {
            Did::Group { rows, written, .. } => {
                values += rows.total;
                bytes += written.len() as u64;
            }
            Did::Finish { written } => bytes += written.len() as u64,
            Did::Fetch { differs, .. } => assert!(!differs),
            _ => {}
        }
    }
    assert_eq!((values, bytes), (counters.reduce_input_records, written.bytes));
    steps
}

/// The first run, whose buffer spills more than once a map.
#[test]
fn each_task_of_the_first_run_comes_to_what_it_recorded() {
    let mut lab = Lab::run(scenario("first-steps", &[]));
    for id in lab.attempts(TaskKind::Map) {
        check_map(&mut lab, id);
    }
    for id in lab.attempts(TaskKind::Reduce) {
        let steps = check_reduce(&mut lab, id);
        let Some(Did::Group { key, rows, written, .. }) =
            steps.iter().map(|step| &step.did).find(|did| matches!(did, Did::Group { .. }))
        else {
            panic!("no group")
        };
        let sum: u64 = rows.rows.iter().map(|row| row.value.parse::<u64>().unwrap()).sum();
        assert_eq!(*written, format!("{key}\t{sum}\n"));
    }
}

/// Compressed map outputs are read as plain ones are, and the steps name the bytes that lie on disk.
#[test]
fn compressed_outputs_come_to_what_they_recorded() {
    let changes = [(Key::SortBuffer, 2_048), (Key::MapOutputCodec, 1), (Key::SortFactor, 3)];
    let mut scenario = scenario("first-steps", &changes);
    scenario.input = Input::Text(prose(200));
    let mut lab = Lab::run(scenario);
    let counted: Counters = lab.attempts(TaskKind::Map).iter().map(|id| lab.counters(*id)).fold(
        Counters::default(),
        |mut sum, more| {
            sum.add(&more);
            sum
        },
    );
    assert!(counted.map_output_materialized_bytes > 0);
    for id in lab.attempts(TaskKind::Map) {
        assert!(check_map(&mut lab, id).len() > 10);
    }
    for id in lab.attempts(TaskKind::Reduce) {
        check_reduce(&mut lab, id);
    }
}

/// Word count over many spills, with and without a combiner and at several buffer sizes: the
/// zoom's spills are the run's, though where they begin depends on time.
#[test]
fn many_spills_begin_where_they_began_in_the_run() {
    let mut most = 0;
    for (combiner, buffer, percent, factor) in
        [(1, 4_096, 80, 10), (1, 2_048, 50, 2), (0, 4_096, 95, 3), (1, 1_024, 80, 3)]
    {
        let mut scenario = scenario(
            "first-steps",
            &[
                (Key::Combiner, combiner),
                (Key::SortBuffer, buffer),
                (Key::SpillPercent, percent),
                (Key::SortFactor, factor),
                (Key::BlockSize, 8_192),
            ],
        );
        scenario.input = Input::Text(prose(900));
        let mut lab = Lab::run(scenario);
        let maps = lab.attempts(TaskKind::Map);
        assert!(maps.len() > 2);
        for id in maps.into_iter().take(3) {
            let steps = check_map(&mut lab, id);
            let (begun, _) = spills_told(&steps);
            most = most.max(begun.len());
            check_merge(&steps, begun.len(), combiner == 1, factor);
            check_spill(&steps);
        }
        for id in lab.attempts(TaskKind::Reduce) {
            check_reduce(&mut lab, id);
        }
    }
    assert!(most > 10, "{most}");
}

/// Passes read no more than the factor, and the combiner runs again from three spills on, in last
/// passes alone.
fn check_merge(steps: &[ZoomStep], spills: usize, combiner: bool, most: u64) {
    let begun = steps.iter().find_map(|step| match step.did {
        Did::BeginMerge { spills, combines, .. } => Some((spills as usize, combines)),
        _ => None,
    });
    let expected = (spills > 1).then_some((spills, combiner && spills >= 3));
    assert_eq!(begun, expected);
    let mut last_passes = 0;
    for step in steps {
        if let Did::MergePass { inputs, last, combines, before, after, .. } = step.did {
            assert!(u64::from(inputs) <= most);
            assert_eq!(combines, last && combiner && spills >= 3);
            assert!(combines || before.records == after.records);
            last_passes += u32::from(last);
        }
    }
    assert_eq!(last_passes > 0, spills > 1);
}

/// A spill's rows are sorted by partition and key, and each key's values add up to its result.
fn check_spill(steps: &[ZoomStep]) {
    for step in steps {
        match &step.did {
            Did::Sort { rows, .. } => {
                assert!(!rows.rows.is_empty());
                let order =
                    |row: &crate::lab::messages::zoom::Row| (row.partition, row.key.clone());
                assert!(rows.rows.is_sorted_by_key(order));
            }
            Did::Combine { groups, before, after, .. } => {
                assert!(before.records >= after.records);
                for group in groups {
                    let sum = group.values.iter().map(|value| value.parse::<u64>().unwrap());
                    let is_whole = group.values.len() as u64 == group.count;
                    assert!(!is_whole || sum.sum::<u64>().to_string() == group.result);
                    assert!(group.count > 0);
                }
            }
            _ => {}
        }
    }
}

/// The record-boundary rule: a split's first partial line is skipped, its last one read past the
/// end, and a line that starts exactly at the end belongs to the split before.
#[test]
fn the_boundary_rule_is_seen_at_work() {
    let mut scenario = scenario("first-steps", &[(Key::BlockSize, 16)]);
    // Lines begin at 0, 16 and 25: the first ends exactly at the cut.
    scenario.input = Input::Text("fifteen letters\nof eight\nacross the cut\nend\n".to_owned());
    let mut lab = Lab::run(scenario);
    let mut said: Vec<Vec<String>> = Vec::new();
    let mut maps = lab.attempts(TaskKind::Map);
    maps.sort_unstable();
    for id in maps {
        let steps = check_map(&mut lab, id);
        let told = steps.iter().filter_map(|step| match &step.did {
            Did::Skip { bytes, text, .. } => Some(format!("skip {bytes}: {text}")),
            Did::Line(line) => Some(format!(
                "{} {}: {}",
                line.start,
                if line.start == line.piece.end {
                    "at the end"
                } else if line.next > line.piece.end {
                    "past the end"
                } else {
                    "inside"
                },
                line.text
            )),
            Did::EndOfPiece { position, piece, .. } => {
                assert!(*position > piece.end || *position == piece.length);
                Some(format!("over at {position}"))
            }
            _ => None,
        });
        said.push(told.collect());
    }
    let expected: [&[&str]; 3] = [
        &["0 inside: fifteen letters", "16 at the end: of eight", "over at 25"],
        &["skip 9: of eight\n", "25 past the end: across the cut", "over at 40"],
        &["skip 8: the cut\n", "40 inside: end", "over at 44"],
    ];
    assert_eq!(said, expected);
}

/// Small files go together into combined splits, whose pieces are read one after another.
#[test]
fn pieces_of_several_files_are_read_one_after_another() {
    let mut lab = Lab::run(scenario("small-files", &[(Key::CombineInputs, 1)]));
    let mut most = 0;
    for id in lab.attempts(TaskKind::Map) {
        let steps = check_map(&mut lab, id);
        let Did::BeginMap { pieces, .. } = &steps[0].did else { panic!("it begins") };
        let ends = steps.iter().filter(|step| matches!(step.did, Did::EndOfPiece { .. }));
        assert_eq!(ends.count(), pieces.len());
        most = most.max(pieces.len());
    }
    assert!(most > 1);
}

/// What a mapper keeps for the end of its lines is a step of its own.
#[test]
fn the_largest_of_a_split_are_emitted_at_its_end() {
    let mut lab = Lab::run(scenario("top-n", &[]));
    for id in lab.attempts(TaskKind::Map) {
        let script = lab.script(id);
        let steps = lab.steps(&script);
        assert_eq!(spills_told(&steps), spills_recorded(&lab, id));
        let kept = steps.iter().filter(|step| matches!(step.did, Did::Kept { all_pairs: 1.., .. }));
        assert_eq!(kept.count(), 1);
    }
    for id in lab.attempts(TaskKind::Reduce) {
        let steps = check_reduce(&mut lab, id);
        assert!(steps.iter().any(|step| matches!(step.did, Did::Finish { .. })));
    }
}

/// A map without reduces writes its part itself.
#[test]
fn a_map_without_reduces_has_no_buffer() {
    let mut lab = Lab::run(scenario("grep", &[]));
    for id in lab.attempts(TaskKind::Map) {
        let script = lab.script(id);
        let steps = lab.steps(&script);
        assert!(steps.iter().all(|step| step.buffer.is_none()));
        let Did::EndMapOnly { counters, .. } = steps.last().unwrap().did else { panic!("an end") };
        assert_eq!(counters, lab.counters(id));
    }
}

/// A line that is poison is where its attempt throws, here too.
#[test]
fn a_poisoned_attempt_throws_at_its_line() {
    let mut lab = Lab::run(scenario("poison-record", &[]));
    let threw = |event: &Event| match &event.kind {
        EventKind::Failure(FailureEvent::AttemptThrew { attempt, .. }) => Some(*attempt),
        _ => None,
    };
    let id = lab.events.iter().find_map(threw).unwrap();
    let script = lab.script(id);
    let steps = lab.steps(&script);
    let Did::Throw { error } = &steps.last().unwrap().did else { panic!("it throws") };
    assert!(error.contains("throws at the record"), "{error}");
}

/// A run whose files are given as they are, and whose disks can be taken away.
struct Bare {
    run: Run,
    events: Vec<Event>,
}

impl Bare {
    fn run(scenario: Scenario, files: Files) -> Bare {
        let mut run = Run::start(scenario, files).unwrap();
        let (mut oracle, mut events) = (run.oracle(), run.state.take_events());
        loop {
            let (fresh, progress) = run.work(Time(u64::MAX), &mut oracle);
            events.extend(fresh);
            if let Progress::Finished(_) = progress {
                return Bare { run, events };
            }
        }
    }

    fn steps(&self, script: &Script, keep_disks: bool) -> Vec<ZoomStep> {
        let mut zooms = Zooms::default();
        let (mut all, script) = (Vec::new(), Arc::new(script.clone()));
        loop {
            let mut material = self.run.material(&script).unwrap();
            if !keep_disks {
                let splits = self.run.state.simulation.coordinator().splits().to_vec();
                material.splits = (0..).zip(splits).collect();
                material.segments.clear();
            }
            let window = Window::From(all.len() as u64, 50);
            let query = ZoomQuery { script: script.clone(), window, rows_from: 0 };
            zooms.ask(7, 1, query, material);
            let answer = loop {
                if let Some(Update::Reply { result, .. }) = zooms.work().pop() {
                    break result.unwrap();
                }
            };
            let Reply::Zoom(steps) = answer else { panic!("{answer:?}") };
            all.extend(steps.steps);
            if steps.total == Some(all.len() as u64) {
                return all;
            }
        }
    }
}

/// A compressed file is one split: bytes come, text is decoded, and lines are mapped of that.
#[test]
fn a_gzip_file_is_decoded_and_read_line_by_line() {
    let text = prose(400);
    let mut scenario = scenario("first-steps", &[(Key::SortBuffer, 4_096)]);
    scenario.input = Input::Text(text.clone());
    let bare = Bare::run(
        scenario,
        Files::new(vec![
            InputFile::gzipped("prose.gz", text.as_bytes()).with_text(text.clone().into()),
        ]),
    );
    let id = TaskId::map(0).attempt(0);
    let script = Script::of(&bare.events, id).unwrap();
    let steps = bare.steps(&script, true);
    let decoded: u64 = steps
        .iter()
        .map(|step| match step.did {
            Did::Decode { bytes, .. } => bytes,
            _ => 0,
        })
        .sum();
    assert_eq!(decoded, text.len() as u64);
    let lines: Vec<&str> = steps
        .iter()
        .filter_map(|step| match &step.did {
            Did::Line(line) if !line.goes_on => Some(line.text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(lines, text.lines().collect::<Vec<_>>());
    let Did::EndMap { spills, .. } = steps.last().unwrap().did else { panic!("an end") };
    assert_eq!(spills as usize, script.spills.len());
}

/// The values of a sensor come in the order of their times, in one call of reduce.
#[test]
fn a_secondary_sort_has_a_group_a_sensor() {
    let mut lab = Lab::run(scenario("secondary-sort", &[]));
    for id in lab.attempts(TaskKind::Reduce) {
        let steps = check_reduce(&mut lab, id);
        for step in &steps {
            let Did::Group { rows, written, .. } = &step.did else { continue };
            let times = rows.rows.iter().map(|row| {
                let (_, time) = row.key.rsplit_once(", ").unwrap();
                time.parse::<i64>().unwrap()
            });
            assert!(times.is_sorted());
            let sensor = rows.rows[0].key.rsplit_once(", ").unwrap().0;
            assert!(written.starts_with(&format!("{sensor}\t")), "{written}");
        }
    }
}

/// At any moment of a run, an attempt is told as far as it was, and no further.
#[test]
fn an_attempt_under_way_is_told_as_far_as_it_was() {
    let mut lab = Lab::run(scenario("first-steps", &[]));
    let all = lab.events.clone();
    let mut seen = [0; 2];
    for end in (0..all.len()).step_by(7) {
        for attempt in [TaskId::map(1).attempt(0), TaskId::reduce(0).attempt(0)] {
            let Some(script) = Script::of(&all[..end], attempt) else { continue };
            let steps = lab.steps(&script);
            let is_whole = script.reach == Reach::Whole;
            let last = &steps.last().unwrap().did;
            let ends = matches!(last, Did::EndMap { .. } | Did::EndReduce { .. });
            assert_eq!(ends, is_whole, "{attempt} after {end}: {last:?}");
            let lines = steps.iter().filter(|step| matches!(step.did, Did::Line(_))).count();
            if let Reach::Lines(known) = script.reach {
                assert!(lines as u64 <= known + 1);
            }
            seen[usize::from(attempt.task.kind == TaskKind::Reduce)] += usize::from(!is_whole);
        }
    }
    assert!(seen.iter().all(|count| *count > 3), "{seen:?}");
}

/// What lay on a node that is gone is made again, and is what it was.
#[test]
fn outputs_that_are_gone_are_made_again() {
    let mut scenario =
        scenario("first-steps", &[(Key::SortBuffer, 2_048), (Key::BlockSize, 4_096)]);
    let text = prose(300);
    scenario.input = Input::Text(text.clone());
    let bare = Bare::run(scenario, Files::from(bytes::Bytes::from(text)));
    let script = Script::of(&bare.events, TaskId::reduce(0).attempt(0)).unwrap();
    let here = bare.steps(&script, true);
    let mut made = bare.steps(&script, false);
    for step in &mut made {
        if let Did::Fetch { remade, differs, .. } = &mut step.did {
            assert!(*remade && !*differs);
            *remade = false;
        }
    }
    assert_eq!(made, here);
}

/// A window is what the whole has there, whichever comes first; the last steps are found.
#[test]
fn windows_and_pages_are_cut_from_the_same_steps() {
    let mut scenario =
        scenario("first-steps", &[(Key::SortBuffer, 8_192), (Key::BlockSize, 16_384)]);
    scenario.input = Input::Text(prose(500));
    let mut lab = Lab::run(scenario);
    let script = lab.script(lab.attempts(TaskKind::Map)[0]);
    let all = lab.steps(&script);
    for from in [30_usize, 3, 17, 0] {
        let window = lab.window(&script, Window::From(from as u64, 5), 0).unwrap();
        assert_eq!(window.steps, all[from..from + 5]);
    }
    let last = lab.window(&script, Window::Last(4), 0).unwrap();
    assert_eq!((last.from, last.total), (all.len() as u64 - 4, Some(all.len() as u64)));
    assert_eq!(last.steps, all[all.len() - 4..]);
    let past = lab.window(&script, Window::From(1_000_000, 5), 0).unwrap();
    assert!(past.steps.is_empty());
    // The pages of a table, one after another, are the table.
    let (place, total) = all
        .iter()
        .enumerate()
        .find_map(|(place, step)| match &step.did {
            Did::BeginSpill { rows, .. } if rows.total > 80 => Some((place as u64, rows.total)),
            _ => None,
        })
        .expect("a spill of many records");
    let mut rows = Vec::new();
    while (rows.len() as u64) < total {
        let page = lab.window(&script, Window::From(place, 1), rows.len() as u64).unwrap();
        let Did::BeginSpill { rows: page, .. } = &page.steps[0].did else { panic!("a spill") };
        assert_eq!(page.from, rows.len() as u64);
        rows.extend(page.rows.clone());
    }
    assert_eq!(rows.len() as u64, total);
}

/// Ids that are not in the run are an error in words.
#[test]
fn ids_that_are_not_there_are_refused() {
    let mut lab = Lab::run(scenario("first-steps", &[]));
    for attempt in [TaskId::map(99).attempt(0), TaskId::reduce(99).attempt(0)] {
        let script = Script::of_map(attempt, NodeId(1), Vec::new());
        let error = lab.window(&script, Window::From(0, 5), 0).unwrap_err();
        assert!(error.message.contains("is not in this run"), "{error}");
    }
    let script = Script::of_map(TaskId::map(0).attempt(0), NodeId(99), Vec::new());
    let error = lab.window(&script, Window::From(0, 5), 0).unwrap_err();
    assert!(error.message.contains("node 99"), "{error}");
}

/// Of many fetched outputs the smaller are merged in memory, and merges are named by what they read.
#[test]
fn a_reduce_with_little_memory_merges_as_it_recorded() {
    let changes = [
        (Key::BlockSize, 1_024),
        (Key::ReduceHeap, 64),
        (Key::SortFactor, 3),
        (Key::SortBuffer, 4_096),
        (Key::Combiner, 0),
    ];
    let mut scenario = scenario("first-steps", &changes);
    scenario.input = Input::Text(prose(600));
    scenario.parameters.set(Key::Scale, 65_536).unwrap();
    let mut lab = Lab::run(scenario);
    let mut of_merges = 0;
    for id in lab.attempts(TaskKind::Reduce) {
        for step in check_reduce(&mut lab, id) {
            if let Did::ReduceMerge { inputs, pass, .. } = step.did {
                of_merges += inputs.iter().filter(|run| matches!(run.of, RunOf::Merge(_))).count();
                let is_known = |run: &&crate::lab::messages::zoom::RunView| match run.of {
                    RunOf::Map(_) => true,
                    RunOf::Merge(merge) => merge < pass,
                };
                assert!(inputs.iter().all(|run| is_known(&run)));
            }
        }
    }
    assert!(of_merges > 0);
}
