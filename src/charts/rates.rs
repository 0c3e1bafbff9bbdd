//! Amounts that flow over spans of time, as rates in equal intervals.

/// Something that flowed evenly from one time to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// When it began.
    pub from: f64,
    /// When it ended; not before it began.
    pub to: f64,
    /// How much it was in all.
    pub amount: f64,
}

/// The rate in each of `count` intervals of this width, from 0 on. Their sum times the width is
/// the sum of the amounts that fall into them.
pub fn rates(flows: &[Flow], width: f64, count: usize) -> Vec<f64> {
    let mut amounts = vec![0.0; count];
    for flow in flows {
        let (first, last) = (interval(flow.from, width), interval(flow.to, width));
        let length = flow.to - flow.from;
        if last == first || length <= 0.0 {
            if let Some(amount) = amounts.get_mut(first) {
                *amount += flow.amount;
            }
            continue;
        }
        for (place, amount) in amounts.iter_mut().enumerate().take(last + 1).skip(first) {
            let start = (place as f64 * width).max(flow.from);
            let end = ((place + 1) as f64 * width).min(flow.to);
            *amount += flow.amount * (end - start).max(0.0) / length;
        }
    }
    amounts.into_iter().map(|amount| amount / width).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by max")]
fn interval(time: f64, width: f64) -> usize {
    (time / width).floor().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_spread_over_the_intervals_that_it_passes() {
        let flows =
            [Flow { from: 0.5, to: 2.5, amount: 8.0 }, Flow { from: 3.2, to: 3.2, amount: 1.0 }];
        assert_eq!(rates(&flows, 1.0, 4), [2.0, 4.0, 2.0, 1.0]);
    }

    #[test]
    fn nothing_is_lost_or_made() {
        let flows: Vec<Flow> = (0..50)
            .map(|n| Flow { from: f64::from(n) * 0.13, to: f64::from(n) * 0.21, amount: 3.0 })
            .collect();
        let sum: f64 = rates(&flows, 0.25, 60).iter().sum::<f64>() * 0.25;
        assert!((sum - 150.0).abs() < 1e-9, "{sum}");
    }
}
