//! Things that share an identity, of very many things.

/// The positions of the things that have an identity, those of one identity next to each other.
#[derive(Debug)]
pub(crate) struct Groups<K> {
    order: Vec<(K, u32)>,
}

impl<K: Ord + Copy> Groups<K> {
    /// Groups the positions from 0 on; what has no identity is in none.
    pub(crate) fn new(identities: impl Iterator<Item = Option<K>>) -> Self {
        let with = identities.zip(0..).filter_map(|(identity, at)| Some((identity?, at)));
        let mut order: Vec<(K, u32)> = with.collect();
        order.sort_unstable();
        Self { order }
    }

    /// Each group, its positions ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Vec<usize>> {
        self.order.chunk_by(|a, b| a.0 == b.0).map(positions)
    }

    /// Each group of two or more.
    pub(crate) fn shared(&self) -> impl Iterator<Item = Vec<usize>> {
        self.order.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).map(positions)
    }

    /// The group of an identity.
    pub(crate) fn of(&self, identity: K) -> Vec<usize> {
        let start = self.order.partition_point(|(key, _)| *key < identity);
        let length = self.order[start..].partition_point(|(key, _)| *key == identity);
        positions(&self.order[start..start + length])
    }
}

fn positions<K>(group: &[(K, u32)]) -> Vec<usize> {
    group.iter().map(|(_, at)| *at as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_an_identity_is_a_group() {
        let groups = Groups::new([Some('b'), None, Some('a'), Some('b')].into_iter());
        assert_eq!(groups.iter().collect::<Vec<_>>(), [vec![2], vec![0, 3]]);
        assert_eq!(groups.shared().collect::<Vec<_>>(), [vec![0, 3]]);
        assert_eq!(groups.of('b'), [0, 3]);
        assert_eq!(groups.of('c'), Vec::<usize>::new());
    }
}
