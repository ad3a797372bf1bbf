// Lines between brackets or quotes may start in any column for kubectl, and must be indented for js-yaml and YAML 1.2. This file indents them.

/** Where the parser stops because a line between brackets or quotes is not indented, and why it stops in the end. */
export interface ParserStop {
  readonly position: number;
  readonly is: 'deficient indentation' | 'open bracket or quote' | 'other';
}

/** Deeper than people indent. A line that needs more is indented again. */
const INDENTATION = ' '.repeat(64);

/**
 * How many characters are parsed again to find all lines of a document. Each line costs one more pass, so this bounds the time for large documents with
 * many such lines, which are then refused.
 */
const MAX_PARSED = 20_000_000;

/**
 * The text with spaces in front of lines that kubectl's parser reads and js-yaml refuses: `]`, `}` or the rest of a quoted string in the column of
 * the key (`yaml_parser_scan_to_next_token` and `yaml_parser_unroll_indent` in sigs.k8s.io/yaml 1.6 goyaml.v2/scannerc.go ignore columns there). The
 * spaces are not part of any value, and no line changes its number.
 *
 * @param stopIn where the parser stops in a text
 */
export function withFreeIndentation(text: string, stopIn: (text: string) => ParserStop | undefined): string {
  return text.split(/^(?=---(?:\s|$))/m).map(document => indentedDocument(document, stopIn)).join('');
}

function indentedDocument(document: string, stopIn: (text: string) => ParserStop | undefined): string {
  let text = document;
  /** The text before the first line was indented that does not close a bracket: if one is missing, that line shows where. */
  let beforeDoubt: string | undefined;
  for (let parsed = 0; parsed < MAX_PARSED; parsed += text.length) {
    const stop = stopIn(text);
    if (stop?.is !== 'deficient indentation') {
      return stop?.is === 'open bracket or quote' ? beforeDoubt ?? document : text;
    }
    const start = 1 + Math.max(text.lastIndexOf('\n', stop.position - 1), text.lastIndexOf('\r', stop.position - 1));
    if (text.startsWith('...', start)) {
      return document;
    }
    if (!/[\]}]/.test(text.charAt(stop.position))) {
      beforeDoubt ??= text;
    }
    text = text.slice(0, start) + INDENTATION + text.slice(start);
  }
  return document;
}
