//! The grammar of `$filter`: eq ne gt ge lt le in, startswith endswith, and or not, any.

/// A parsed filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Or(Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Compare(String, Op, Literal),
    In(String, Vec<Literal>),
    Function(Function, String, String),
    Any(String, String, Box<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Null,
    Flag(bool),
    /// A quoted text, a GUID, an instant or a number, as written.
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Mark(char),
}

/// Nesting deeper than this is refused.
const DEPTH_MAX: usize = 24;

pub(super) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expr = parser.either()?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("Syntax error: unexpected {token:?}")),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        match next {
            ' ' | '\t' => {
                rest.next();
            }
            '(' | ')' | ',' | ':' => {
                rest.next();
                found.push(Token::Mark(next));
            }
            '\'' => {
                rest.next();
                let mut inside = String::new();
                loop {
                    match rest.next() {
                        Some('\'') if rest.peek() == Some(&'\'') => {
                            rest.next();
                            inside.push('\'');
                        }
                        Some('\'') => break,
                        Some(letter) => inside.push(letter),
                        None => return Err("There is an unterminated string literal".into()),
                    }
                }
                found.push(Token::Quoted(inside));
            }
            _ => {
                let mut word = String::new();
                while let Some(&letter) = rest.peek() {
                    // A colon belongs to the word in an instant such as 2026-01-01T10:00:00Z.
                    let in_instant =
                        letter == ':' && word.starts_with(|c: char| c.is_ascii_digit());
                    if " \t(),'".contains(letter) || letter == ':' && !in_instant {
                        break;
                    }
                    word.push(letter);
                    rest.next();
                }
                found.push(Token::Word(word));
            }
        }
    }
    Ok(found)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn expect(&mut self, mark: char) -> Result<(), String> {
        match self.next() {
            Some(Token::Mark(found)) if found == mark => Ok(()),
            other => Err(format!("Syntax error: '{mark}' expected, found {other:?}")),
        }
    }

    fn either(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("The filter is nested too deeply".into());
        }
        let mut left = self.both()?;
        while self.is_word("or") {
            self.at += 1;
            left = Expr::Or(Box::new(left), Box::new(self.both()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn both(&mut self) -> Result<Expr, String> {
        let mut left = self.negated()?;
        while self.is_word("and") {
            self.at += 1;
            left = Expr::And(Box::new(left), Box::new(self.negated()?));
        }
        Ok(left)
    }

    fn negated(&mut self) -> Result<Expr, String> {
        let mut negations = 0_usize;
        while self.is_word("not") {
            self.at += 1;
            negations += 1;
        }
        let mut expr = self.one()?;
        for _ in 0..negations.min(DEPTH_MAX) {
            expr = Expr::Not(Box::new(expr));
        }
        Ok(expr)
    }

    fn one(&mut self) -> Result<Expr, String> {
        match self.next() {
            Some(Token::Mark('(')) => {
                let inside = self.either()?;
                self.expect(')')?;
                Ok(inside)
            }
            Some(Token::Word(word)) => self.after(word),
            other => Err(format!("Syntax error: an expression expected, found {other:?}")),
        }
    }

    /// What follows a word: a call, a lambda, or a comparison.
    fn after(&mut self, word: String) -> Result<Expr, String> {
        let function = match word.to_ascii_lowercase().as_str() {
            "startswith" => Some(Function::StartsWith),
            "endswith" => Some(Function::EndsWith),
            "contains" => Some(Function::Contains),
            _ => None,
        };
        if let Some(function) = function {
            return self.call(function);
        }
        if let Some(path) = word.strip_suffix("/any") {
            return self.lambda(path);
        }
        self.comparison(word)
    }

    fn call(&mut self, function: Function) -> Result<Expr, String> {
        self.expect('(')?;
        let Some(Token::Word(path)) = self.next() else {
            return Err("Syntax error: a property expected".into());
        };
        self.expect(',')?;
        let Some(Token::Quoted(value)) = self.next() else {
            return Err("Syntax error: a string expected".into());
        };
        self.expect(')')?;
        // `startswith(x,'y') eq true` is the long way to say the same.
        if self.is_word("eq") {
            self.at += 1;
            let said = self.literal()?;
            let expr = Expr::Function(function, path, value);
            return match said {
                Literal::Flag(true) => Ok(expr),
                Literal::Flag(false) => Ok(Expr::Not(Box::new(expr))),
                _ => Err("Syntax error: a Boolean expected".into()),
            };
        }
        Ok(Expr::Function(function, path, value))
    }

    fn lambda(&mut self, path: &str) -> Result<Expr, String> {
        self.expect('(')?;
        let Some(Token::Word(variable)) = self.next() else {
            return Err("Syntax error: a range variable expected".into());
        };
        self.expect(':')?;
        let inside = self.either()?;
        self.expect(')')?;
        Ok(Expr::Any(path.to_owned(), variable, Box::new(inside)))
    }

    fn comparison(&mut self, path: String) -> Result<Expr, String> {
        let Some(Token::Word(operator)) = self.next() else {
            return Err(format!("Syntax error: an operator expected after '{path}'"));
        };
        let op = match operator.to_ascii_lowercase().as_str() {
            "eq" => Op::Eq,
            "ne" => Op::Ne,
            "gt" => Op::Gt,
            "ge" => Op::Ge,
            "lt" => Op::Lt,
            "le" => Op::Le,
            "in" => {
                self.expect('(')?;
                let mut list = vec![self.literal()?];
                while matches!(self.peek(), Some(Token::Mark(','))) {
                    self.at += 1;
                    list.push(self.literal()?);
                }
                self.expect(')')?;
                return Ok(Expr::In(path, list));
            }
            _ => return Err(format!("Syntax error: '{operator}' is not an operator")),
        };
        Ok(Expr::Compare(path, op, self.literal()?))
    }

    fn literal(&mut self) -> Result<Literal, String> {
        match self.next() {
            Some(Token::Quoted(text)) => Ok(Literal::Text(text)),
            Some(Token::Word(word)) => Ok(match word.as_str() {
                "null" => Literal::Null,
                "true" => Literal::Flag(true),
                "false" => Literal::Flag(false),
                _ => Literal::Text(word),
            }),
            other => Err(format!("Syntax error: a value expected, found {other:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Expr, Literal, Op, parse};

    #[test]
    fn a_doubled_quote_is_one_and_an_instant_is_one_word() {
        assert_eq!(
            parse("surname eq 'O''Connor'"),
            Ok(Expr::Compare("surname".into(), Op::Eq, Literal::Text("O'Connor".into())))
        );
        assert!(parse("createdDateTime ge 2026-01-01T10:00:00Z").is_ok());
        assert!(parse("groupTypes/any(c:c eq 'Unified')").is_ok());
        assert!(parse("not(startswith(displayName,'a')) and id in ('1','2')").is_ok());
    }

    #[test]
    fn what_is_no_filter_is_refused_and_nothing_hangs() {
        for wrong in ["", "x", "x eq", "(x eq 1", "x eq 'a", "eq eq eq eq", "x like 'a'"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse(&"(".repeat(5_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_parsed_or_refused_without_a_panic(text in ".{0,80}") {
            let _told = parse(&text);
        }

        #[test]
        fn any_value_can_be_quoted(value in "[^\\x00]{0,40}") {
            let filter = format!("displayName eq '{}'", value.replace('\'', "''"));
            let wanted = Expr::Compare("displayName".into(), Op::Eq, Literal::Text(value));
            proptest::prop_assert_eq!(parse(&filter), Ok(wanted));
        }
    }
}
