import { execFileSync, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { run } from './command-line';

const GOOD = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n';
const vs = (weights: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec: { hosts: [a], http: [{ route: [${weights}] }] }\n`;
const BAD = vs('{ destination: { host: a } }, { destination: { host: b } }');
/** How many checks there are, and what they are about, changes with every new one. */
const NOTHING_FOUND = /^0 errors, 0 warnings, \d+ checks? ran(, \d+ skipped: the input has no [^\n]+)?\n$/;
const NO_OBJECT = 'it contains no Kubernetes object: no document has apiVersion and kind';
const WARNING = vs('{ destination: { host: a }, weight: 2 }, { destination: { host: b }, weight: 1 }');

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const place = path.join(folder, name);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, text);
  return place;
}

describe('mesh', () => {
  const gateway = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: edge }\n'
    + 'spec: { selector: { istio: g }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }\n';

  test('exits with 0 and shows the gateway', () => {
    expect(run(['mesh', file('a.yaml', gateway)])).toMatchObject({ code: 0, out: expect.stringContaining('Gateway edge/g') });
  });

  test('exits with 1 when the webhook refuses an object', () => {
    expect(run(['mesh', file('a.yaml', gateway.replace('hosts: ["*"]', 'hosts: []'))])).toMatchObject({ code: 1, out: expect.stringContaining('refused') });
  });

  test('exits with 1 when the API server refuses an object', () => {
    const { code, out } = run(['mesh', file('a.yaml', gateway.replace('servers', 'server'))]);
    expect(code).toBe(1);
    expect(out).toContain('Gateway edge/g: refused by the API server: /spec/server: /spec has no field server');
  });

  test('folders that are applied separately have a heading each; those without a gateway are left out', () => {
    ['a/a.yaml', 'b/a.yaml'].forEach(name => file(name, gateway));
    file('c/c.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec: {}\n');
    ['a', 'b', 'c'].forEach(name => file(`${name}/kustomization.yaml`, ''));
    for (const args of [[], ['--workload', 'edge/g']]) {
      const { out } = run(['mesh', folder, ...args]);
      expect(out.split('\n').filter(line => /^[#GN]/.test(line))).toEqual(
        ['a', 'b'].flatMap(name => [`# ${path.relative('', path.join(folder, name))}`, expect.stringContaining('Gateway edge/g')]));
    }
  });

  test('exits with 2 without a path', () => {
    expect(run(['mesh'])).toMatchObject({ code: 2, err: expect.stringContaining('mesh needs a PATH') });
  });

  const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\n';

  test('prints JSON of one workload', () => {
    const { code, out } = run(['mesh', '--format', 'json', '--workload', 'shop/web', file('a.yaml', deployment)]);
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, schemaVersion: 1, gateways: [], workloads: [{ workload: 'shop/web', proxy: 'none' }] });
  });

  test('shows a gateway whose pods are not in the input', () => {
    expect(run(['mesh', '--workload', 'edge/g', file('a.yaml', gateway)])).toMatchObject({ code: 0, out: expect.stringContaining('Gateway edge/g (assumed') });
  });

  test.each([
    ['shop/wbe', 'the input has no workload shop/wbe; it has shop/web, edge/g'],
    ['web', '"web" does not name a workload: expected NAMESPACE/NAME; it has shop/web, edge/g'],
  ])('exits with 2 for the unknown workload %s, and lists the ones there are', (name, message) => {
    expect(run(['mesh', '--workload', name, file('a.yaml', `${gateway}---\n${deployment}`)])).toEqual({ code: 2, out: '', err: `alb-istio: ${message}\n` });
  });

  test('an option of another command is refused', () => {
    expect(run(['check', '--workload', 'a/b', folder])).toEqual({ code: 2, out: '', err: 'alb-istio: check has no --workload\n' });
  });
});

