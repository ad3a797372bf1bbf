// Wording: the clearest marks of translated English do not occur in what people read. CONTRIBUTING.md lists better words.
import { entriesBelow, textOf } from './source-tree';

/** Files and folders that the guard covers. */
const COVERED = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs', 'examples', 'src', 'scripts', 'bench'];

/** Pages that are generated from src, and tables of names that AWS and Istio chose. */
const NOT_COVERED = /^docs\/api\//;

const MARKS: readonly RegExp[] = [
  /allowed: nothing/,
  /\bfor ever\b/,
  /\bthat there (are|is) not\b/,
  /\bhand(s|ed)? on\b/,
  /\bwhat becomes of\b/,
  /\b(is|are|be) asked for\b/,
  /\bby (itself|themselves)\b/,
  /\b(takes?|refuses?) (every|all|no) requests?\b/,
  /\b(come|comes|came) by\b/,
  /\btold (apart|by)\b/,
  /\b(leave|leaves|left) (it |them |\w+s )?alone\b/,
  /\bmend(s|ed)?\b/,
  /\bend(s|ed) (the clients' )?TLS\b/,
  /\bstands? (in|behind|before|beside|there|under)\b/,
  /\bas (it|they) (stand|stands|lies|lie)\b/,
  /\btak(e|es|en) away\b/,
  /\b(favour|behaviour|colour)\b/,
  /\bof (its|their|your) own accord\b/,
];

/** What follows is not prose of the page: titles of tests on the failure modes page, and the list of phrases to avoid. */
function prose(file: string): string {
  const text = textOf(file).replace(/\[[^\]]*\]\(\.\.\/test\/[^)]*\)/g, '');
  return file === 'CONTRIBUTING.md' ? text.replace(/\n\| say \| meaning \| do not say \|[^]*?\n\n/, '\n\n') : text;
}

function filesOf(place: string): string[] {
  return /\.\w+$/.test(place) ? [place] : entriesBelow(place).filter(entry => /\.(md|ts|sh|yml|svg)$/.test(entry) && !NOT_COVERED.test(entry));
}

test('no text has a mark of translated English', () => {
  const found = COVERED.flatMap(filesOf).flatMap(file => prose(file).split('\n').flatMap((line, index) =>
    MARKS.filter(mark => mark.test(line)).map(mark => `${file}:${index + 1}: ${mark.exec(line)![0]}`)));
  expect(found).toEqual([]);
});
