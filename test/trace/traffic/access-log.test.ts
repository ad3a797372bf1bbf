// Access logs: lines of the documentation of AWS, Envoy and Istio, and what else such files contain.
import { addAccessLog } from '../../../src/trace/traffic/access-log';
import { Traffic } from '../../../src/trace/traffic/traffic';

function read(...lines: readonly string[]): Traffic {
  const traffic = new Traffic();
  addAccessLog(traffic, lines.join('\n'), 'access.log');
  return traffic;
}

const seen = (line: string) => {
  const { requests: [found], unreadable } = read(line);
  return found === undefined ? unreadable[0].reason : [found.line, ...found.observed.map(({ status, isForwarded }) => `${status} ${isForwarded ? 'forwarded' : 'not forwarded'}`)];
};

const REST = 'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337364" "www.example.com" "arn:aws:acm:cert" 1 '
  + '2018-07-02T22:22:48.364000Z';
const alb = (start: string, request: string, agent = 'curl/7.46.0', end = `- - ${REST} "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"`) => (
  `${start} 0 57 "${request}" "${agent}" ${end}`);
const TIMED = '2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188';

test.each<[what: string, line: string, found: unknown]>([
  ['an HTTP request', alb(`http ${TIMED} 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200`, 'GET http://www.example.com:80/ HTTP/1.1'),
    ['GET http://www.example.com/ user-agent=curl/7.46.0 from=192.168.131.39 http=1.1', '200 forwarded']],
  ['HTTPS with a redirect, and without a target', alb(`https ${TIMED} 192.168.131.39:2817 - 0.086 0.048 0.037 301 -`, 'GET https://www.example.com:443/a?b=c HTTP/1.1'),
    ['GET https://www.example.com/a?b=c user-agent=curl/7.46.0 from=192.168.131.39 http=1.1', '301 not forwarded']],
  ['HTTP/2 on another port', alb(`h2 ${TIMED} 10.0.1.252:48160 10.0.0.66:9000 0.000 0.002 0.000 200 200`, 'GET https://10.0.2.105:773/ HTTP/2.0'),
    ['GET https://10.0.2.105:773/ user-agent=curl/7.46.0 from=10.0.1.252 http=2', '200 forwarded']],
  ['a WebSocket', alb(`ws ${TIMED} 10.0.0.140:40914 10.0.1.192:8010 0.001 0.003 0.000 101 101`, 'GET http://10.0.0.30:80/ HTTP/1.1', '-'),
    ['GET http://10.0.0.30/ from=10.0.0.140 http=1.1', '101 forwarded']],
  ['a client with an IPv6 address', alb(`https ${TIMED} [2001:db8::7]:2817 10.0.0.1:80 0 0 0 200 200`, 'GET https://www.example.com:443/ HTTP/1.1', '-'),
    ['GET https://www.example.com/ from=2001:db8::7 http=1.1', '200 forwarded']],
  ['escaped quotes', alb(`https ${TIMED} 10.0.0.1:1 10.0.0.1:80 0 0 0 200 200`, 'GET https://www.example.com:443/?q=\\x22a\\x22 HTTP/1.1', 'say \\x22hi\\x22'),
    ['GET https://www.example.com/?q="a" user-agent="say \\"hi\\"" from=10.0.0.1 http=1.1', '200 forwarded']],
  ['escaped UTF-8', alb(`https ${TIMED} 10.0.0.1:1 10.0.0.1:80 0 0 0 200 200`, 'GET https://www.example.com:443/caf\\xc3\\xa9 HTTP/1.1', '\\xE2\\x98\\x83\\x22\\xff'),
    ['GET https://www.example.com/café user-agent=☃"\ufffd from=10.0.0.1 http=1.1', '200 forwarded']],
  ['gRPC', alb(`grpcs ${TIMED} 10.0.0.1:1 - -1 -1 -1 464 -`, 'POST https://www.example.com:443/p.S/M HTTP/2.0', '-'),
    ['POST https://www.example.com/p.S/M content-type=application/grpc from=10.0.0.1 http=2', '464 not forwarded']],
  ['a client that is logged in', alb(`h2 ${TIMED} 10.0.0.1:1 10.0.0.1:80 0 0 0 200 200`, 'GET https://www.example.com:443/ HTTP/2.0', '-', `- - ${REST} "waf,authenticate,forward" "-" "-"`),
    ['GET https://www.example.com/ from=10.0.0.1 http=2 login', '200 forwarded']],
  ['a client that is sent to log in', alb(`h2 ${TIMED} 10.0.0.1:1 - -1 -1 -1 302 -`, 'GET https://www.example.com:443/ HTTP/2.0', '-', `- - ${REST} "authenticate" "-" "-"`),
    ['GET https://www.example.com/ from=10.0.0.1 http=2', '302 not forwarded']],
  ['HTTP/1.0', alb(`http ${TIMED} 10.0.0.1:1 10.0.0.1:80 0 0 0 200 200`, 'GET http://www.example.com:80/ HTTP/1.0', '-'),
    ['GET http://www.example.com/ from=10.0.0.1 http=1.0', '200 forwarded']],
  ['a client that went away', alb(`http ${TIMED} 10.0.0.1:1 10.0.0.1:80 -1 -1 -1 460 -`, 'GET http://www.example.com:80/ HTTP/1.1', '-'), ['GET http://www.example.com/ from=10.0.0.1 http=1.1']],
  ['a request of a client that is logged in, which AWS WAF blocked', alb(`http ${TIMED} 10.0.0.1:1 - -1 -1 -1 403 -`, 'GET http://www.example.com:80/ HTTP/1.1', '-', `- - ${REST} "authenticate,waf" "-" "-"`),
    ['GET http://www.example.com/ from=10.0.0.1 http=1.1 login']],
  ['a request that AWS WAF blocked', alb(`http ${TIMED} 10.0.0.1:1 - -1 -1 -1 403 -`, 'GET http://www.example.com:80/ HTTP/1.1', '-', `- - ${REST} "waf" "-" "-" "-" "-" "-" "-"`),
    ['GET http://www.example.com/ from=10.0.0.1 http=1.1']],
  ['fields that AWS appended later', alb(`http ${TIMED} 10.0.0.1:1 10.0.0.1:80 0 0 0 200 200`, 'GET http://www.example.com:80/ HTTP/1.1', '-', `- - ${REST} "waf,forward" "-" "-" "-" "-" "-" "-" TID_1 "-" "-" "-"`),
    ['GET http://www.example.com/ from=10.0.0.1 http=1.1', '200 forwarded']],
  ['a malformed request', alb(`http ${TIMED} 10.0.0.1:1 - -1 -1 -1 400 -`, '- http://www.example.com:80- -', '-'), 'the request line "- http://www.example.com:80- -" is not METHOD URL VERSION'],
  ['a line that is cut off', `http ${TIMED} 10.0.0.1:1 - -1`, 'the line has fewer fields than an ALB access log'],
])('ALB: %s', (_, line, found) => {
  expect(seen(line)).toEqual(found);
});

