// The API reference: a page for each submodule, made from the assembly that jsii writes, and an index.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly, ClassType, Docs, InterfaceType, Method, Parameter, Property, Type, TypeReference } from '@jsii/spec';
import * as everything from '../src/index';
import { ROOT } from './command';

/** Namespaces of constructs that mirror the CRDs: too large for a page, so each kind with the types below it has one, or shares one. */
const GENERATED = ['elbv2', 'istio'];

/** Title of the part of a page, and the types in it. */
const PARTS: [title: string, has: (type: Type, constructs: ReadonlySet<string>) => boolean][] = [
  ['Constructs', ({ fqn }, constructs) => constructs.has(fqn)],
  ['Classes', type => type.kind === 'class'],
  ['Interfaces', type => type.kind === 'interface' && !type.datatype],
  ['Props and options', type => type.kind === 'interface'],
  ['Enums', type => type.kind === 'enum'],
];

interface Page {
  /** As in `docs/api/NAME.md`. */
  readonly name: string;
  readonly title: string;
  readonly intro: string;
  readonly types: readonly Type[];
}

/** The pages of the reference, by path. */
export function apiPages(): [path: string, text: string][] {
  return new Reference(JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly).pages();
}

class Reference {
  private readonly types: readonly Type[];
  private readonly constructs: ReadonlySet<string>;
  private readonly pageOf = new Map<string, string>();
  private readonly all: readonly Page[];

  public constructor(private readonly assembly: Assembly) {
    this.types = Object.values(assembly.types ?? {}).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
    this.constructs = new Set(this.types.filter(type => this.isConstruct(type)).map(({ fqn }) => fqn));
    this.all = [this.topPage(), ...Object.keys(assembly.submodules ?? {}).map(fqn => fqn.split('.')[1]).sort().flatMap(name => this.pagesOf(name))];
    this.all.forEach(({ name, types }) => types.forEach(({ fqn }) => this.pageOf.set(fqn, name)));
  }

  public pages(): [path: string, text: string][] {
    return [...this.all.map(page => [`docs/api/${page.name}.md`, this.render(page)] as [string, string]), ['API.md', this.index()]];
  }

  private topPage(): Page {
    return {
      name: 'top', title: 'Top of the package', types: this.types.filter(({ namespace }) => namespace === undefined),
      intro: 'The everyday names:\n\n```ts\nimport { AlbIstioEdge, PathMatch, RouteTarget } from \'cdk8s-alb-istio\';\n```',
    };
  }

  /** The page of a submodule, or the pages of a namespace that is generated. */
  private pagesOf(name: string): Page[] {
    const types = this.types.filter(({ namespace }) => namespace === name);
    const usage = `\`\`\`ts\nimport { ${name} } from 'cdk8s-alb-istio';\n\`\`\``;
    if (!GENERATED.includes(name)) {
      return [{ name, title: `Submodule \`${name}\``, intro: `${firstLine(`src/api/${name}.ts`)}\n\n${usage}`, types }];
    }
    const kinds = types.filter(({ fqn }) => this.constructs.has(fqn)).map(type => type.name);
    const kindOf = (type: Type) => kinds.filter(kind => type.name.startsWith(kind)).sort((a, b) => b.length - a.length)[0];
    return kinds.map(kind => ({
      name: `${name}-${kebab(kind)}`, title: `\`${name}.${kind}\``, types: types.filter(type => kindOf(type) === kind),
      intro: `Generated from the CRD. The field names are those of the manifest.\n\n${usage}`,
    }));
  }

  private isConstruct(type: Type | undefined): boolean {
    return type?.kind === 'class' && type.base !== undefined && (/^(constructs|cdk8s)\./.test(type.base) || this.isConstruct(this.assembly.types?.[type.base]));
  }

