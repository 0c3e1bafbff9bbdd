//! The layout as shapes: nothing overlaps, nothing sticks out, at any size of box and cluster.

use super::*;
use std::rc::Rc;

const BOXES: [(f64, f64); 7] = [
    (1280.0, 560.0),
    (1366.0, 540.0),
    (1024.0, 540.0),
    (1920.0, 840.0),
    (820.0, 900.0),
    (900.0, 560.0),
    (640.0, 500.0),
];

const TEXT_60: &str = "the mill turns and the river runs past the old mill\n\
    the miller counts the sacks and the sacks count the days\n\
    a sack of wheat a sack of rye a sack of barley and of oats\n\
    the wheel turns the stone and the stone turns the grain\n\
    grain to flour and flour to bread and bread to the town\n\
    and the river runs and the mill turns and the days run on\n";

fn ask(width: f64, height: f64, nodes: u16, racks: u16, slots: u32) -> Ask {
    let shape = |place| NodeShape {
        id: NodeId::nth(place),
        rack: RackId(place % racks + 1),
        map_slots: slots,
        reduce_slots: slots,
    };
    Ask {
        width,
        height,
        presenter: false,
        nodes: (0..nodes).map(shape).collect(),
        blocks: (0..4)
            .map(|place| (place * 86, 86.min(TEXT_60.len() as u64 - place * 86)))
            .collect(),
        copies: 2,
        maps: 4,
        reduces: 2,
        text: Some(Rc::from(TEXT_60)),
        focus: None,
    }
}

fn assert_apart_and_inside(name: &str, frame: Rect, pieces: &[Rect]) {
    for (place, piece) in pieces.iter().enumerate() {
        assert!(frame.holds(*piece), "{name}: {piece:?} is outside {frame:?}");
        for other in &pieces[..place] {
            assert!(!piece.overlaps(*other), "{name}: {piece:?} overlaps {other:?}");
        }
    }
}

fn check(ask: &Ask) {
    let layout = StageLayout::new(ask);
    let name = format!("{}×{} {} nodes", ask.width, ask.height, ask.nodes.len());
    let mut panels =
        vec![layout.board.frame, layout.input.frame, layout.matrix.frame, layout.outputs];
    panels.extend(layout.lanes.iter().map(|lane| lane.frame));
    panels.extend(layout.racks.iter().map(|rack| rack.frame));
    panels.extend(layout.brackets.iter().map(|bracket| bracket.frame));
    panels.extend(layout.focus.iter().map(|lane| lane.frame));
    assert_apart_and_inside(&name, layout.frame, &panels);
    for lane in layout.lanes.iter().chain(&layout.focus) {
        check_lane(&name, lane);
    }
    for rack in &layout.racks {
        let tiles = rack.tiles.iter().flat_map(|tile| [tile.map, tile.reduce]);
        assert_apart_and_inside(&name, rack.frame, &tiles.chain([rack.label]).collect::<Vec<_>>());
    }
    assert_apart_and_inside(&name, layout.outputs, &layout.parts);
    assert!(layout.matrix.frame.holds(layout.matrix.grid), "{name}: {:?}", layout.matrix);
    let pieces = layout.input.blocks.iter().flat_map(|block| block.pieces.iter().copied());
    assert_apart_and_inside(&name, layout.input.frame, &pieces.collect::<Vec<_>>());
    for row in [&layout.board.maps, &layout.board.reduces] {
        assert_apart_and_inside(&name, layout.board.frame, &row.columns);
    }
}

fn check_lane(name: &str, lane: &Lane) {
    let identity = &lane.identity;
    let mut parts = vec![identity.name, identity.belief];
    parts.extend(identity.chips.into_iter().chain(identity.truth));
    assert_apart_and_inside(name, identity.frame, &parts);
    let areas = [identity.frame, lane.maps.frame, lane.disk, lane.reduces.frame];
    assert_apart_and_inside(name, lane.frame, &areas);
    for slots in [&lane.maps, &lane.reduces] {
        assert_apart_and_inside(name, slots.frame, &slots.slots);
    }
    assert!(lane.reduces.frame.x - lane.disk.right() >= 24.0, "{name}: no room for the shuffle");
}

#[test]
fn every_size_of_cluster_fits_every_box() {
    for (width, height) in BOXES {
        for (nodes, racks) in [(0, 1), (1, 1), (3, 2), (8, 2), (9, 3), (24, 3), (50, 5), (200, 20)]
        {
            for slots in [1, 2, 8, 32] {
                for presenter in [false, true] {
                    check(&Ask { presenter, ..ask(width, height, nodes, racks, slots) });
                }
            }
        }
    }
}

