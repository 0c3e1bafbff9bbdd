//! A binary heap of places, ordered by what the caller finds at them. The standard library's heap
//! owns its keys; ours lie in segments and buffers, and are compared where they are.

/// Moves the item at `place` down until no child comes before it.
pub(super) fn sift_down(
    heap: &mut [usize],
    mut place: usize,
    is_before: impl Fn(usize, usize) -> bool,
) {
    loop {
        let left = 2 * place + 1;
        if left >= heap.len() {
            return;
        }
        let right = left + 1;
        let right_first = right < heap.len() && is_before(heap[right], heap[left]);
        let child = if right_first { right } else { left };
        if !is_before(heap[child], heap[place]) {
            return;
        }
        heap.swap(child, place);
        place = child;
    }
}

/// Makes a heap of items in any order.
pub(super) fn build(heap: &mut [usize], is_before: impl Fn(usize, usize) -> bool) {
    for place in (0..heap.len() / 2).rev() {
        sift_down(heap, place, &is_before);
    }
}
