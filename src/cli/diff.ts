// `alb-istio diff`: compares two sets of manifests.
import { UsageError } from '../base/errors';
import { differences } from '../diff/differences';
import { renderDiffMarkdown } from '../output/diff-markdown';
import { renderDiffText } from '../output/diff-text';
import type { Command } from './command';
import { unitsOfSides } from './sides';

/** Exits with 1 when the two sides differ, like diff(1). */
export const DIFF: Command = {
  formats: ['text', 'markdown'],
  options: ['ignore', 'config'],
  run(paths, { format, ...options }, terminal) {
    if (paths.length !== 2) {
      throw new UsageError('diff needs two PATHs: OLD and NEW');
    }
    const [before, after] = unitsOfSides([[paths[0]], [paths[1]]], 'diff cannot read both OLD and NEW from standard input', options, terminal);
    const changes = differences(before, after);
    terminal.out(format === 'markdown' ? renderDiffMarkdown(changes) : renderDiffText(changes));
    return changes.length > 0 ? 1 : 0;
  },
};
