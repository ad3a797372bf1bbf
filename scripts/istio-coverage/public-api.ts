// Looks up names in the public API: whether a prop, class or method that a page mentions exists.
import { join } from 'node:path';
import * as ts from 'typescript';
import { ROOT } from '../command';

const OPTIONS: ts.CompilerOptions = {
  strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10,
  ignoreDeprecations: '6.0', skipLibCheck: true, noEmit: true, types: [],
};

/** `Name`, `Name.member.member`, or `Name.maker(parameter, propOfParameter)`. */
const REFERENCE = /^(\w+)((?:\.\w+)*)(?:\(([^()]*)\))?$/;

/** Submodules that mirror the CRDs. Their names are not part of the library's own API. */
const GENERATED = ['elbv2', 'istio'];

/** The exports of `src/index.ts`, at the top or in a submodule. */
export class PublicApi {
  private readonly checker: ts.TypeChecker;
  private readonly names: ReadonlyMap<string, ts.Symbol>;

  public constructor() {
    const file = join(ROOT, 'src', 'index.ts');
    const program = ts.createProgram([file], OPTIONS);
    this.checker = program.getTypeChecker();
    const exported = this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
    this.names = new Map(exported.flatMap(symbol => this.named(symbol)));
  }

  /** Whether the name, member or parameter exists. `[]` and `{}` are ignored: members of lists and maps are looked up in their items. */
  public has(reference: string): boolean {
    const [, name, members, parameters] = REFERENCE.exec(reference.replace(/\[\]|\{\}/g, '')) ?? [];
    const symbol = this.names.get(name);
    let types = symbol && this.typesOf(symbol);
    for (const member of members?.split('.').slice(1) ?? []) {
      types = this.member(types ?? [], member);
    }
    const wanted = parameters?.match(/\w+/g) ?? [];
    return types !== undefined && (parameters === undefined || wanted.length > 0) && wanted.every(parameter => this.hasParameter(types, parameter));
  }

  /** An exported type by its name; the types of a namespace, each by its own name. */
  private named(symbol: ts.Symbol): [name: string, type: ts.Symbol][] {
    const type = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!(type.flags & ts.SymbolFlags.Module)) {
      return [[symbol.name, type]];
    }
    return GENERATED.includes(symbol.name) ? [] : this.checker.getExportsOfModule(type).flatMap(inner => this.named(inner));
  }

  /** For a class both its static side and its instances. */
  private typesOf(symbol: ts.Symbol): ts.Type[] {
    const statics = symbol.flags & ts.SymbolFlags.Value ? [this.checker.getTypeOfSymbol(symbol)] : [];
    return symbol.flags & ts.SymbolFlags.Type ? [...statics, this.checker.getDeclaredTypeOfSymbol(symbol)] : statics;
  }

  private member(types: readonly ts.Type[], name: string): ts.Type[] | undefined {
    const found = types.map(type => this.checker.getPropertyOfType(this.inner(type), name))
      .find(property => property?.declarations?.every(one => !(ts.getCombinedModifierFlags(one) & ts.ModifierFlags.NonPublicAccessibilityModifier)));
    return found && [this.checker.getTypeOfSymbol(found)];
  }

  /** The item type of a list or map, or the type itself, without undefined. */
  private inner(type: ts.Type): ts.Type {
    const some = this.checker.getNonNullableType(type);
    const item = some.flags & ts.TypeFlags.Object ? some.getNumberIndexType() ?? some.getStringIndexType() : undefined;
    return item === undefined ? some : this.inner(item);
  }

  private hasParameter(types: readonly ts.Type[], name: string): boolean {
    return types.flatMap(type => [...type.getCallSignatures()]).some(({ parameters }) =>
      parameters.some(parameter => parameter.name === name || this.member([this.checker.getTypeOfSymbol(parameter)], name) !== undefined));
  }
}