const ISTIO = (status: string, between: string, tail: string) => `[2020-11-25T21:26:18.409Z] "GET /status/418?a=b HTTP/1.1" ${status} via_upstream - "-" 0 135 3 1 ${between} ${tail}`;

test.each<[what: string, line: string, found: unknown]>([
  ['the default format', '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80"',
    ['POST https://locations/api/v1/locations user-agent=nsq2http from=10.0.35.28 http=2', '204 forwarded']],
  ['Istio, behind an ALB', ISTIO('418 -', '"203.0.113.9,10.0.1.5" "curl/7.73.0-DEV" "84961386" "shop.example.com" "127.0.0.1:80"', 'outbound|80||web.shop 127.0.0.1:44854 10.44.1.23:8080 10.0.1.5:46520 - default'),
    ['GET https://shop.example.com/status/418?a=b user-agent=curl/7.73.0-DEV from=203.0.113.9 login', '418 forwarded']],
  ['Istio, behind an NLB, plaintext', ISTIO('301 -', '"203.0.113.9" "-" "84961386" "shop.example.com" "-"', '- - 10.44.1.23:8080 203.0.113.9:46520 - -'),
    ['GET http://shop.example.com/status/418?a=b from=203.0.113.9 http=1.1', '301 not forwarded']],
  ['Istio, behind an NLB, TLS with another server name', ISTIO('404 NR', '"203.0.113.9" "-" "84961386" "shop.example.com" "-"', '- - 10.44.1.23:443 203.0.113.9:46520 www.example.com -'),
    ['GET https://shop.example.com/status/418?a=b sni=www.example.com from=203.0.113.9 http=1.1', '404 not forwarded']],
  ['HTTP/1.0, which no ALB sends', ISTIO('426 -', '"203.0.113.9" "-" "84961386" "shop.example.com" "-"', '- - 10.44.1.23:8080 203.0.113.9:46520 - -').replace('HTTP/1.1', 'HTTP/1.0'),
    ['GET http://shop.example.com/status/418?a=b via=gateway:80 from=203.0.113.9 http=1.0', '426 not forwarded']],
  ['HTTP/1.0 in TLS', ISTIO('426 -', '"203.0.113.9" "-" "84961386" "shop.example.com" "-"', '- - 10.44.1.23:8443 203.0.113.9:46520 shop.example.com -').replace('HTTP/1.1', 'HTTP/1.0'),
    ['GET https://shop.example.com/status/418?a=b via=gateway:443 sni=shop.example.com from=203.0.113.9 http=1.0', '426 not forwarded']],
  ['HTTP/2 from an ALB, which its client must have sent', ISTIO('200 -', '"203.0.113.9,10.0.1.5" "-" "84961386" "shop.example.com" "127.0.0.1:80"', 'c - 10.44.1.23:8080 10.0.1.5:46520 - -').replace('HTTP/1.1', 'HTTP/2'),
    ['GET https://shop.example.com/status/418?a=b from=203.0.113.9 http=2 login', '200 forwarded']],
  ['an upstream that failed', ISTIO('503 UF,URX', '"203.0.113.9" "-" "84961386" "shop.example.com" "127.0.0.1:80"', 'c - 10.44.1.23:443 203.0.113.9:46520 - -'),
    ['GET https://shop.example.com/status/418?a=b from=203.0.113.9 http=1.1']],
  ['quotes in the user agent', '[2016-04-15T20:17:00.310Z] "GET / HTTP/2" 200 - 0 0 2 1 "-" "a "b" c" "-" "www" "10.0.2.1:80"', ['GET https://www/ user-agent="a \\"b\\" c" http=2', '200 forwarded']],
  ['a TCP connection', '[2016-04-15T20:17:00.310Z] "- - -" 0 - 154 0 226 - "-" "-" "-" "-" "10.0.2.1:80"', 'the line is of a TCP connection, which has no request'],
  ['Istio as JSON', '{"start_time":"2026-01-01T00:00:00.000Z","method":"GET","path":"/a","protocol":"HTTP/1.1","response_code":200,"response_flags":"-","x_forwarded_for":"203.0.113.9,10.0.1.5",'
    + '"user_agent":"curl","authority":"shop.example.com","upstream_host":"10.0.0.1:80","downstream_local_address":"10.0.0.2:8443","requested_server_name":null}',
  ['GET https://shop.example.com/a user-agent=curl from=203.0.113.9 login', '200 forwarded']],
  ['JSON that is cut off', '{"start_time":"2026-01-01T00:00', 'the line is no JSON'],
  ['another format', '[2016-04-15T20:17:00.310Z] "GET / HTTP/2" 200', 'the line has neither the fields of Envoy\'s default format nor those of Istio\'s'],
  ['a host that is none', '[2016-04-15T20:17:00.310Z] "GET / HTTP/2" 400 - 0 0 2 1 "-" "-" "-" "a b" "-"', '"GET /" with the host "a b" is no request'],
])('Envoy: %s', (_, line, found) => {
  expect(seen(line)).toEqual(found);
});