describe('plan', () => {
  const ingress = (annotation: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { ${annotation} } }
spec: { ingressClassName: alb, rules: [] }\n`;

  test('several folders have a heading each', () => {
    for (const name of ['staging', 'production']) {
      file(`${name}/a.yaml`, ingress(`alb.ingress.kubernetes.io/load-balancer-name: ${name}`));
    }
    const { out } = run(['plan', folder]);
    expect(out.split('\n').filter(line => line.startsWith('#'))).toEqual(['production', 'staging'].map(name => `# ${path.relative('', path.join(folder, name))}`));
  });

  test('exits with 1 when AWS certainly refuses the load balancer, because it exceeds a quota that nobody can raise', () => {
    const paths = '{ path: "/?/?/?/?/?/?/?", pathType: ImplementationSpecific, backend: { service: { name: a, port: { number: 80 } } } }';
    const wild = ingress('').replace('rules: []', `rules: [{ http: { paths: [${paths}] } }]`);
    expect(run(['plan', file('a.yaml', wild)])).toMatchObject({ code: 1, out: expect.stringContaining('over: 7 of 6 wildcards of one rule') });
  });

  describe('--against', () => {
    const before = ingress('alb.ingress.kubernetes.io/scheme: internal');
    const after = ingress('alb.ingress.kubernetes.io/scheme: internet-facing');

    test('exits with 0 when nothing changes, and with 1 when something does', () => {
      const [old, now] = [file('old.yaml', before), file('new.yaml', after)];
      expect(run(['plan', '--against', old, old])).toMatchObject({ code: 0, out: 'Load balancers: 1 unchanged\n' });
      expect(run(['plan', '--against', old, now])).toMatchObject({ code: 1, out: expect.stringContaining('shop/web') });
      expect(run(['plan', '--format', 'json', '--against', old, now]).out).toContain('"change": "replaced"');
    });

    test('exits with 1 when the controller refuses the new objects', () => {
      const refused = file('new.yaml', ingress('alb.ingress.kubernetes.io/listen-ports: "[]"'));
      expect(run(['plan', '--against', file('old.yaml', before), refused])).toMatchObject({ code: 1, out: expect.stringContaining('refused') });
    });

    test('compares folders at the same path', () => {
      for (const [side, text] of [['old', before], ['new', after]]) {
        file(`${side}/staging/a.yaml`, before);
        file(`${side}/production/a.yaml`, text);
      }
      const { code, out } = run(['plan', '--against', path.join(folder, 'old'), path.join(folder, 'new')]);
      expect([code, out.split('\n')[0]]).toEqual([1, 'Load balancers: 1 replaced, 1 unchanged']);
    });

    test('takes several paths together, and a side without a folder has no load balancers there', () => {
      const service = file('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\n');
      expect(run(['plan', '--against', file('old.yaml', before), file('new.yaml', before), service]).code).toBe(0);
      expect(run(['plan', '--against', service, file('new.yaml', before)])).toMatchObject({ code: 1, out: expect.stringContaining('1 created') });
    });

    test('exits with 2 if both sides are standard input, and for commands that have no such option', () => {
      expect(run(['plan', '--against', '-', '-'])).toMatchObject({ code: 2, err: expect.stringContaining('standard input') });
      expect(run(['check', '--against', 'a', 'b'])).toMatchObject({ code: 2, err: 'alb-istio: check has no --against\n' });
      expect(run(['plan', '--against', file('old.yaml', before)])).toMatchObject({ code: 2, err: expect.stringContaining('plan needs a PATH') });
    });
  });

  test('exits with 0 and shows the load balancer', () => {
    const { code, out } = run(['plan', file('a.yaml', ingress('alb.ingress.kubernetes.io/scheme: internal'))]);
    expect({ code, first: out.split('\n')[0] }).toEqual({ code: 0, first: expect.stringMatching(/^Application Load Balancer k8s-shop-web-…, for Ingress shop\/web \(.*a\.yaml:1\)$/) });
  });

  test('exits with 1 when the controller refuses something', () => {
    const { code, out } = run(['plan', '--format', 'json', file('a.yaml', ingress("alb.ingress.kubernetes.io/listen-ports: '[]'"))]);
    expect({ code, refused: JSON.parse(out).loadBalancers[0].refused.pointer }).toEqual({
      code: 1, refused: '/metadata/annotations/alb.ingress.kubernetes.io~1listen-ports',
    });
  });

  test('exits with 2 without a path', () => {
    expect(run(['plan'])).toMatchObject({ code: 2, err: expect.stringContaining('plan needs a PATH') });
  });
});

