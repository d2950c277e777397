import ts from 'typescript';

/** What IEEE 754 or the language fixes to the bit; the rest of `Math` may differ between engines and machines. */
const exactMath = new Set(
  [
    'abs',
    'ceil',
    'clz32',
    'floor',
    'fround',
    'imul',
    'max',
    'min',
    'round',
    'sign',
    'sqrt',
    'trunc',
    'PI',
  ].map((name) => `Math.${name}`),
);
/** Clocks, chance, the machine's languages, and ways to any of them or to `Math` under another name. */
const forbiddenGlobals = new Set([
  ...[
    'Date',
    'Intl',
    'Temporal',
    'performance',
    'process',
    'crypto',
    'navigator',
    'setTimeout',
    'setInterval',
  ],
  ...['globalThis', 'global', 'window', 'self', 'eval', 'Function', 'require'],
]);
const forbiddenMembers = /^(localeCompare|toLocale\w*|constructor|__proto__)$/;

/** Places in a file that could make results depend on engine, machine or moment, as `file:line what`. */
export function inexactIn(checker: ts.TypeChecker, file: ts.SourceFile): string[] {
  const found: string[] = [];
  const add = (node: ts.Node, what: string): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${file.fileName}:${line + 1} ${what}`);
  };
  const visit = (node: ts.Node): void => {
    const what = globalFault(node) ?? memberFault(node) ?? operatorFault(node) ?? sortFault(checker, node);
    if (what !== null) add(node, what);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `Math` may stand nowhere but in `Math.<exact>`, so that it can't get another name. */
function globalFault(node: ts.Node): string | null {
  if (!ts.isIdentifier(node) || isMemberName(node)) return null;
  if (forbiddenGlobals.has(node.text)) return node.text;
  if (node.text !== 'Math') return null;
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent)) return 'Math as a value';
  const access = `Math.${parent.name.text}`;
  return exactMath.has(access) ? null : access;
}

/** Whether an identifier is a name after a dot or in a literal, not a variable. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isPropertySignature(parent) && parent.name === node)
  );
}

/** `x.localeCompare`, `x['localeCompare']` and `const { localeCompare } = x`. */
function memberFault(node: ts.Node): string | null {
  const name = memberOf(node);
  return name !== null && forbiddenMembers.test(name) ? name : null;
}

function memberOf(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text;
  if (ts.isBindingElement(node)) {
    const name = node.propertyName ?? node.name;
    return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : null;
  }
  return null;
}

function operatorFault(node: ts.Node): string | null {
  if (!ts.isBinaryExpression(node)) {
    const isLoaded = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    return isLoaded ? 'import()' : null;
  }
  const { kind } = node.operatorToken;
  const isPower =
    kind === ts.SyntaxKind.AsteriskAsteriskToken || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
  return isPower ? node.operatorToken.getText() : null;
}

/** A list of numbers sorts by their texts, unless something compares them; a typed array doesn't. */
function sortFault(checker: ts.TypeChecker, node: ts.Node): string | null {
  if (!ts.isCallExpression(node) || node.arguments.length > 0) return null;
  if (!ts.isPropertyAccessExpression(node.expression) || !/^(sort|toSorted)$/.test(node.expression.name.text))
    return null;
  const type = checker.getTypeAtLocation(node.expression.expression);
  const element = checker.isArrayType(type)
    ? checker.getIndexTypeOfType(type, ts.IndexKind.Number)
    : undefined;
  return element && holdsNumbers(element) ? `${node.expression.name.text}() of numbers` : null;
}

function holdsNumbers(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(holdsNumbers);
  return (type.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike | ts.TypeFlags.Any)) !== 0;
}

/** What a file imports by name from packages, as `package: name`; types don't count. */
export function packagesOf(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const { text } = statement.moduleSpecifier;
    const clause = statement.importClause;
    if (text.startsWith('.') || clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
    const bindings = clause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) return [`${text}: *`];
    return bindings.elements
      .filter((element) => !element.isTypeOnly)
      .map((element) => `${text}: ${(element.propertyName ?? element.name).text}`);
  });
}
