// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Axes and room: round marks, and labels moved apart.

/// Marks of an axis from 0 to at least `most`: round steps of 1, 2 or 5 times a power of ten, at most `marks` above zero, whole numbers.
pub(super) fn marks(most: u64, marks: u64) -> Vec<u64> {
    let most = most.max(1);
    let mut power: u64 = 1;
    loop {
        for part in [1, 2, 5] {
            let step = power.saturating_mul(part);
            let needed = most.div_ceil(step);
            if needed <= marks.max(1) || step == u64::MAX {
                return (0..=needed).map(|mark| step.saturating_mul(mark)).collect();
            }
        }
        power = power.saturating_mul(10);
    }
}

/// Middles of labels moved so that they are at least `gap` apart and stay between `top` and `bottom` where there is room, in the order of
/// their wishes, each as near to its wish as the others let it.
pub(super) fn apart(wishes: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|a, b| wishes[*a].total_cmp(&wishes[*b]).then(a.cmp(b)));
    let mut places = wishes.to_vec();
    let mut lowest = top;
    for place in &order {
        places[*place] = wishes[*place].max(lowest);
        lowest = places[*place] + gap;
    }
    let mut highest = bottom;
    for place in order.iter().rev() {
        places[*place] = places[*place].min(highest);
        highest = places[*place] - gap;
    }
    places
}

/// Which of these labels (their middles and widths, in order) can be drawn with `gap` between them: the last one, then as many as fit,
/// evenly.
pub(super) fn fitting(labels: &[(f64, f64)], gap: f64) -> Vec<bool> {
    let fits = |every: usize| {
        let kept: Vec<&(f64, f64)> = labels.iter().rev().step_by(every).collect();
        kept.windows(2).all(|pair| pair[1].0 + pair[1].1 / 2.0 + gap <= pair[0].0 - pair[0].1 / 2.0)
    };
    let every = (1..=labels.len()).find(|every| fits(*every)).unwrap_or(1);
    (0..labels.len()).map(|place| (labels.len() - 1 - place).is_multiple_of(every)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        for (most, expected) in [
            (0, vec![0, 1]),
            (1, vec![0, 1]),
            (3, vec![0, 1, 2, 3]),
            (7, vec![0, 2, 4, 6, 8]),
            (243, vec![0, 100, 200, 300]),
            (1_000_000, vec![0, 500_000, 1_000_000]),
        ] {
            assert_eq!(marks(most, 4), expected, "{most}");
        }
        for most in [u64::MAX, u64::MAX / 3, 999_999_999_999] {
            let marks = marks(most, 4);
            assert!(marks.len() <= 6 && marks.last().is_some_and(|last| *last >= most), "{most}: {marks:?}");
        }
    }

    #[test]
    fn labels_move_apart_and_stay_inside() {
        for (wishes, expected) in [
            (vec![10.0, 12.0], vec![10.0, 20.0]),
            (vec![12.0, 10.0], vec![20.0, 10.0]),
            (vec![98.0, 99.0], vec![90.0, 100.0]),
            (vec![50.0], vec![50.0]),
            (vec![-5.0, 500.0], vec![0.0, 100.0]),
        ] {
            assert_eq!(apart(&wishes, 10.0, 0.0, 100.0), expected, "{wishes:?}");
        }
    }

    #[test]
    fn the_last_label_stays() {
        assert_eq!(fitting(&[(0.0, 10.0), (20.0, 10.0), (40.0, 10.0)], 5.0), [true, true, true]);
        assert_eq!(fitting(&[(0.0, 10.0), (12.0, 10.0), (24.0, 10.0)], 5.0), [true, false, true]);
        assert_eq!(fitting(&[(0.0, 90.0), (12.0, 90.0)], 5.0), [false, true]);
        assert!(fitting(&[], 5.0).is_empty());
    }
}