describe('check', () => {
  test('exits with 0 without findings', () => {
    expect(run(['check', file('a.yaml', GOOD)])).toEqual({ code: 0, out: expect.stringMatching(NOTHING_FOUND), err: '' });
  });

  test('exits with 1 on an error', () => {
    const place = file('a.yaml', BAD);
    const { code, out } = run(['check', place]);
    expect(code).toBe(1);
    expect(out).toContain(`${place}:4: error zero-weights: VirtualService shop\n`);
  });

  test('exits with 0 on warnings', () => {
    expect(run(['check', file('a.yaml', WARNING)])).toMatchObject({ code: 0, out: expect.stringContaining('0 errors, 1 warning') });
  });

  test('exits with 0 on an acknowledged error', () => {
    const text = BAD.replace('name: shop', 'name: shop, annotations: { checks.cdk8s-alb-istio/zero-weights: known }');
    expect(run(['check', file('a.yaml', text)])).toMatchObject({ code: 0, out: expect.stringContaining('reason: known') });
  });

  test('prints JSON with --format json', () => {
    const { code, out } = run(['check', '--format', 'json', file('a.yaml', BAD)]);
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 1, schemaVersion: 1, findings: [{ id: 'zero-weights' }] });
  });

  test.each(['-', '/dev/stdin'])('reads standard input as %s', name => {
    expect(run(['check', name], BAD)).toMatchObject({ code: 1, out: expect.stringContaining('-:4: error') });
    expect(run(['check', '-', name], BAD).out).toContain('1 error,');
  });

  test('reads a pipe, such as the one that the shell creates for <(command)', () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', BAD, pipe]);
    expect(run(['check', pipe])).toMatchObject({ code: 1, out: expect.stringContaining(`${pipe}:4: error`) });
    writer.kill();
  });

  test('reads a folder with its subfolders in lexical order, and only manifests', () => {
    ['b.yml', 'a/z.yaml', 'B.yaml'].forEach((name, index) => file(name, BAD.replace('shop', `shop-${index}`).replace('[a]', `[a${index}]`)));
    const route = ['a', 'b'].map(host => ({ destination: { host } }));
    file('c.json', JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'c' }, spec: { hosts: ['a'], http: [{ route }] } }));
    file('README.md', '- no\nmanifest');
    const { findings } = JSON.parse(run(['check', '--format=json', folder]).out) as { findings: { origin: { file: string } }[] };
    expect(findings.map(({ origin }) => path.relative(folder, origin.file))).toEqual(['B.yaml', 'a/z.yaml', 'b.yml', 'c.json']);
  });

  test('reads a file only once, even if it is passed twice', () => {
    const place = file('a.yaml', BAD);
    expect(run(['check', place, folder, place]).out).toContain('1 error,');
  });

  test('skips kustomization files and says so', () => {
    file('a.yaml', GOOD);
    const place = file('kustomization.yaml', 'resources: [a.yaml]\n');
    expect(run(['check', folder])).toMatchObject({ code: 0, err: `alb-istio: skipped ${place}: it is a kustomization file\n` });
  });

  test('skips files that a kustomization file uses for something else than a resource, and says so', () => {
    const others = { 'patch.yaml': '- { op: remove, path: /spec }\n', 'values.yaml': 'a: 1\n', 'conf/app.yaml': 'b: 1\n' };
    const places = Object.entries(others).map(([name, text]) => file(name, text)).sort();
    file('a.yaml', GOOD);
    file('Kustomization', `resources: [a.yaml]
patches: [{ path: patch.yaml }]
helmCharts: [{ name: a, valuesFile: values.yaml }]
configMapGenerator: [{ name: app, files: [app.yaml=conf/app.yaml] }]
`);
    expect(run(['check', folder])).toEqual({
      code: 0,
      out: expect.stringMatching(NOTHING_FOUND),
      err: [places[0], places[1], places[2]].map(place => `alb-istio: skipped ${place}: Kustomization refers to it, but not as a resource\n`).join(''),
    });
  });

  test('skips files without Kubernetes objects, and says so', () => {
    const foreign = {
      'Chart.yaml': ['apiVersion: v2\nname: shop\n', 'it describes a Helm chart; to check the chart, run helm template CHART | alb-istio check -'],
      'construct-metadata.json': ['{ "version": "1.0.0", "resources": {} }', NO_OBJECT],
      'operations.yaml': ['- { op: remove, path: /spec }\n', NO_OBJECT],
      'template.yaml': ['{{- if .Values.edge }}\napiVersion: v1\nkind: Service\n{{- end }}\n',
        'it is a template; to check a Helm chart, run helm template CHART | alb-istio check -'],
      'values.yaml': ['a: 1\n---\nb: 2\n', NO_OBJECT],
    };
    file('a.yaml', GOOD);
    const lines = Object.entries(foreign).map(([name, [text, reason]]) => `alb-istio: skipped ${file(name, text)}: ${reason}\n`);
    expect(run(['check', folder])).toMatchObject({ code: 0, err: lines.join('') });
    expect(run(['diff', folder, folder])).toMatchObject({ code: 0, err: [...lines, ...lines].join('') });
  });

  test('ignores pipes and devices in a folder', () => {
    file('a.yaml', GOOD);
    execFileSync('mkfifo', [path.join(folder, 'pipe.yaml')]);
    fs.symlinkSync('/dev/zero', path.join(folder, 'zero.yaml'));
    expect(run(['check', folder])).toEqual({ code: 0, out: expect.stringMatching(NOTHING_FOUND), err: '' });
  });

  test('uses colors only for a terminal', () => {
    expect(run(['check', '-'], BAD, true).out).toContain('\u001b[31m');
    expect(run(['check', '-'], BAD, false).out).not.toContain('\u001b');
  });
});