test('equal requests are counted once, and lines that cannot be read are named', () => {
  const one = alb(`http ${TIMED} 10.0.0.1:1 10.0.0.1:80 0 0 0 200 200`, 'GET http://www.example.com:80/ HTTP/1.1', '-');
  const traffic = read(one, '', '2026-01-01 info gateway is ready', one.replace(' 200 200 ', ' 503 - '), one, one.replace('10.0.0.1:80 0 0 0', '- -1 -1 -1'));
  expect(traffic.count).toBe(4);
  expect(traffic.requests).toMatchObject([{
    count: 4, observed: [{ status: 200, isForwarded: true, count: 2 }, { status: 503, isForwarded: true, count: 1 }, { status: 200, isForwarded: false, count: 1 }],
  }]);
  expect(traffic.unreadable).toEqual([{ file: 'access.log', entry: 3, reason: 'the line is neither of an ALB nor of an Envoy access log' }]);
});

test.each<[name: string, fields: object, isForwarded: boolean | undefined]>([
  ['an upstream', { upstream_host: '10.0.0.1:80', upstream_cluster: 'outbound|80||a.shop' }, true],
  ['a cluster without an upstream, which a policy stopped', { upstream_host: null, upstream_cluster: 'outbound|80||a.shop' }, false],
  ['a cluster, in a log without upstreams', { upstream_cluster: 'outbound|80||a.shop' }, undefined],
  ['no cluster, in a log without upstreams', { upstream_cluster: null }, false],
  ['neither, in a log without both', {}, undefined],
])('whether Istio\'s JSON says that a request was forwarded: %s', (_, fields, isForwarded) => {
  const traffic = new Traffic();
  addAccessLog(traffic, JSON.stringify({
    start_time: '2026-11-28T10:00:00.000Z', method: 'GET', path: '/a', response_code: 200, authority: 'a.example.com', response_flags: '-', ...fields,
  }), 'access.log');
  expect(traffic.requests[0].observed).toEqual([{ status: 200, count: 1, ...isForwarded === undefined ? {} : { isForwarded } }]);
});

