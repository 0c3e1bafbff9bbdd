//! Stage and player are in view without scrolling on each usual screen, and all text is large enough to read.

use serde_json::json;

use crate::lab::{Lab, NOTHING};

const VIEWS: [(u32, u32); 5] = [(1280, 800), (1366, 768), (1024, 768), (1920, 1080), (820, 1180)];

/// What lies outside of the view, or is as good as absent.
const OUTSIDE: &str = "(() => {
    const wrong = [];
    const root = document.scrollingElement;
    if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} wide`);
    if (root.scrollHeight > innerHeight) wrong.push(`the page is ${root.scrollHeight} high`);
    for (const selector of ['.stage', '.stage svg', '.transport', '[data-testid=play]', '[data-testid=step-back]',
            '[data-testid=step]', '[data-testid=scrubber]', '[data-testid=speed]', '[data-testid=step-size]', '.caption']) {
        const it = document.querySelector(selector)?.getBoundingClientRect();
        if (!it) wrong.push(`${selector} is missing`);
        else if (it.left < -0.5 || it.top < -0.5 || it.right > innerWidth + 0.5 || it.bottom > innerHeight + 0.5
            || it.width < 20 || it.height < 20)
            wrong.push(`${selector} is at ${[it.left, it.top, it.right, it.bottom].map(Math.round)}`);
    }
    const stage = document.querySelector('.stage')?.getBoundingClientRect();
    if (stage && stage.height < innerHeight * 0.35) wrong.push(`the stage is only ${stage.height} high`);
    return wrong;
})()";

/// Texts that are smaller on the screen than `least` CSS pixels.
const SMALL: &str = "(least) => {
    const small = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim();
        const it = walker.currentNode.parentElement;
        if (!text || !it.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (it.closest('.unseen, script, style, option')) continue;
        const matrix = it.ownerSVGElement && it.getScreenCTM();
        const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
        const size = parseFloat(getComputedStyle(it).fontSize) * scale;
        if (size < least - 0.05) small.set(`${size.toFixed(1)} px in ${it.closest('[class]')?.getAttribute('class')}`, text.slice(0, 40));
    }
    return [...small].map(([what, text]) => `${what}: ${text}`);
}";

/// What is wrong with the page as it is now, at every size.
fn look(lab: &mut Lab, what: &str, found: &mut Vec<String>) {
    for (width, height) in VIEWS {
        lab.page.set_view(width, height);
        lab.drawn();
        lab.drawn();
        let outside = lab.page.evaluate(OUTSIDE);
        let small = lab.page.evaluate(&format!("({SMALL})(12)"));
        for lines in [outside, small] {
            let lines = lines.as_array().into_iter().flatten();
            found.extend(lines.map(|line| format!("{width}×{height}, {what}: {line}")));
        }
    }
}

#[test]
fn stage_and_player_are_in_view_without_scrolling_and_legible() {
    let mut found = Vec::new();
    let mut lab = Lab::open("");
    look(&mut lab, "first sight", &mut found);
    lab.simulated();
    for _ in 0..14 {
        lab.press_and_move("ArrowRight");
    }
    look(&mut lab, "middle", &mut found);
    lab.page.press("Shift+End");
    lab.page.wait_until("document.querySelector('#lab').dataset.finished === 'true'");
    look(&mut lab, "end", &mut found);
    assert_eq!(found, NOTHING);
}

#[test]
fn larger_clusters_are_in_view_and_legible_too() {
    let mut found = Vec::new();
    for name in ["#alice", "#big-cluster"] {
        let mut lab = Lab::open(name);
        lab.simulated();
        look(&mut lab, &format!("{name} at first sight"), &mut found);
        for _ in 0..5 {
            lab.page.press("Shift+ArrowRight");
        }
        look(&mut lab, &format!("{name} in the middle"), &mut found);
    }
    assert_eq!(found, NOTHING);
}

#[test]
fn panels_and_tabs_leave_the_player_in_view() {
    let mut found = Vec::new();
    let mut lab = Lab::open("");
    lab.simulated();
    for _ in 0..14 {
        lab.press_and_move("ArrowRight");
    }
    lab.page.click(".stage .attempt");
    lab.page.wait_until("document.querySelector('aside[aria-label=Inspector]')");
    lab.page.press("p");
    lab.page.wait_until("document.querySelector('aside[aria-label=Parameters]')");
    for tab in ["Results", "Log", "Counters", "Plots"] {
        lab.open_tab(tab);
        for (width, height) in VIEWS {
            lab.page.set_view(width, height);
            lab.drawn();
            let wrong = lab.page.evaluate(
                "(() => {
                    const root = document.scrollingElement;
                    const play = document.querySelector('[data-testid=play]').getBoundingClientRect();
                    const stage = document.querySelector('.stage').getBoundingClientRect();
                    return [root.scrollWidth > innerWidth && 'it scrolls sideways',
                        (play.bottom > innerHeight || play.right > innerWidth) && 'the player is out of view',
                        (stage.height < 60 || stage.width < 60 || stage.top > innerHeight - 60) && 'no stage is left'].filter(Boolean);
                })()",
            );
            let wrong = wrong.as_array().into_iter().flatten();
            found.extend(wrong.map(|what| format!("{width}×{height}, {tab}: {what}")));
        }
    }
    assert_eq!(found, NOTHING);
}

#[test]
fn in_presenter_mode_the_back_row_can_read_it() {
    let mut found = Vec::new();
    for (width, height, least) in [(1024, 768, 16), (1920, 1080, 24)] {
        let mut lab = Lab::open_sized("", width, height);
        lab.page.press("m");
        lab.page.wait_until("document.documentElement.dataset.presenter === 'on'");
        lab.simulated();
        for steps in [0, 14] {
            for _ in 0..steps {
                lab.press_and_move("ArrowRight");
            }
            lab.drawn();
            let outside = lab.page.evaluate(OUTSIDE);
            let small = lab.page.evaluate(&format!("({SMALL})({})", json!(least)));
            for lines in [outside, small] {
                let lines = lines.as_array().into_iter().flatten();
                found.extend(lines.map(|line| format!("{width}×{height} after {steps}: {line}")));
            }
        }
    }
    assert_eq!(found, NOTHING);
}