describe('a unit is what is applied together', () => {
  const service = (port: number) => `apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: prod }\nspec: { type: NodePort, ports: [{ port: ${port} }] }\n`;
  const ingress = 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: edge, namespace: prod }\n'
    + 'spec: { ingressClassName: alb, defaultBackend: { service: { name: a, port: { number: 80 } } } }\n';
  const errorsIn = (...paths: string[]) => (JSON.parse(run(['check', '--format=json', ...paths]).out) as { findings: { origin: { file: string } }[] })
    .findings.map(({ origin }) => path.relative(folder, origin.file));

  test.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])('each folder with a file %s', name => {
    for (const [own, port] of [['one', 81], ['two', 80]] as const) {
      file(`${own}/deeper/ingress.yaml`, ingress);
      file(`${own}/service.yaml`, service(port));
      file(`${own}/${name}`, 'resources: [service.yaml, deeper/ingress.yaml]\n');
    }
    expect(errorsIn(folder)).toEqual(['one/deeper/ingress.yaml']);
    expect(errorsIn(path.join(folder, 'one/service.yaml'), path.join(folder, 'two'), path.join(folder, 'one/deeper'))).toEqual(['one/deeper/ingress.yaml']);
  });

  test('the nearest such folder counts: a base and its overlay are two units', () => {
    file('kustomization.yaml', 'resources: [base, ingress.yaml]\n');
    file('ingress.yaml', ingress);
    file('base/kustomization.yaml', 'resources: [service.yaml]\n');
    file('base/service.yaml', service(81));
    expect(errorsIn(folder)).toEqual([]);
    fs.rmSync(path.join(folder, 'base/kustomization.yaml'));
    expect(errorsIn(folder)).toEqual(['ingress.yaml']);
  });

  test('everything outside of such folders', () => {
    file('a/ingress.yaml', ingress);
    file('b/service.yaml', service(81));
    file('c/kustomization.yaml', 'resources: [service.yaml]\n');
    file('c/service.yaml', service(80));
    expect(errorsIn(folder)).toEqual(['a/ingress.yaml']);
    expect(JSON.parse(run(['check', '--format=json', path.join(folder, 'a'), '-'], service(81)).out).findings).toHaveLength(1);
  });

  test('each folder outside of such folders, when two contain the same object', () => {
    for (const [environment, port] of [['production', 80], ['staging', 81]] as const) {
      file(`${environment}/all.yaml`, `${ingress}---\n${service(port)}`);
    }
    expect(errorsIn(folder)).toEqual(['staging/all.yaml']);
  });

  test('each example of this repository', () => {
    expect(run(['check', path.join(__dirname, '../../dist')])).toEqual({ code: 0, out: expect.stringMatching(NOTHING_FOUND), err: '' });
  });
});

