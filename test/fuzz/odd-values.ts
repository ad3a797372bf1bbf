// Values that readers of untrusted YAML get wrong: other types, bounds, names of JavaScript's own properties, regexes that backtrack.

/** Values of all types. */
export const ODD_VALUES: readonly unknown[] = [
  null, true, false, 0, -0, -1, 1, 1.5, 100, 65535, 65536, 2 ** 31, 2 ** 53, 1e300, '', ' ', '*', '*.', '.*', '.', '..', '/', '//', '/*', '~', '-', '~/*', './*', '*/*',
  '\u0000', '\u001b[31m', '\u202e', '\ud800', '💥', 'ß', 'İ', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'prototype', 'valueOf', 'mesh', 'istio',
  '(a+)+$', '(a|a)*b', '(?=a)', '[', '(', '\\', '\\1', '.*.*.*.*=', 'a{1000}{1000}', '(?i)x', '{{ .Values.x }}', '${x}', '{"a":', '[{"HTTPS":443}]', '[{"HTTPS":"x"}]', '0x10', '1e3',
  '999999999999999999999', '-0', '0.0.0.0/0', '10.0.0.0/33', '::1', 'fe80::1%eth0', '::ffff:1.2.3.4', 'NaN', 'Infinity', '2001-01-01', '1s', '1d', '-1s', '0s', '99999999999h',
  'shop.example.com', '*.example.com', 'http', 'a=b,c=d', 'k=v', 'a,,b', ',', '=', 'alb', 'use-annotation', 'ssl-redirect', 'ISTIO_MUTUAL', 'STRICT', 'HTTPS', 'true', 'false', '443', '80',
  'x'.repeat(5000), '['.repeat(9000) + ']'.repeat(9000), '*'.repeat(64), 'a.'.repeat(200), [], {}, [null], [[]], [{}], [''], { '': '' }, { 0: 0 }, { constructor: {} }, JSON.parse('{"__proto__": {"a": 1}}'),
];

/** Pieces of YAML that mean something to a parser. */
export const YAML_PIECES: readonly string[] = [
  '---\n', '...\n', '- ', ': ', '? ', '&a ', '*a', '<<: *a', '!!str ', '!!binary ', '!!int ', '!x ', '|\n', '>-\n', '"', '\'', '{', '}', '[', ']', ',', '#', '%YAML 1.1\n', '\t', '\n', '\r\n',
  '\u0000', '\ufeff', '\u2028', '\u0085', '~', 'null', 'yes', '0o7', '1_000', '0b1', '.inf', '.nan', '1:30', '@', '`', '&a [*a]', '<<: [*a, *a]', '__proto__: {a: 1}\n', 'kind: List\nitems:\n',
];
