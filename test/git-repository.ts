// A git repository in a temporary folder, for tests of programs that read one. git there knows no settings of this machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** How a program ended, and what it printed. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Files by name; one without a text is removed. */
export type Files = Readonly<Record<string, string | undefined>>;

/** Variables of the environment, besides those of this process. */
export type Variables = Readonly<Record<string, string>>;

const PERSON = Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap(role => [[`GIT_${role}_NAME`, 'a'], [`GIT_${role}_EMAIL`, 'a@example.com']]));

/** A folder with files, and programs that run in it. */
export class Repository {
  public readonly folder = mkdtempSync(join(tmpdir(), 'repository-'));

  public run(program: string, args: readonly string[], variables: Variables = {}): Ran {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...PERSON, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...variables },
    });
    if (error) {
      throw error;
    }
    return { code: status, out: stdout, err: stderr };
  }

  /** @throws Error with what git says, when it fails */
  public git(...args: string[]): string {
    const { code, out, err } = this.run('git', args);
    if (code !== 0) {
      throw new Error(`git ${args.join(' ')}: ${err}`);
    }
    return out;
  }

  public put(files: Files): void {
    for (const [name, text] of Object.entries(files)) {
      const place = join(this.folder, name);
      mkdirSync(dirname(place), { recursive: true });
      if (text === undefined) {
        rmSync(place);
      } else {
        writeFileSync(place, text);
      }
    }
  }

  public commit(files: Files): void {
    this.put(files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'x');
  }

  /** Makes a branch `change`, cut from `main`, with a commit on each. */
  public branch(base: Files, change: Files): void {
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit(base);
    this.git('checkout', '--quiet', '-b', 'change');
    this.commit(change);
  }

  public clear(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** A test in a repository of its own. Where git does not run, it says so and is done. */
export function testWithGit(name: string, body: (repository: Repository) => void): void {
  test(name, () => {
    const { error } = spawnSync('git', ['--version']);
    if (error) {
      console.warn(`not run: git does not run here (${error.message})`);
      return;
    }
    const repository = new Repository();
    try {
      body(repository);
    } finally {
      repository.clear();
    }
  });
}