describe('wrong usage and unreadable input exit with 2 and say what is allowed', () => {
  test.each([
    [[], 'no command; commands: check, plan, mesh, trace, test, diagram, diff, explain'],
    [['chek'], 'unknown command "chek"; did you mean check?'],
    [['validate'], 'unknown command "validate"; commands: check, plan, mesh, trace, test, diagram, diff, explain'],
    [['toString'], 'unknown command "toString"'],
    [['check'], 'check needs a PATH'],
    [['check', '--format', 'xml', '-'], 'unknown format "xml"; formats of check: text, json, sarif, junit, github, gitlab'],
    [['check', '--strict', '-'], 'unknown option --strict; options of check: --format, --ignore, --config, --fail-on, --only, --skip, --complete, --fix, --help'],
    [['plan', '--json', '-'], 'unknown option --json; options of plan: --format, --against, --complete, --ignore, --config, --help'],
    [['check', '--fail-n', 'error', '-'], 'unknown option --fail-n; did you mean --fail-on?'],
    [['plan', '--fail-on', 'error', '-'], 'plan has no --fail-on'],
    [['--strict'], 'unknown option --strict; options: --format, --workload, --against'],
    [['plan', '--against=a', '--against', 'b', '-'], '--against can be given only once'],
    [['check', '/does/not/exist'], '/does/not/exist does not exist'],
    [['check', '/dev/zero'], '/dev/zero is neither a file nor a folder nor a pipe'],
    [['check', `${__filename}/a`], 'cannot read'],
    [['explain', 'a', 'b'], 'explain needs one CHECK-ID, or none for a list; got a, b'],
    [['explain', 'unknown-subst'], 'there is no check "unknown-subst"; did you mean unknown-subset?'],
    [['explain', 'something-else'], 'there is no check "something-else"; `alb-istio explain` lists the checks'],
    [['explain', '--format', 'json', 'unknown-subset'], 'explain has no --format'],
  ])('%j', (words, message) => {
    expect(run(words, GOOD)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  test('standard input without anything, because the command before the pipe failed', () => {
    expect(run(['plan', '-'], '\n')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('standard input is empty') });
  });

  test.each(['check', 'plan', 'mesh', 'diagram'])('%s: a folder without manifests', command => {
    file('README.md', '');
    expect(run([command, folder])).toMatchObject({ code: 2, err: expect.stringContaining(`no manifests in ${folder}`) });
  });

  test('a folder without manifests among others is named', () => {
    const good = path.dirname(file('good/a.yaml', GOOD));
    const empty = path.dirname(file('empty/README.md', ''));
    expect(run(['check', good, empty])).toMatchObject({ code: 0, err: `alb-istio: no manifests in ${empty}\n` });
    expect(run(['check', good])).toMatchObject({ code: 0, err: '' });
  });

  test.each(['check', 'diff'])('%s: only files without Kubernetes objects', command => {
    const place = file('values.yaml', 'a: 1\n');
    expect(run([command, place, ...command === 'diff' ? [file('a.yaml', GOOD)] : []])).toMatchObject({
      code: 2, out: '', err: `alb-istio: skipped ${place}: ${NO_OBJECT}\nalb-istio: no manifests in ${place}\n`,
    });
  });

  test.each([['apiVersion', 'kind: Service\n'], ['kind', 'apiVersion: v1\n']])('a manifest without %s', (_, text) => {
    expect(run(['check', file('a.yaml', text)])).toMatchObject({ code: 2, err: expect.stringContaining('not a Kubernetes object') });
  });

  test('a kustomization file with a syntax error', () => {
    file('a.yaml', GOOD);
    const place = file('kustomization.yaml', 'resources: [');
    expect(run(['check', folder])).toMatchObject({ code: 2, err: expect.stringContaining(`${place}:1:`) });
  });

  test('a file that is not a manifest, with its line', () => {
    const place = file('a.yaml', `${GOOD}---\na: 1\n`);
    expect(run(['check', place])).toMatchObject({ code: 2, err: expect.stringContaining(`${place}:6: document 2: not a Kubernetes object`) });
  });
});

test('explain describes a check', () => {
  const { code, out } = run(['explain', 'unknown-subset']);
  expect(code).toBe(0);
  for (const part of ['unknown-subset (error)', 'Why: ', 'Fix: ', 'Related: E035, E037, IST0101, KIA1107', 'checks.cdk8s-alb-istio/unknown-subset: <reason>']) {
    expect(out).toContain(part);
  }
  expect(run(['explain', 'useless-acknowledgement']).out).not.toContain('To accept');
});

test('--help and --version exit with 0', () => {
  expect(run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('alb-istio check') });
  expect(run(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('the program itself reads standard input and returns its exit code', () => {
  const program = ['--import', 'tsx', path.join(__dirname, '../../src/cli.ts')];
  const { status, stdout } = spawnSync(process.execPath, [...program, 'check', '-'], { input: BAD, encoding: 'utf8', cwd: path.join(__dirname, '../..') });
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('error zero-weights') });
  expect(execFileSync(process.execPath, [...program, '--version'], { encoding: 'utf8', cwd: path.join(__dirname, '../..') })).toMatch(/^\d/);
}, 30_000);
