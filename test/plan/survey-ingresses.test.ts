// Which Ingresses the controller manages, and the Services that receive their requests.
import { check } from '../../src/checks/runner';
import { readObjects } from '../../src/manifests/input';
import { surveyOf } from '../../src/plan/survey';
import { backend, ingress, ingressClass, namespace, object, service } from '../manifests';

const survey = (...objects: object[]) => surveyOf(readObjects(objects));
const malformed = (...objects: object[]) => survey(...objects).faults.map(({ cause }) => (cause.is === 'malformed' ? cause.annotation.key.replace(/.*\//, '') : cause.is));

const OLD_CLASS = 'kubernetes.io/ingress.class';
const DEFAULT = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
const ANNOTATED = { scheme: 'internal' };
const NGINX = 'k8s.io/ingress-nginx';

describe('an Ingress is managed', () => {
  test.each([
    ['its class is called alb', [ingress('a')], true],
    ['its class is unknown and it has annotations of the controller', [ingress('a', ANNOTATED, { ingressClassName: 'internal' })], true],
    ['its class is unknown and it has no annotation of the controller', [ingress('a', {}, { ingressClassName: 'internal' })], false],
    ['its class is named after another controller', [ingress('a', ANNOTATED, { ingressClassName: 'internal-nginx' })], false],
    ['its class is unknown and it has an annotation of nginx', [ingress('a', { ...ANNOTATED, 'nginx.ingress.kubernetes.io/rewrite-target': '/$1' }, { ingressClassName: 'internal' })], false],
    ['its class is alb and it has an annotation of nginx', [ingress('a', { 'nginx.ingress.kubernetes.io/rewrite-target': '/$1' })], true],
    ['its class belongs to the controller', [ingress('a', {}, { ingressClassName: 'internal' }), ...ingressClass('internal')], true],
    ['its class belongs to the controller, whatever its name', [ingress('a', {}, { ingressClassName: 'nginx' }), ...ingressClass('nginx')], true],
    ['its class alb belongs to another controller', [ingress('a', ANNOTATED), ...ingressClass('alb', undefined, NGINX)], false],
    ['one of two classes with its name belongs to the controller', [ingress('a'), ...ingressClass('alb', undefined, NGINX), ...ingressClass('alb')], true],
    ['it has no class, and the input no default class', [ingress('a', ANNOTATED, {})], false],
    ['its class is a placeholder', [ingress('a', ANNOTATED, { ingressClassName: '${class}' })], false],
    ['the old annotation is a placeholder', [ingress('a', { ...ANNOTATED, [OLD_CLASS]: '$(class)' }, {})], false],
    ['the name of its group is a placeholder', [ingress('a', { 'group.name': '${group}' })], true],
    ['it has no class and no annotation of the controller', [ingress('a', {}, {})], false],
    ['it has no class, and the default class belongs to the controller', [ingress('a', {}, {}), ...ingressClass('x', undefined, undefined, DEFAULT)], true],
    ['it has no class, and the default class belongs to another controller', [ingress('a', ANNOTATED, {}), ...ingressClass('x', undefined, NGINX, DEFAULT)], false],
    ['the old annotation is alb', [ingress('a', { [OLD_CLASS]: 'alb' }, {})], true],
    ['the old annotation is alb, whatever the class', [ingress('a', { [OLD_CLASS]: 'alb' }, { ingressClassName: 'nginx' }), ...ingressClass('nginx', undefined, NGINX)], true],
    ['the old annotation is nginx and an annotation of the controller is left over', [ingress('a', { ...ANNOTATED, [OLD_CLASS]: 'nginx' }, {})], false],
    ['the old annotation is of a second controller', [ingress('a', { ...ANNOTATED, [OLD_CLASS]: 'alb-2' }, {})], true],
    ['the old annotation is unknown', [ingress('a', { [OLD_CLASS]: 'alb-2' }, {})], false],
    ['the old annotation is not a string', [ingress('a', { ...ANNOTATED, [OLD_CLASS]: { toString: 0 } })], false],
  ])('if %s: %#', (_, objects, isManaged) => {
    expect(survey(...objects).groups).toHaveLength(isManaged ? 1 : 0);
  });

  test('with unknown class params if two classes have the name of its class', () => {
    const both = [...ingressClass('alb', undefined, NGINX), ...ingressClass('alb', { tags: [] })];
    expect(malformed(ingress('a', { scheme: 'public' }), ...ingressClass('alb', { tags: [] }))).toEqual(['scheme']);
    expect(malformed(ingress('a', { scheme: 'public' }), ...both)).toEqual([]);
  });

  test('by a default class, whose params apply', () => {
    expect(malformed(ingress('a', { scheme: 'public' }, {}), ...ingressClass('x', { tags: [] }, undefined, DEFAULT))).toEqual(['scheme']);
    expect(malformed(ingress('a', { scheme: 'public' }, {}), ...ingressClass('x', { scheme: 'internal' }, undefined, DEFAULT))).toEqual([]);
  });
});

test('an Ingress may match the namespaceSelector of its class if the input does not have its Namespace', () => {
  const selecting = (key: string, value: string) => ingressClass('x', { namespaceSelector: { matchLabels: { [key]: value } } });
  const isManaged = (...objects: object[]) => survey(ingress('shop/a', {}, { ingressClassName: 'x' }), ...objects).groups.length === 1;
  expect(isManaged(...selecting('team', 'a'))).toBe(true);
  expect(isManaged(...selecting('team', 'a'), namespace('shop'))).toBe(false);
  expect(isManaged(...selecting('kubernetes.io/metadata.name', 'shop'))).toBe(true);
  expect(isManaged(...selecting('kubernetes.io/metadata.name', 'other'))).toBe(false);
});

describe('the targets of an Ingress', () => {
  const targetsOf = (annotations: Record<string, string>, spec: object) => survey(ingress('a', annotations, { ingressClassName: 'alb', ...spec })).faults
    .flatMap(({ pointer, cause }) => (cause.is === 'missing-service' ? [`${pointer.replace('alb.ingress.kubernetes.io~1', '')} ${cause.name}`] : []));
  const forward = (...targetGroups: object[]) => JSON.stringify({ type: 'forward', forwardConfig: { targetGroups } });

  test('are the Services of its backends', () => {
    const paths = [{ backend: backend('b', 'http') }, { backend: {} }, { backend: backend('b', 'http') }, { backend: backend('c', 82) }];
    expect(targetsOf({}, { defaultBackend: backend('a', 80), rules: [{ http: { paths } }] })).toEqual([
      '/spec/rules/0/http/paths/0/backend b', '/spec/rules/0/http/paths/2/backend b', '/spec/rules/0/http/paths/3/backend c', '/spec/defaultBackend a',
    ]);
  });

  test('include those of forward actions, each once', () => {
    const actions = { 'actions.split': forward({ serviceName: 'a', servicePort: '80' }, { serviceName: 'b', servicePort: 'http' }, { targetGroupName: 'c' }) };
    const paths = [{ backend: backend('split', 'use-annotation') }, { backend: backend('split', 'use-annotation') }];
    expect(targetsOf(actions, { rules: [{ http: { paths } }] })).toEqual(['/metadata/annotations/actions.split a', '/metadata/annotations/actions.split b']);
  });

  test.each([
    ['property names in another case', '{"Type":"forward","FORWARDCONFIG":{"targetgroups":[{"servicename":"a","ServicePort":80}]}}', 1],
    ['another action', '{"type":"redirect","redirectConfig":{"statusCode":"HTTP_301"}}', 0],
    ['a syntax error', '{', 0],
    ['a port of the wrong type', '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"a","servicePort":true}]}}', 0],
  ])('of an action with %s', (_, action, count) => {
    expect(targetsOf({ 'actions.x': action }, { defaultBackend: backend('x', 'use-annotation') })).toHaveLength(count);
  });

  test('do not include those of an action that no backend uses, or that is missing', () => {
    expect(targetsOf({ 'actions.x': forward({ serviceName: 'a', servicePort: 80 }) }, { defaultBackend: backend('constructor', 'use-annotation') })).toEqual([]);
  });
});

test('a malformed ssl-redirect may redirect, so the backends of HTTP listeners are not checked', () => {
  const spec = { ingressClassName: 'alb', defaultBackend: backend('shop', 81) };
  const idsWith = (annotations: Record<string, string>) => check([service('prod/shop'), ingress('prod/a', annotations, spec)]).findings.map(({ id }) => id);
  expect(idsWith({})).toEqual(['dangling-backend']);
  expect(idsWith({ 'ssl-redirect': 'yes' })).toEqual(['malformed-annotation']);
});

test('a malformed target-type is all that is wrong with a Service without node ports', () => {
  const spec = { ingressClassName: 'alb', defaultBackend: backend('shop', 80) };
  const faults = (annotations: Record<string, string>) => malformed(service('prod/shop'), ingress('prod/a', annotations, spec));
  expect(faults({ 'target-type': 'IP' })).toEqual(['target-type']);
  expect(faults({ 'target-type': 'instance' })).toEqual(['no-node-port']);
});

test.each(['[{"http":80},{"https":443}]', '[{"HTTP":80},'])('of the malformed listen-ports %s one may be the port of ssl-redirect', ports => {
  expect(malformed(ingress('a', { 'listen-ports': ports, 'ssl-redirect': '443' }))).toEqual(['listen-ports']);
  expect(malformed(ingress('a', { 'listen-ports': '[{"HTTP":80}]', 'ssl-redirect': '443' }))).toEqual(['refused']);
});

test('a malformed listener attribute is rejected even if the class params are unknown, because the controller merges the two', () => {
  const [onlyClass] = ingressClass('x', {});
  const annotations = { 'listen-ports': '[{"HTTP":80}]', 'listener-attributes.HTTP-80': 'a', scheme: 'public' };
  expect(malformed(onlyClass, ingress('a', annotations, { ingressClassName: 'x' }))).toEqual(['listener-attributes.HTTP-80']);
});

test('a v1beta1 Ingress is read too', () => {
  const { metadata, spec } = ingress('a', {}, {
    ingressClassName: 'alb', backend: { serviceName: 'a', servicePort: 80 }, rules: [{ http: { paths: [{ backend: { serviceName: 'b', servicePort: 'http' } }] } }],
  });
  const { faults } = survey(object('networking.k8s.io/v1beta1', 'Ingress', metadata.name, spec as object));
  expect(faults.map(({ pointer, reason }) => `${pointer}: ${reason}`)).toEqual([
    '/spec/rules/0/http/paths/0/backend: Service default/b is not in the input', '/spec/backend: Service default/a is not in the input',
  ]);
});
