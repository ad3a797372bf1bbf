// `alb-istio test`: exit codes, baselines, logs in all of their forms, and wrong usage.
import { constants } from 'node:buffer';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../committed-manifests';
import { run } from './command-line';

const dist = (folder: string) => relative('', join(ROOT, 'dist', folder));
const CANARY = dist('canary-blue-green');

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'route-tests-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const place = join(folder, name);
  fs.mkdirSync(join(place, '..'), { recursive: true });
  fs.writeFileSync(place, content);
  return place;
}

const MET = 'GET https://reviews.example.com/reviews -> reviews.bookinfo:9080@v1\n';

describe('a file of requests', () => {
  test('exits with 0 when all requests end as expected, and with 1 when one does not', () => {
    expect(run(['test', file('a.txt', MET), CANARY])).toMatchObject({ code: 0, out: expect.stringMatching(/^Coverage .*\n1 request as expected\n$/s) });
    const missed = run(['test', file('b.txt', `${MET}GET https://reviews.example.com/reviews -> 403\n`), CANARY]);
    expect(missed).toMatchObject({ code: 1, out: expect.stringContaining('b.txt:2: GET https://reviews.example.com/reviews\n  expected  403\n  got       reviews.bookinfo:9080@v1\n') });
    expect(missed.out).toMatch(/\n1 of 2 requests not as expected\n$/);
  });

  test('a request that several folders serve must end as expected in each of them', () => {
    const folders = ['dev', 'production'].map(one => dist(`fleet/${one}-us-east-1`));
    const inside = (end: string) => file('a.txt', `GET http://echoserver.echo/ via=pod:echo/echoserver-v1 -> ${end}\n`);
    expect(run(['test', inside('echoserver.echo:80'), ...folders])).toMatchObject({ code: 0, out: expect.stringMatching(/\n1 request as expected\n$/) });
    const [bookinfo, canary] = [dist('bookinfo'), CANARY];
    const differing = file('b.txt', 'GET http://reviews:9080/ via=pod:bookinfo/productpage-v1 -> reviews.bookinfo:9080\n');
    for (const order of [[bookinfo, canary], [canary, bookinfo]]) {
      expect(run(['test', differing, ...order])).toMatchObject({
        code: 1, out: expect.stringContaining('  expected  reviews.bookinfo:9080\n  got       90% reviews.bookinfo:9080@v1, 10% reviews.bookinfo:9080@v2\n'),
      });
    }
    const coverage = (...paths: readonly string[]) => Number(/Coverage .* (\d+) of \d+ routes?\n/.exec(run(['test', differing, ...paths]).out)![1]);
    expect(coverage(canary)).toBe(coverage(bookinfo, canary));
  });

  test('--write refuses a request that ends in different ways in several folders, and writes one that ends alike', () => {
    const folders = [dist('bookinfo'), CANARY];
    const line = 'GET http://reviews:9080/ via=pod:bookinfo/productpage-v1\n';
    const requests = file('a.txt', line);
    expect(run(['test', '--write', requests, ...folders])).toMatchObject({
      code: 2, err: `alb-istio: 2 folders serve the request "${line.trim()}": ${folders.join(', ')}; pass one of them\n`,
    });
    expect(fs.readFileSync(requests, 'utf8')).toBe(line);
    const alike = file('b.txt', 'GET http://details:9080/ via=pod:bookinfo/productpage-v1\n');
    expect(run(['test', '--write', alike, ...folders]).code).toBe(0);
    expect(fs.readFileSync(alike, 'utf8')).toBe('GET http://details:9080/ via=pod:bookinfo/productpage-v1 -> details.bookinfo:9080\n');
  });

  test('a host that nobody serves, in folders with several load balancers each, is in none of them', () => {
    const layers = ['staging', 'production'].map(one => dist(`platform/${one}`));
    const { code, out } = run(['test', file('a.txt', 'GET https://unknown.example.com/ -> closed several load balancers may serve unknown.example.com: internal-ingress/internal-ingress, public\n'), ...layers]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/\n1 request as expected\n$/) });
  });

  test('exits with 1 when less is covered than demanded', () => {
    const requests = file('a.txt', MET);
    expect(run(['test', '--min-coverage', '13', requests, CANARY]).code).toBe(0);
    expect(run(['test', '--min-coverage', '13%', requests, CANARY]).code).toBe(0);
    expect(run(['test', '--min-coverage', '13.4', requests, CANARY])).toMatchObject({
      code: 1, out: expect.stringContaining('\n1 request as expected\n'), err: 'alb-istio: coverage 13.3 % is below --min-coverage 13.4 %\n',
    });
    // 2 of 15 are 13.33 %, which the report rounds.
    expect(run(['test', '--min-coverage', '13.3334', requests, CANARY])).toMatchObject({ code: 1, err: 'alb-istio: coverage 13.3 % is below --min-coverage 13.3334 %\n' });
  });

  test('reads requests from standard input', () => {
    expect(run(['test', '-', CANARY], MET)).toMatchObject({ code: 0, err: '' });
    expect(run(['test', '-', CANARY], 'GET\n')).toMatchObject({ code: 2, err: expect.stringContaining('alb-istio: standard input:1: the request "GET" has no method') });
    expect(run(['test', '-', '-'], MET)).toMatchObject({ code: 2, err: 'alb-istio: test cannot read both REQUESTS and PATH from standard input\n' });
    expect(run(['test', '--write', '-', CANARY], MET)).toMatchObject({ code: 2, err: expect.stringContaining('--write needs a file of REQUESTS') });
  });

  test('a folder in place of the requests exits with 2', () => {
    expect(run(['test', CANARY, file('a.txt', MET)])).toEqual({ code: 2, out: '', err: expect.stringMatching(/^alb-istio: \S+canary-blue-green is a folder; test needs a file of REQUESTS, then a PATH/) });
  });

  test('manifests in place of the requests exit with 2', () => {
    const manifests = file('x.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
    expect(run(['test', manifests, file('a.txt', MET)])).toEqual({ code: 2, out: '', err: expect.stringMatching(/^alb-istio: \S+x\.yaml has manifests; test needs a file of REQUESTS, then a PATH/) });
  });

  test('--write says which ends are not by design, and which objects are not applied', () => {
    const requests = file('a.txt', `${MET}GET https://reviews.example.com/nowhere  # gone\n`);
    const refused = file('x.yaml', 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: b}\nspec: {action: REFUSE}\n');
    const { code, err } = run(['test', '--write', requests, CANARY, refused]);
    expect([code, err.split('\n')]).toEqual([0, [
      expect.stringMatching(/^alb-istio: not applied: AuthorizationPolicy b\/a /), `alb-istio: ${requests}:2 now expects "404 no route": make sure that it is meant`, '',
    ]]);
    expect(fs.readFileSync(requests, 'utf8')).toContain('/nowhere -> 404 no route  # gone\n');
  });

  test('--write fills in and replaces ends, keeps everything else, and leaves no other file', () => {
    const requests = file('a.txt', `# reviews\n${MET}GET https://reviews.example.com/reviews x-preview=1 -> 403\n\nGET http://reviews.example.com/\n`);
    fs.chmodSync(requests, 0o640);
    expect(run(['test', requests, CANARY]).code).toBe(1);
    expect(run(['test', '--write', requests, CANARY])).toEqual({ code: 0, out: `wrote 2 of 3 ends to ${requests}\n`, err: '' });
    expect(fs.readFileSync(requests, 'utf8')).toBe(`# reviews\n${MET}GET https://reviews.example.com/reviews x-preview=1 -> reviews.bookinfo:9080@v3\n\n`
      + 'GET http://reviews.example.com/ -> 301 https://reviews.example.com/\n');
    expect([fs.readdirSync(folder), fs.statSync(requests).mode & 0o777]).toEqual([['a.txt'], 0o640]);
    expect(run(['test', requests, CANARY]).code).toBe(0);
  });

  test('names the objects that are refused before everything else, and keeps the exit code', () => {
    const refused = file('x.yaml', 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: b}\nspec: {action: REFUSE}\n');
    const { code, out } = run(['test', file('a.txt', MET), CANARY, refused]);
    expect(code).toBe(0);
    expect(out).toMatch(/^not applied: AuthorizationPolicy b\/a \(.*x\.yaml:1\): refused by the API server: \/spec\/action: [^\n]*\n\nCoverage /);
    expect(JSON.parse(run(['test', '--format', 'json', file('a.txt', MET), CANARY, refused]).out)).toMatchObject({ notApplied: [{ object: { name: 'a' } }] });
  });

  test('prints JSON', () => {
    expect(JSON.parse(run(['test', '--format', 'json', file('a.txt', MET), CANARY]).out)).toMatchObject({ schemaVersion: 1, tests: [{ line: 1, isMet: true }] });
  });
});