test.each<[what: string, forwardedFor: string, remote: string, sender: string]>([
  ['an ALB in front', '203.0.113.9,10.0.1.5', '10.0.1.5:46520', 'from=203.0.113.9 login'],
  ['what the client says, behind an ALB', '192.0.2.1, 203.0.113.9,10.0.1.5', '10.0.1.5:46520', 'from=203.0.113.9 login'],
  ['what the client says, behind an ALB that the gateway trusts', '192.0.2.1, 203.0.113.9,10.0.1.5', '203.0.113.9:0', 'from=203.0.113.9 login'],
  ['what the client says, at a gateway that does not append', '192.0.2.1, 203.0.113.9', '10.0.1.5:46520', 'from=203.0.113.9 login'],
  ['what the client says, without a load balancer', '192.0.2.1, 198.51.100.7,203.0.113.9', '203.0.113.9:46520', 'from=203.0.113.9 http=1.1'],
  ['a client without a load balancer', '203.0.113.9', '203.0.113.9:46520', 'from=203.0.113.9 http=1.1'],
  ['an ALB that adds the port of the client', '192.0.2.1, 203.0.113.9:2817,10.0.1.5', '10.0.1.5:46520', 'from=203.0.113.9 login'],
  ['an ALB in IPv6', '2001:db8::9,2001:db8:1::5', '[2001:db8:1::5]:46520', 'from=2001:db8::9 login'],
  ['text that is no address', 'me,10.0.1.5', '10.0.1.5:46520', 'login'],
  ['no remote address', '192.0.2.1, 203.0.113.9,10.0.1.5', '-', 'from=203.0.113.9 login'],
  ['no header', '-', '203.0.113.9:46520', 'from=203.0.113.9 http=1.1'],
])('the client in a log of a gateway: %s', (_, forwardedFor, remote, sender) => {
  const line = ISTIO('200 -', `"${forwardedFor}" "-" "84961386" "shop.example.com" "127.0.0.1:80"`, `c - 10.44.1.23:8443 ${remote} shop.example.com -`);
  expect(seen(line)).toEqual([`GET https://shop.example.com/status/418?a=b ${sender}`, '200 forwarded']);
});
