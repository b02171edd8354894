//! Work that several threads share; what comes of it is the same with one.

use std::thread;

/// Fewer items than this are not worth a thread.
const LEAST: usize = 256;

/// Calls `work` with consecutive chunks of `items`, about one for each of `workers`; the results are
/// in their order.
pub fn share<T: Send, R: Send>(
    items: &mut [T],
    workers: usize,
    work: impl Fn(&mut [T]) -> R + Sync,
) -> Vec<R> {
    let size = items.len().div_ceil(workers.max(1)).max(LEAST);
    let mut chunks = items.chunks_mut(size);
    let Some(own) = chunks.next() else { return Vec::new() };
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = chunks.map(|chunk| scope.spawn(move || work(chunk))).collect();
        let mut done = vec![work(own)];
        for other in others {
            match other.join() {
                Ok(result) => done.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_workers_does_the_same_in_the_same_order() {
        for workers in 0..5 {
            let mut items: Vec<u32> = (0..1_000).collect();
            let sums = share(&mut items, workers, |chunk| {
                chunk.iter_mut().for_each(|item| *item += 1);
                chunk.to_vec()
            });
            assert_eq!(sums.concat(), items);
            assert_eq!(items, (1..=1_000).collect::<Vec<_>>());
        }
        assert!(share(&mut [0_u8; 0], 2, |_| ()).is_empty());
    }
}