const line = (request: string, status = '200 200') => (
  `https 2026-11-28T22:23:00.186641Z app/edge/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.66:443 0.000 0.001 0.000 ${status} 34 366 "${request} HTTP/1.1" "-" - - `
  + 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/1 "Root=1" "-" "-" 1 2026-11-28T22:22:48.364000Z "forward" "-" "-" "-" "-" "-" "-"\n');
const REVIEWS = line('GET https://reviews.example.com:443/reviews');
const GONE = line('GET https://reviews.example.com:443/gone', '404 404');

describe('the traffic of a log', () => {
  test('exits with 0 when all requests end by design, and with 1 when some do not', () => {
    expect(run(['test', '--from-access-log', file('a.log', REVIEWS + REVIEWS), CANARY])).toMatchObject({
      code: 0, out: expect.stringContaining('2 requests, 1 different\n         2  reviews.bookinfo:9080@v1\n'),
    });
    expect(run(['test', '--from-access-log', file('b.log', REVIEWS + GONE), CANARY])).toMatchObject({ code: 1, out: expect.stringContaining('         1  404 no route\n') });
  });

  test('a minimum of coverage counts here, too', () => {
    expect(run(['test', '--min-coverage', '50', '--from-access-log', file('a.log', REVIEWS), CANARY]).code).toBe(1);
  });

  test('is read from several files, folders, compressed files and standard input', () => {
    const [text, other] = [file('logs/2026/a.log', REVIEWS), file('other.log', REVIEWS)];
    file('logs/b.log.gz', gzipSync(REVIEWS + GONE));
    const { out } = run(['test', '--from-access-log', join(folder, 'logs'), '--from-access-log', other, '--from-access-log', '-', CANARY], REVIEWS);
    expect(text).toContain('logs');
    expect(out).toMatch(/^5 requests, 2 different\n/);
  });

  test('that is longer than can be read at once is refused with what to do', () => {
    const refused = (log: string) => ({
      code: 2, out: '', err: `alb-istio: cannot read ${log}: its text is longer than 512 MB, the most that can be read at once; split it into several files\n`,
    });
    const log = file('a.log', '');
    fs.truncateSync(log, 2 ** 31 + 1);
    expect(run(['test', '--from-access-log', log, CANARY])).toEqual(refused(log));
    const compressed = file('b.log.gz', gzipSync(REVIEWS));
    const unzip = jest.spyOn(process.getBuiltinModule('zlib'), 'gunzipSync').mockImplementation((_, { maxOutputLength } = {}) => {
      expect(maxOutputLength).toBe(constants.MAX_STRING_LENGTH);
      throw Object.assign(new RangeError('Cannot create a Buffer larger than 536870888 bytes'), { code: 'ERR_BUFFER_TOO_LARGE' });
    });
    expect(run(['test', '--from-access-log', compressed, CANARY])).toEqual(refused(compressed));
    unzip.mockRestore();
  });

  test('of a browser is read from a HAR file', () => {
    const har = file('a.har', JSON.stringify({ log: { entries: [{ request: { method: 'GET', url: 'https://reviews.example.com/reviews', headers: [{ name: 'X-Preview', value: '1' }] } }] } }));
    expect(run(['test', '--from-har', har, CANARY])).toMatchObject({ code: 0, out: expect.stringContaining('         1  reviews.bookinfo:9080@v3\n') });
  });

  test('with --against, exits with 1 and lists what would end elsewhere', () => {
    const log = file('a.log', line('GET https://bookinfo.example.com:443/productpage') + REVIEWS + GONE);
    expect(run(['test', '--from-access-log', log, '--against', CANARY, CANARY])).toEqual({ code: 0, err: '', out: '3 requests, 3 different: all end where they ended before\n' });
    expect(run(['test', '--from-access-log', log, '--against', dist('bookinfo'), CANARY])).toEqual({
      code: 1, err: '', out: '1 × 404 no rule → reviews.bookinfo:9080@v1\n  GET https://reviews.example.com/reviews from=203.0.113.9 http=1.1\n\n'
        + '1 × 404 no rule → 404 no route\n  GET https://reviews.example.com/gone from=203.0.113.9 http=1.1\n\n3 requests, 3 different: 2 would end elsewhere\n',
    });
    expect(JSON.parse(run(['test', '--format', 'json', '--from-access-log', log, '--against', dist('bookinfo'), CANARY]).out)).toMatchObject({ moves: [{ count: 1 }, { count: 1 }] });
  });
});

describe('wrong usage exits with 2', () => {
  const FILE = join(ROOT, 'examples', 'bookinfo', 'requests.txt');

  test.each<[args: readonly string[], message: string]>([
    [[], 'test needs a file of REQUESTS, then a PATH'],
    [[FILE], 'test needs a file of REQUESTS, then a PATH'],
    [['--from-access-log', FILE], 'test needs a file of REQUESTS, then a PATH'],
    [['--against', CANARY, FILE, CANARY], '--against needs --from-har or --from-access-log'],
    [['--write', '--from-access-log', FILE, CANARY], '--write needs a file of REQUESTS'],
    [['--write', '--min-coverage', '5', FILE, CANARY], '--write has neither --min-coverage nor --format json'],
    [['--write', '--format', 'json', FILE, CANARY], '--write has neither --min-coverage nor --format json'],
    [['--against', CANARY, '--min-coverage', '5', '--from-access-log', FILE, CANARY], '--against has no --min-coverage'],
    [['--min-coverage', 'all', FILE, CANARY], '--min-coverage must be a percentage from 0 to 100; got all'],
    [['--min-coverage', '101', FILE, CANARY], '--min-coverage must be a percentage from 0 to 100; got 101'],
    [['--min-coverage', '', FILE, CANARY], '--min-coverage must be a percentage from 0 to 100; got '],
    [['nowhere.txt', CANARY], 'cannot read nowhere.txt: '],
    [['--from-access-log', 'nowhere.log', CANARY], 'cannot read nowhere.log: '],
    [['--from-access-log', FILE, CANARY], `no requests in ${FILE}; ${FILE}:1: the line is neither of an ALB nor of an Envoy access log`],
    [['--from-har', FILE, CANARY], 'requests.txt is no HAR file: '],
    [[FILE, join(ROOT, 'examples', 'bookinfo')], 'no manifests in '],
  ])('%j', (args, message) => {
    expect(run(['test', ...args])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  test('lines that cannot be read, all at once', () => {
    const { code, err } = run(['test', file('a.txt', `GET x -> 403\n${MET}GET https://a.example.com/ -> nowhere\n`), CANARY]);
    expect([code, err.split('\n').length]).toEqual([2, 5]);
    expect(err).toMatch(/^alb-istio: 2 lines cannot be read:\n {2}\S+a\.txt:1: .*\n {2}\S+a\.txt:3: .*\na request is: .*\n$/);
  });

  test('a file without requests, and one that cannot be written', () => {
    expect(run(['test', file('a.txt', '# nothing\n'), CANARY])).toMatchObject({ code: 2, err: expect.stringContaining('no requests in ') });
    const requests = file('b.txt', MET.replace('@v1', ''));
    fs.mkdirSync(`${requests}.${process.pid}.tmp`);
    expect(run(['test', '--write', requests, CANARY])).toMatchObject({ code: 2, err: expect.stringContaining(`cannot write ${requests}: `) });
  });
});

test('--complete and complete in alb-istio.yaml say that what the manifests lack exists nowhere', () => {
  const requests = (end: string) => file('r.txt', `GET https://kiali.ops.example.com/ via=gateway:443 -> ${end}\n`);
  const undecided = 'unsupported: kiali.istio-system:20001, 503 no cluster';
  expect(run(['test', requests(undecided), dist('kiali')]).code).toBe(0);
  expect(run(['test', '--complete', requests('closed no certificate'), dist('kiali')]).code).toBe(0);
  expect(run(['test', '--config', file('alb-istio.yaml', 'complete: true\n'), requests('closed no certificate'), dist('kiali')]).code).toBe(0);
  expect(run(['test', '--config', file('alb-istio.yaml', 'complete: false\n'), requests('closed no certificate'), dist('kiali')]).code).toBe(1);
});
