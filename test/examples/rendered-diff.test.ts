// What a pull request shows of the rendered YAML: examples/fleet/rendered-diff.sh, run by the shell of this machine.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, type Repository, testWithGit } from '../git-repository';

const ROOT = join(__dirname, '..', '..');

function diff(repository: Repository, ...args: string[]): Ran {
  return repository.run('/bin/sh', [join(ROOT, 'examples', 'fleet', 'rendered-diff.sh'), ...args]);
}

const service = (name: string, port: number, annotation = '') => `apiVersion: v1
kind: Service
metadata:
  annotations:
    note: "${annotation}"
  name: ${name}
  namespace: shop
spec:
  ports:
    - port: ${port}
`;
const KUSTOMIZATION = 'kind: Kustomization\nresources:\n  - 10-shop.k8s.yaml\n';

testWithGit('prints a table, and each change with the object that it is in', repository => {
  repository.branch({
    'dist/dev/10-shop.k8s.yaml': `${service('cart', 1)}---\n${service('till', 2)}`,
    'dist/old/10-shop.k8s.yaml': 'kind: Namespace\nmetadata:\n  name: shop\n',
    'dist/old/Kustomization': KUSTOMIZATION,
    'dist/prod/10-shop.k8s.yaml': service('cart', 1, 'a ``` b'),
    'src/main.ts': '1',
  }, {
    'dist/dev/10-shop.k8s.yaml': `${service('cart', 1)}---\n${service('till', 3)}`,
    'dist/old/10-shop.k8s.yaml': undefined,
    'dist/old/Kustomization': undefined,
    'dist/prod/10-shop.k8s.yaml': service('cart', 1, 'a ```` b'),
    'clusters/prod/flux.yaml': 'kind: GitRepository\nmetadata:\n  name: x\n---\nkind: Kustomization\nmetadata:\n  name: prod\n',
    'src/main.ts': '2',
  });
  expect(diff(repository, 'main')).toEqual({ code: 0, err: '', out: `### Rendered YAML

4 folders, 5 files, 9 lines added, 8 lines removed.

| Folder | Files | Added | Removed |
| :--- | :--- | ---: | ---: |
| <code>clusters/prod</code> | 1 new | 7 | 0 |
| <code>dist/dev</code> | 1 changed | 1 | 1 |
| <code>dist/old</code> | 2 deleted | 0 | 6 |
| <code>dist/prod</code> | 1 changed | 1 | 1 |

<details>
<summary><code>clusters/prod</code>: 1 new, +7 -0</summary>

\`\`\`diff
--- /dev/null
+++ b/clusters/prod/flux.yaml
@@ -0,0 +1,3 @@ GitRepository x
+kind: GitRepository
+metadata:
+  name: x
@@ -0,0 +4,4 @@ Kustomization prod
+---
+kind: Kustomization
+metadata:
+  name: prod
\`\`\`

</details>

<details>
<summary><code>dist/dev</code>: 1 changed, +1 -1</summary>

\`\`\`diff
--- a/dist/dev/10-shop.k8s.yaml
+++ b/dist/dev/10-shop.k8s.yaml
@@ -15,7 +15,7 @@ Service shop/till
   annotations:
     note: ""
   name: till
   namespace: shop
 spec:
   ports:
-    - port: 2
+    - port: 3
\`\`\`

</details>

<details>
<summary><code>dist/old</code>: 2 deleted, +0 -6</summary>

\`\`\`diff
--- a/dist/old/10-shop.k8s.yaml
+++ /dev/null
@@ -1,3 +0,0 @@ Namespace shop
-kind: Namespace
-metadata:
-  name: shop
--- a/dist/old/Kustomization
+++ /dev/null
@@ -1,3 +0,0 @@ Kustomization
-kind: Kustomization
-resources:
-  - 10-shop.k8s.yaml
\`\`\`

</details>

<details>
<summary><code>dist/prod</code>: 1 changed, +1 -1</summary>

\`\`\`\`\`diff
--- a/dist/prod/10-shop.k8s.yaml
+++ b/dist/prod/10-shop.k8s.yaml
@@ -1,10 +1,10 @@ Service shop/cart
 apiVersion: v1
 kind: Service
 metadata:
   annotations:
-    note: "a \`\`\` b"
+    note: "a \`\`\`\` b"
   name: cart
   namespace: shop
 spec:
   ports:
     - port: 1
\`\`\`\`\`

</details>
` });
});

testWithGit('shows every line that changes, whatever its object', repository => {
  const example = (name: string) => Object.fromEntries(['10-bookinfo.k8s.yaml', '20-edge.k8s.yaml']
    .map(file => [`dist/a/${file}`, readFileSync(join(ROOT, 'dist', name, file), 'utf8')]));
  repository.branch(example('bookinfo'), example('zero-trust'));
  const changed = (text: string) => text.split('\n').filter(line => /^[+-]/.test(line) && !/^(\+\+\+ |--- |[+-]---$)/.test(line));
  const all = changed(repository.git('diff', '--histogram', 'main', 'HEAD'));
  expect(all.length).toBeGreaterThan(100);
  expect(changed(diff(repository, '--limit', '1000000', 'main').out)).toEqual(all);
});

