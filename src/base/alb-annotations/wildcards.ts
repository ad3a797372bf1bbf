// Wildcards of ALB rules: `*` is any run of characters, `?` is exactly one, and the whole text must match
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html).

/** A character of a pattern. */
type Token = { readonly is: 'any-run' } | { readonly is: 'any-one' } | { readonly is: 'character'; readonly character: string };

/** Whether a token of one pattern matches all that a token of another, or a character, stands for. */
type Covers<T> = (token: Exclude<Token, { readonly is: 'any-run' }>, other: T) => boolean;

/** Compiles a pattern to a test. In query values a backslash makes the next character literal. */
export function wildcardMatcher(pattern: string, hasEscapes = false): (text: string) => boolean {
  if (!/[*?]/.test(pattern) && !(hasEscapes && pattern.includes('\\'))) {
    return text => text === pattern;
  }
  const start = pattern.slice(0, -1);
  if (pattern.endsWith('*') && !/[*?\\]/.test(start)) {
    return text => text.startsWith(start);
  }
  const tokens = tokensOf(pattern, hasEscapes);
  return text => matches(tokens, [...text], (token, character) => token.is === 'any-one' || token.character === character);
}

/** Whether a pattern matches every text that another one matches. It may miss that where runs and single characters are mixed, as in `?*` and `*?`. */
export function coversWildcard(pattern: string, other: string): boolean {
  if (pattern === other) {
    return true;
  }
  // Rules for thousands of paths are compared with each other, and almost all of them already differ before the first wildcard.
  const wildcard = pattern.search(/[*?]/);
  if (wildcard === -1 || !other.startsWith(pattern.slice(0, wildcard))) {
    return false;
  }
  return pattern.slice(wildcard) === '*' || matches(tokensOf(pattern, false), tokensOf(other, false), (token, own) => (
    own.is !== 'any-run' && (token.is === 'any-one' || (own.is === 'character' && own.character === token.character))));
}

function tokensOf(pattern: string, hasEscapes: boolean): Token[] {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index];
    if (hasEscapes && character === '\\' && index + 1 < characters.length) {
      tokens.push({ is: 'character', character: characters[++index] });
    } else {
      tokens.push(character === '*' ? { is: 'any-run' } : character === '?' ? { is: 'any-one' } : { is: 'character', character });
    }
  }
  return tokens;
}

/** Goes back to the last `*` only, so that the time is at most the product of both lengths. */
function matches<T>(tokens: readonly Token[], text: readonly T[], covers: Covers<T>): boolean {
  let [token, at, lastRun, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    const current = tokens[token];
    if (current?.is === 'any-run') {
      lastRun = token++;
      resume = at;
    } else if (current !== undefined && covers(current, text[at])) {
      token++;
      at++;
    } else if (lastRun !== -1) {
      token = lastRun + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ is }) => is === 'any-run');
}
