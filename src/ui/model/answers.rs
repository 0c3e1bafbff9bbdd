//! What the page asked of the run's data, and what the conductor said.

use crate::lab::messages::{CommandId, LabError, Query, Reply};

/// The most answers kept. The oldest goes first; it can be asked for again.
const ANSWERS_MAX: usize = 64;

/// Where a question stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is on its way, as the command of this number.
    Waiting(CommandId),
    /// Here it is.
    Here(Reply),
    /// It could not be answered.
    Failed(LabError),
}

/// The questions about one run, oldest first, each at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(Vec<(Query, Answer)>);

impl Answers {
    /// Where a question stands; nothing when it was not asked.
    pub fn get(&self, query: &Query) -> Option<&Answer> {
        self.0.iter().find(|(asked, _)| asked == query).map(|(_, answer)| answer)
    }

    /// Notes that a question was asked as this command.
    pub fn ask(&mut self, query: Query, id: CommandId) {
        self.0.retain(|(asked, _)| *asked != query);
        if self.0.len() == ANSWERS_MAX {
            self.0.remove(0);
        }
        self.0.push((query, Answer::Waiting(id)));
    }

    /// Files the reply to a command; says whether any question waited for it.
    pub fn answer(&mut self, id: CommandId, result: &Result<Reply, LabError>) -> bool {
        let waiting = self.0.iter_mut().find(|(_, answer)| *answer == Answer::Waiting(id));
        let Some((_, answer)) = waiting else { return false };
        *answer = match result {
            Ok(reply) => Answer::Here(reply.clone()),
            Err(error) => Answer::Failed(error.clone()),
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::BlockId;

    fn block(index: u32) -> Query {
        Query::Block { block: BlockId(index) }
    }

    #[test]
    fn a_reply_finds_the_question_that_waits_for_it() {
        let mut answers = Answers::default();
        answers.ask(block(0), 7);
        answers.ask(block(1), 8);
        let reply = Reply::Block { offset: 0, text: "it was".to_owned() };
        assert!(answers.answer(8, &Ok(reply.clone())));
        assert!(!answers.answer(8, &Ok(reply.clone())), "it no longer waits");
        assert_eq!(answers.get(&block(0)), Some(&Answer::Waiting(7)));
        assert_eq!(answers.get(&block(1)), Some(&Answer::Here(reply)));
    }

    #[test]
    fn only_so_many_answers_are_kept() {
        let mut answers = Answers::default();
        for index in 0..100 {
            answers.ask(block(index), index);
        }
        assert_eq!(answers.get(&block(35)), None);
        assert!(answers.get(&block(36)).is_some());
        assert_eq!(answers.0.len(), ANSWERS_MAX);
    }
}
