import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import of a file. `to` is a path in the repository without its ending, or a package's name, or `node:…`. */
export interface Import {
  readonly to: string;
  readonly kind: 'run' | 'types';
}

/** What a source file says about itself. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly file: string;
  readonly imports: readonly Import[];
  /** Names of the world outside the language that are used as values: `process`, `Intl`, `Date.now`, `new Date()`, … */
  readonly globals: readonly string[];
  readonly defaultExport: boolean;
  /** Nothing but re-exports. */
  readonly barrel: boolean;
}

const CODE = /\.(ts|tsx|js|mjs|cjs)$/;
const MODULE_PATH = /^\.{1,2}\/.*\.(js|ts)$/;

/** Every source file below the folders, in order of path. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && CODE.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort()
      .map((file) => readSource(file, readFileSync(join(root, file), 'utf8'))),
  );
}

/** Throws when the text does not parse: an unread file must not pass for a clean one. */
export function readSource(file: string, text: string): Source {
  const { program, module, errors } = parseSync(file, text);
  const [error] = errors;
  if (error) throw new Error(`${file} does not parse: ${error.message}`);
  const imports: Import[] = [];
  const add = (specifier: string, kind: Import['kind']): void => {
    imports.push({ to: targetOf(file, specifier), kind });
  };

  for (const { start, moduleRequest } of module.staticImports) {
    // `import { type A }` still loads the module at run time (verbatimModuleSyntax); only `import type` does not.
    add(moduleRequest.value, /^import\s+type\b/.test(text.slice(start)) ? 'types' : 'run');
  }
  const exported = module.staticExports.flatMap((statement) => statement.entries);
  for (const { moduleRequest, isType } of exported) {
    if (moduleRequest) add(moduleRequest.value, isType ? 'types' : 'run');
  }

  const globals = new Set<string>();
  const literals: string[] = [];
  let computedImport = false;
  visit(program, (node, parent, key) => {
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string') literals.push(node.value);
        return;
      case 'ImportExpression': {
        const specifier = isNode(node.source) ? node.source : undefined;
        if (specifier?.type === 'Literal' && typeof specifier.value === 'string') add(specifier.value, 'run');
        else computedImport = true;
        return;
      }
      case 'TSImportType': {
        const specifier = isNode(node.source) ? node.source : undefined;
        if (typeof specifier?.value === 'string') add(specifier.value, 'types');
        return;
      }
      case 'NewExpression':
        if (nameOf(node.callee) === 'Date' && Array.isArray(node.arguments) && node.arguments.length === 0)
          globals.add('new Date()');
        return;
      case 'MemberExpression':
        globals.add(`${nameOf(node.object)}.${nameOf(node.property)}`);
        return;
      case 'Identifier':
        if (typeof node.name === 'string' && isValue(parent, key)) globals.add(node.name);
        return;
      default:
        return;
    }
  });
  // A computed import may load any module whose path the file names.
  if (computedImport) for (const path of literals.filter((one) => MODULE_PATH.test(one))) add(path, 'run');

  return {
    file,
    imports,
    globals: [...globals],
    defaultExport: exported.some((entry) => entry.exportName.kind === 'Default'),
    barrel: program.body.length > 0 && program.body.every((node) => isReExport(node)),
  };
}

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    return relative('/', resolve('/', dirname(file), specifier)).replace(CODE, '');
  }
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function visit(value: unknown, see: (node: Node, parent: Node | undefined, key: string) => void): void {
  const walk = (one: unknown, parent: Node | undefined, key: string): void => {
    if (Array.isArray(one)) {
      for (const each of one) walk(each, parent, key);
      return;
    }
    if (!isNode(one)) return;
    see(one, parent, key);
    for (const [name, child] of Object.entries(one)) walk(child, one, name);
  };
  walk(value, undefined, '');
}

const nameOf = (value: unknown): string => (isNode(value) && typeof value.name === 'string' ? value.name : '');

/** Not the `b` of `a.b`, not a key of an object, not a name in a type. */
function isValue(parent: Node | undefined, key: string): boolean {
  if (!parent || parent.type.startsWith('TS'))
    return parent?.type === 'TSNonNullExpression' || parent?.type === 'TSAsExpression';
  return !((key === 'property' || key === 'key') && parent.computed !== true);
}

const isReExport = (node: unknown): boolean =>
  isNode(node) &&
  (node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && isNode(node.source)));