  private index(): string {
    const own = this.all.filter(({ name }) => !GENERATED.includes(name.split('-')[0]));
    const list = ({ name, title, types }: Page) =>
      `### [${title}](docs/api/${name}.md)\n\n${types.map(type => `[${type.name}](docs/api/${name}.md#${anchor(type)})`).join(' · ')}\n`;
    const generated = GENERATED.map(namespace => `- \`${namespace}\`: ${this.all.filter(({ name }) => name.startsWith(`${namespace}-`))
      .map(page => `[${page.title.split('.')[1].replace('`', '')}](docs/api/${page.name}.md)`).join(' · ')}`);
    return `# API reference

The constructs and makers that most programs use are at the top of the package. All others are in a submodule for each part of the road.
The inspection API is on [its own page](docs/api/inspect.md), and so are the [matchers](docs/api/jest.md) and the [command line](docs/api/cli.md).

${own.map(list).join('\n')}
### Constructs of the CRDs

Every field of the CRDs of Istio and the AWS Load Balancer Controller, for what the constructs above do not cover.

${generated.join('\n')}
`;
  }

  private render({ title, intro, types }: Page): string {
    const parts = PARTS.map(([name, has], index) => ({
      name, types: types.filter(type => has(type, this.constructs) && !PARTS.slice(0, index).some(([, before]) => before(type, this.constructs))),
    })).filter(part => part.types.length > 0);
    const contents = parts.map(part => `- ${part.name}: ${part.types.map(type => `[${type.name}](#${anchor(type)})`).join(' · ')}`);
    const sections = parts.flatMap(part => part.types.map(type => this.section(type, part.name)));
    return `${[`# ${title}`, intro, '[API index](../../API.md)', contents.join('\n'), ...sections].join('\n\n')}\n`;
  }

  private section(type: Type, part: string): string {
    const [body, note] = type.kind === 'class' ? [this.classBody(type), this.heritage(type)]
      : type.kind === 'interface' ? [this.interfaceBody(type), this.heritage(type)]
        : [this.enumBody(type), ''];
    return [`## ${type.name}`, [`*${SINGULAR[part]}*`, note].filter(Boolean).join(' '), prose(type.docs), ...body].filter(Boolean).join('\n\n');
  }

  /** What a type extends and implements. */
  private heritage(type: ClassType | InterfaceType): string {
    const base = type.kind === 'class' && type.base && !type.base.startsWith('constructs.') ? [type.base] : [];
    const others = (type.interfaces ?? []).map(fqn => this.link({ fqn }));
    return [
      ...base.length > 0 ? [`extends ${this.link({ fqn: base[0] })}`] : [],
      ...others.length > 0 ? [`${type.kind === 'class' ? 'implements' : 'extends'} ${others.join(', ')}`] : [],
    ].join(', ');
  }

  private classBody(type: ClassType): string[] {
    const { initializer, methods = [], properties = [] } = type;
    const call = initializer && `\`new ${qualified(type)}(${(initializer.parameters ?? []).map(signature).join(', ')})\``;
    const props = initializer?.parameters?.at(-1)?.type;
    const makers = methods.filter(method => method.static);
    return [
      call ? `${call}${props && 'fqn' in props && props.fqn.startsWith('cdk8s-alb-istio.') ? ` with ${this.link(props)}` : ''}${throws(initializer.docs)}` : '',
      this.methods(makers, `${qualified(type)}.`),
      this.values(properties.filter(property => property.static), `${qualified(type)}.`),
      this.methods(methods.filter(method => !method.static), '.'),
      this.values(properties.filter(property => !property.static), '.'),
    ];
  }

  private interfaceBody(type: InterfaceType): string[] {
    const { methods = [], properties = [] } = type;
    return type.datatype ? [this.table(properties)] : [this.methods(methods, '.'), this.values(properties, '.')];
  }

  private enumBody(type: Extract<Type, { kind: 'enum' }>): string[] {
    const values = valuesOf(type);
    return [type.members.map(({ name, docs }) => `- \`${name}\`${values[name] === undefined ? '' : ` (\`${values[name]}\`)`}${colon(line(docs))}`).join('\n')];
  }

  private methods(methods: readonly Method[], prefix: string): string {
    return methods.map(({ name, parameters = [], returns, docs }) => {
      const result = returns && !('fqn' in returns.type && prefix.endsWith(`${returns.type.fqn.split('.').pop()}.`)) ? ` → ${this.link(returns.type)}` : '';
      const details = parameters.map(parameter => this.parameter(parameter)).filter(Boolean);
      return [`- \`${prefix}${name}(${parameters.map(signature).join(', ')})\`${result}${colon(line(docs))}${throws(docs)}`, ...details].join('\n');
    }).join('\n');
  }

  /** What a signature does not say of a parameter. */
  private parameter({ name, type, docs }: Parameter): string {
    const known = 'fqn' in type && type.fqn.startsWith('cdk8s-alb-istio.') || 'collection' in type || 'union' in type ? ` ${this.link(type)}` : '';
    return known || docs ? `  - \`${name}\`${known}${colon(line(docs))}` : '';
  }

  private values(properties: readonly Property[], prefix: string): string {
    return properties.map(({ name, type, docs, optional }) =>
      `- \`${prefix}${name}\` ${this.link(type)}${optional ? ', may be undefined' : ''}${colon(line(docs))}`).join('\n');
  }

  private table(properties: readonly Property[]): string {
    if (properties.length === 0) {
      return '';
    }
    const rows = properties.map(({ name, type, docs, optional }) =>
      `| \`${name}\`${optional ? '' : ' (required)'} | ${this.link(type)} | ${cell(line(docs))} | ${cell((docs?.default ?? '').replace(/^- /, ''))} |`);
    return ['| Prop | Type | Description | Default |', '|---|---|---|---|', ...rows].join('\n');
  }

  /** A type as Markdown, with links. */
  private link(type: TypeReference): string {
    if ('primitive' in type) {
      return `\`${type.primitive === 'json' ? 'object' : type.primitive}\``;
    }
    if ('collection' in type) {
      const { kind, elementtype } = type.collection;
      return kind === 'array' ? `${this.link(elementtype)}[]` : `map of ${this.link(elementtype)}`;
    }
    if ('union' in type) {
      return type.union.types.map(one => this.link(one)).join(' or ');
    }
    if ('intersection' in type) {
      return type.intersection.types.map(one => this.link(one)).join(' and ');
    }
    const found = this.assembly.types?.[type.fqn];
    const page = this.pageOf.get(type.fqn);
    return found && page ? `[${qualified(found)}](${page}.md#${anchor(found)})` : `\`${type.fqn}\``;
  }
}

const SINGULAR: Readonly<Record<string, string>> = {
  'Constructs': 'Construct', 'Classes': 'Class', 'Interfaces': 'Interface', 'Props and options': 'Props', 'Enums': 'Enum',
};

/** A type as a program names it. */
function qualified({ name, namespace }: Type): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

/** The anchor that GitHub gives to the heading of a type. */
function anchor({ name }: Type): string {
  return name.toLowerCase();
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function signature({ name, optional, type, variadic }: Parameter): string {
  return `${variadic ? '...' : ''}${name}${optional ? '?' : ''}${'primitive' in type ? `: ${type.primitive}` : ''}`;
}

/** The strings that an enum stands for in manifests. */
function valuesOf({ name, namespace }: Type): Readonly<Record<string, unknown>> {
  const scope = (namespace === undefined ? everything : everything[namespace as keyof typeof everything]) as unknown as Record<string, Record<string, unknown>>;
  return scope[name] ?? {};
}

/** A description with its own line breaks. */
function prose(docs: Docs | undefined): string {
  return [docs?.summary, docs?.remarks].filter(Boolean).join('\n\n');
}

/** A description on one line. */
function line(docs: Docs | undefined): string {
  return [docs?.deprecated && `Deprecated: ${docs.deprecated}`, docs?.summary, docs?.remarks].filter(Boolean).join(' ').replace(/\s*\n\s*/g, ' ').trim();
}

function throws(docs: Docs | undefined): string {
  return docs?.custom?.throws ? ` Throws ${docs.custom.throws.replace(/\s*\n\s*/g, ' ')}` : '';
}

function colon(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|');
}

/** The sentence that begins a source file. */
function firstLine(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8').split('\n')[0].replace(/^\/\/ /, '');
}