#[test]
fn any_number_of_tasks_and_blocks_fits() {
    for (blocks, maps, reduces) in [(0, 0, 0), (1, 1, 1), (60, 60, 8), (61, 61, 9), (500, 500, 50)]
    {
        let mut asked = ask(1280.0, 560.0, 50, 5, 2);
        asked.blocks = (0..blocks).map(|place| (place * 100, 100)).collect();
        (asked.maps, asked.reduces, asked.text) = (maps, reduces, None);
        check(&asked);
        check(&Ask { focus: Some(NodeId(7)), ..asked });
    }
}

#[test]
fn the_first_run_is_legible_in_full_at_every_size() {
    for (width, height) in &BOXES[..5] {
        for presenter in [false, true] {
            let layout = StageLayout::new(&Ask { presenter, ..ask(*width, *height, 3, 2, 2) });
            assert!(layout.input.is_whole, "{width}×{height} presenter {presenter}");
            assert_eq!(layout.detail, Detail::Full);
            assert!(layout.board.maps.style as u8 <= ChipStyle::Numbered as u8);
        }
    }
}

#[test]
fn the_node_in_focus_is_at_full_size_among_many() {
    let layout = StageLayout::new(&Ask { focus: Some(NodeId(7)), ..ask(1280.0, 560.0, 50, 5, 2) });
    let lane = layout.lane(NodeId(7)).expect("the node in focus has a lane");
    assert!(lane.frame.height >= 80.0);
    assert!(lane.identity.chips.is_some());
}

#[test]
fn presenter_mode_has_text_of_16_and_24_pixels() {
    let pixels = |width, height| {
        let asked = Ask { presenter: true, ..ask(width, height, 3, 2, 2) };
        StageLayout::new(&asked).scale * TEXT
    };
    assert!(pixels(1000.0, 560.0) >= 16.0);
    assert!(pixels(1880.0, 840.0) >= 24.0);
}

#[test]
fn the_text_is_all_there_and_a_cut_stands_at_its_byte() {
    let layout = StageLayout::new(&ask(1280.0, 560.0, 3, 2, 2)).input;
    let shown: String = layout.rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(shown, TEXT_60.replace('\n', ""));
    for block in &layout.blocks[1..] {
        let offset = layout.blocks.iter().position(|b| b == block).expect("it is one of them") * 86;
        let before = &TEXT_60[..offset];
        let row = layout.rows.iter().rfind(|row| row.bytes.0 <= offset as u64).expect("a row");
        let column = before.len() as u64 - row.bytes.0;
        assert!((block.cut.x - row.frame.x - column as f64 * LETTER).abs() < 0.01);
    }
}

#[test]
fn what_is_read_is_marked_to_the_byte_and_no_further() {
    let layout = StageLayout::new(&ask(1280.0, 560.0, 3, 2, 2)).input;
    let letters = |from, to| -> f64 {
        read_marks(&layout, from, to).iter().map(|mark| mark.width / LETTER).sum()
    };
    assert!((letters(10, 97) - 87.0).abs() < 0.01);
    assert_eq!(letters(40, 40), 0.0);
}

#[test]
fn text_that_is_not_ascii_wraps_between_letters() {
    let mut asked = ask(900.0, 560.0, 3, 2, 2);
    let text = "größer als ein Wörterbuch 日本語のテキスト ".repeat(4);
    asked.blocks = vec![(0, 41), (41, text.len() as u64 - 41)];
    asked.text = Some(Rc::from(text.as_str()));
    let layout = StageLayout::new(&asked).input;
    let shown: String = layout.rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(shown, text);
}

#[test]
fn a_disk_shows_its_outputs_apart_or_summed() {
    let frame = Rect::new(10.0, 10.0, 80.0, 60.0);
    for outputs in 0..40 {
        let disk = disk(frame, outputs);
        assert_apart_and_inside("disk", frame, &disk.rows);
        assert_eq!(disk.rows.len(), if disk.is_summed { 1 } else { outputs });
    }
    let segments = Disk::segments(frame, &[1, 0, 7]);
    assert_apart_and_inside("segments", frame, &segments);
    assert!(segments[2].width > segments[0].width && segments[1].width > 10.0);
}