testWithGit('shows a separator that comes or goes without an object', repository => {
  repository.branch({ 'dist/a/x.yaml': 'kind: A\n---\nb: 1\n' }, { 'dist/a/x.yaml': 'kind: A\nb: 1\n' });
  expect(diff(repository, 'main').out).toContain('@@ -2,2 +2,1 @@\n----\n b: 1\n');
});

testWithGit('shows modes, links, and files without a last line end', repository => {
  repository.branch({ 'dist/a/x.yaml': 'kind: A\n', 'dist/a/y.yaml': 'kind: B' }, { 'dist/a/y.yaml': 'kind: C' });
  chmodSync(join(repository.folder, 'dist/a/x.yaml'), 0o755);
  repository.git('commit', '--quiet', '--all', '--message', 'mode');
  expect(diff(repository, 'main').out).toContain(`--- a/dist/a/x.yaml
+++ b/dist/a/x.yaml
old mode 100644, new mode 100755
--- a/dist/a/y.yaml
+++ b/dist/a/y.yaml
@@ -1,1 +1,1 @@ C
-kind: B
\\ No newline at end of file
+kind: C
\\ No newline at end of file
`);
  repository.run('ln', ['-sf', 'x.yaml', 'dist/a/y.yaml']);
  repository.git('commit', '--quiet', '--all', '--message', 'link');
  expect(diff(repository, 'main').out).toContain('| 1 changed, 1 new, 1 deleted | 1 | 1 |');
});

testWithGit('leaves names and contents no way out of their place', repository => {
  const content = '```\n</details>\u202e<img src=x>\r````` \u0007@all\n';
  const name = 'dist/`|</code>@all&$(touch oops)\n"é';
  repository.branch({}, { [`${name}/x.yaml`]: content, '.gitattributes': 'dist/** -diff\n' });
  const { code, out, err } = diff(repository, 'main');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const shown = '<code>dist/&#96;&#124;&#60;/code&#62;&#64;all&#38;&#36;&#40;touch&#32;oops&#41;&#92;n&#92;&#34;&#92;303&#92;251</code>';
  expect(out).toContain(`| ${shown} | 1 new | 2 | 0 |\n`);
  expect(out).toContain(`<summary>${shown}: 1 new, +2 -0</summary>\n\n\`\`\`\`\`\`diff\n`);
  expect(out).toContain('+```\n+</details>?<img src=x>?````` ?@all\n``````\n\n</details>\n');
  expect(existsSync(join(repository.folder, 'oops'))).toBe(false);
});

testWithGit('is not told what to print by the settings of a person', repository => {
  repository.branch({ 'dist/a/x.yaml': 'kind: A\n\na: 1\n' }, { 'dist/a/x.yaml': 'kind: A\n\na: 2\n' });
  const plain = diff(repository, 'main').out;
  for (const setting of ['color.ui=always', 'diff.noprefix=true', 'diff.external=false', 'diff.suppressBlankEmpty=true', 'core.quotePath=false', 'diff.context=0']) {
    repository.git('config', ...setting.split('='));
  }
  expect(diff(repository, 'main').out).toBe(plain);
  expect(plain).toContain(' kind: A\n \n-a: 1\n+a: 2\n');
});

testWithGit('says so when nothing changes', repository => {
  repository.branch({ 'dist/a/x.yaml': 'a: 1\n' }, { 'src/main.ts': '1' });
  expect(diff(repository, 'main')).toEqual({ code: 0, err: '', out: '### Rendered YAML\n\nNo change in the rendered YAML.\n' });
  expect(diff(repository, 'main', 'src').out).toContain('| <code>src</code> | 1 new | 1 | 0 |');
});

testWithGit('leaves out what the base has got meanwhile, also in a merge of both', repository => {
  repository.branch({ 'dist/a/x.yaml': 'a: 1\n' }, { 'dist/b/x.yaml': 'b: 1\n' });
  repository.git('checkout', '--quiet', 'main');
  repository.commit({ 'dist/c/x.yaml': 'c: 1\n' });
  repository.git('checkout', '--quiet', 'change');
  const before = diff(repository, 'main').out;
  expect(before).toContain('1 folder, 1 file, 1 line added, 0 lines removed.');
  repository.git('merge', '--quiet', 'main');
  expect(diff(repository, 'main').out).toBe(before);
});

testWithGit('prints no more than it may, and says how to see the rest', repository => {
  const many = (text: (name: string) => string) => Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => `dist/environment-${String(index).padStart(3, '0')}/x.yaml`).map(name => [name, text(name)]));
  repository.branch({}, many(name => `# ${name}\n`.repeat(500)));
  for (const limit of [1000, 5000, 20_000, 60_000]) {
    const { code, out } = limit === 60_000 ? diff(repository, 'main') : diff(repository, '--limit', String(limit), 'main');
    expect({ code, fits: Buffer.byteLength(out) <= limit, ends: out.split('\n').slice(-3) })
      .toEqual({ code: 0, fits: true, ends: ['', expect.stringMatching(/^Not shown: \d\d folders\. All of them: `git diff main\.\.\.HEAD -- dist clusters`$/), ''] });
    expect(out.match(/<details>/g)?.length ?? 0).toBe(out.match(/<\/details>/g)?.length ?? 0);
  }
  const { out } = diff(repository, 'main');
  expect(out).toContain('\n| <code>dist/environment-059</code> | 1 new | 500 | 0 |\n');
  expect(out).toMatch(/\nCut here, after \d\d\d of 503 lines\. All of them: `git diff main\.\.\.HEAD -- dist\/environment-000`\n/);
  expect(diff(repository, '--limit', '9999999', 'main').out).not.toMatch(/Cut here|Not shown/);
});

testWithGit('refuses a base that is not there, and wrong usage, with exit code 2', repository => {
  repository.branch({}, {});
  repository.git('checkout', '--quiet', '--orphan', 'alone');
  repository.commit({ alone: '' });
  const refused = (...args: string[]) => diff(repository, ...args);
  const error = (text: string) => ({ code: 2, out: '', err: expect.stringContaining(`rendered-diff.sh: ${text}`) });
  expect(refused('nowhere')).toEqual(error("there is no commit 'nowhere': fetch the whole history"));
  expect(refused('main')).toEqual(error("'main' and HEAD share no commit: fetch the whole history"));
  expect(refused()).toEqual(error('BASE is missing'));
  expect(refused('--output=x')).toEqual(error('BASE is missing'));
  expect(refused('--limit', '12', 'main')).toEqual(error("--limit is a number of bytes from 1000, not '12'"));
  expect(refused('HEAD', '--', 'dist')).toEqual(error("FOLDER is a path of letters, digits and ._/-, not '--'"));
  expect(refused('HEAD', ':(exclude)dist')).toEqual(error('FOLDER is a path'));
});

testWithGit('refuses folders that are nowhere, so that a wrong name is no empty change', repository => {
  repository.branch({ 'dist/old/x.yaml': '1\n', 'src/main.ts': '' }, { 'dist/old/x.yaml': undefined, 'dist/new/x.yaml': '1\n' });
  const refused = (text: string) => ({ code: 2, out: '', err: expect.stringMatching(text) });
  expect(diff(repository, 'main').code).toBe(0); // without clusters
  expect(diff(repository, 'main', 'dist/old', 'dist/new/', './dist/new/x.yaml', '.')).toMatchObject({ code: 0, out: expect.stringContaining('2 folders, 2 files') });
  expect(diff(repository, 'main', 'dist', 'nofolder')).toEqual(refused("there is no 'nofolder' in /.*, at 'main' or at HEAD"));
  expect(diff(repository, 'main', '../dist')).toEqual(refused("FOLDER is below the folder that you run this in, unlike '../dist'"));
  expect(diff(repository, 'main', '/dist')).toEqual(refused("FOLDER is below the folder that you run this in, unlike '/dist'"));
  repository.commit({ 'dist/new/x.yaml': undefined });
  expect(diff(repository, 'HEAD')).toEqual(refused("there is no dist and no clusters in /.*, at 'HEAD' or at HEAD"));
});

testWithGit('looks below the folder that it runs in', repository => {
  repository.branch({ 'shop/dist/a/x.yaml': 'a: 1\n', 'till/main.ts': '' }, { 'shop/dist/a/x.yaml': 'a: 2\n', 'dist/b/x.yaml': 'b: 1\n' });
  const runIn = (folder: string, ...args: string[]) =>
    repository.run('/bin/sh', ['-c', 'cd "$1" && shift && exec sh "$@"', 'sh', folder, join(ROOT, 'examples', 'fleet', 'rendered-diff.sh'), ...args]);
  for (const args of [['main'], ['main', 'dist'], ['main', 'dist/a']]) {
    expect(runIn('shop', ...args)).toMatchObject({ code: 0, out: expect.stringContaining('\n1 folder, 1 file, 1 line added, 1 line removed.\n') });
    expect(runIn('shop', ...args).out).toContain('\n| <code>dist/a</code> | 1 changed | 1 | 1 |\n');
  }
  expect(runIn('till', 'main')).toMatchObject({ code: 2, err: expect.stringMatching("there is no dist and no clusters in /.*/till, at 'main' or at HEAD") });
  expect(diff(repository, 'main', 'shop').out).toContain('\n| <code>shop/dist/a</code> | 1 changed | 1 | 1 |\n');
});
