/**
 * What a user can read as an error, taken from the sources: every `{ code, message, fix }` of `src/`, with `…` where the
 * program fills something in. `docs/troubleshooting.md` is written from it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { asSentence } from '../src/errors/user-error.ts';

/** An error as the user reads it. */
export interface KnownError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

type Env = ReadonlyMap<string, readonly string[]>;
type MakesFaults = ts.FunctionDeclaration | ts.ArrowFunction | ts.MethodDeclaration | ts.FunctionExpression;

const unknown = '…';
const mostAlternatives = 8;
const deepest = 4;

/** Every error of the sources below `folder`, by code, without repetition. */
export function knownErrors(folder: string): KnownError[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => parse(join(folder, name)));
  const found = new Map<string, KnownError>();
  for (const source of sources)
    visit(source, (node) => {
      if (!ts.isObjectLiteralExpression(node)) return;
      for (const { code, message, fix } of faultsOf(node, sources))
        if (isTelling(message)) found.set(`${code} ${message}`, { code, message, fix });
    });
  return mergeVariants([...found.values()]);
}

/** Messages that differ in one word alone, three of them or more, become one. */
function mergeVariants(errors: readonly KnownError[]): KnownError[] {
  const groups = new Map<string, KnownError[]>();
  const keysOf = ({ code, message, fix }: KnownError): string[] => {
    const words = message.split(' ');
    return words.map((_, i) => JSON.stringify([code, fix, words.with(i, unknown).join(' ')]));
  };
  for (const error of errors)
    for (const key of keysOf(error)) groups.set(key, [...(groups.get(key) ?? []), error]);
  const merged = errors.map((error) => {
    const key = keysOf(error).find((candidate) => groups.get(candidate)!.length >= 3);
    if (key === undefined) return error;
    const last = error.message.at(-1)!;
    const message = (JSON.parse(key) as string[])[2]!;
    return { ...error, message: message.endsWith(last) ? message : `${message}${last}` };
  });
  return [...new Map(merged.map((error) => [`${error.code} ${error.message}`, error])).values()];
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

/** A text that is more than what the program fills in. */
function isTelling(message: string): boolean {
  return message.replaceAll(/[^a-z]/gi, '').length >= 6;
}

function tidy(text: string): string {
  return text.replaceAll(/…(?:\s*…)+/g, unknown).trim();
}

function faultsOf(fault: ts.ObjectLiteralExpression, sources: readonly ts.SourceFile[]): KnownError[] {
  const code = propertyOf(fault, 'code');
  if (!code) return [];
  const parts = fault.properties.find(ts.isSpreadAssignment);
  const texts = parts ? spreadTexts(parts.expression) : [fault];
  return texts.flatMap((text) => {
    const [message, fix] = [propertyOf(text, 'message'), propertyOf(text, 'fix')];
    if (!message || !fix) return [];
    return environments(text, sources, deepest).flatMap((env) => {
      const codes = textsOf(code, env).filter((value) => /^[A-Z][A-Z_]+$/.test(value));
      const fixes = textsOf(fix, env);
      return codes.flatMap((value) =>
        textsOf(message, env).map((said, i, all) => ({
          code: value,
          message: asSentence(tidy(said)),
          fix: asSentence(tidy(fixes[fixes.length === all.length ? i : 0] ?? unknown)),
        })),
      );
    });
  });
}

/** The objects with message and fix that a function gives which is spread into a fault, at once or by way of a constant. */
function spreadTexts(spread: ts.Expression): ts.ObjectLiteralExpression[] {
  const texts: ts.ObjectLiteralExpression[] = [];
  visit(spread.getSourceFile(), (node) => {
    if (ts.isIdentifier(spread) && ts.isVariableDeclaration(node) && node.name.getText() === spread.text)
      if (node.initializer && ts.isCallExpression(node.initializer))
        texts.push(...spreadTexts(node.initializer));
    if (!ts.isCallExpression(spread) || !ts.isFunctionDeclaration(node)) return;
    if (node.name?.text !== spread.expression.getText()) return;
    visit(node, (inner) => {
      if (ts.isObjectLiteralExpression(inner) && propertyOf(inner, 'message')) texts.push(inner);
    });
  });
  return texts;
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return property.name;
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer;
  }
  return undefined;
}

/** What the names around a node stand for, once for each call of the function that it is in. */
function environments(node: ts.Node, sources: readonly ts.SourceFile[], depth: number): Env[] {
  const maker = enclosing(node);
  const name = maker && nameOf(maker);
  if (!maker || !name || depth === 0) return [constantsOf(maker ?? node.getSourceFile(), new Map())];
  const calls = callsOf(name, node.getSourceFile(), sources).filter((call) => call.arguments.length > 0);
  const envs = calls.flatMap((call) =>
    environments(call, sources, depth - 1).map((outer) => {
      const env = new Map<string, readonly string[]>();
      maker.parameters.forEach((parameter, i) => {
        const given = call.arguments[i] ?? parameter.initializer;
        if (given) env.set(parameter.name.getText(), textsOf(given, outer));
      });
      return constantsOf(maker, env);
    }),
  );
  return envs.length > 0 ? envs : [constantsOf(maker, new Map())];
}

function enclosing(node: ts.Node): MakesFaults | undefined {
  if (ts.isSourceFile(node)) return undefined;
  return isMaker(node.parent) ? node.parent : enclosing(node.parent);
}

function isMaker(node: ts.Node): node is MakesFaults {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return true;
  return (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && ts.isVariableDeclaration(node.parent);
}

function nameOf(maker: MakesFaults): string | undefined {
  if (ts.isVariableDeclaration(maker.parent)) return maker.parent.name.getText();
  return maker.name?.getText();
}

/** Calls of a function in its own file and where it is imported. */
function callsOf(name: string, own: ts.SourceFile, sources: readonly ts.SourceFile[]): ts.CallExpression[] {
  const calls: ts.CallExpression[] = [];
  const isImported = new RegExp(`^import [^;]*\\b${name.replace('#', '')}\\b`, 'm');
  for (const source of sources) {
    if (source !== own && !isImported.test(source.text)) continue;
    visit(source, (node) => {
      if (!ts.isCallExpression(node)) return;
      const callee = node.expression;
      const called = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
      if (called === name) calls.push(node);
    });
  }
  return calls;
}

/** Adds the constants of a function that are texts. */
function constantsOf(scope: ts.Node, env: Env): Env {
  const all = new Map(env);
  visit(scope, (node) => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name))
      all.set(node.name.text, textsOf(node.initializer, all));
  });
  return all;
}

/** The texts that an expression can be. */
function textsOf(expression: ts.Expression, env: Env): readonly string[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isIdentifier(expression)) return env.get(expression.text) ?? [unknown];
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression, env);
  if (ts.isConditionalExpression(expression))
    return either(textsOf(expression.whenTrue, env), textsOf(expression.whenFalse, env));
  if (ts.isTemplateExpression(expression))
    return expression.templateSpans.reduce<readonly string[]>(
      (texts, { expression: part, literal }) => joined(joined(texts, textsOf(part, env)), [literal.text]),
      [expression.head.text],
    );
  if (ts.isCallExpression(expression)) return returnedTexts(expression, env);
  if (!ts.isBinaryExpression(expression)) return [unknown];
  const sides = [textsOf(expression.left, env), textsOf(expression.right, env)] as const;
  switch (expression.operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
      return joined(...sides);
    case ts.SyntaxKind.QuestionQuestionToken:
      return sides[0].every((text) => text === unknown) && !ts.isCallExpression(expression.left)
        ? [unknown]
        : either(...sides);
    default:
      return [unknown];
  }
}

/** The texts that a function of the same file returns. */
function returnedTexts(call: ts.CallExpression, outer: Env): readonly string[] {
  const texts: string[] = [];
  visit(call.getSourceFile(), (node) => {
    if (!isMaker(node) || nameOf(node) !== call.expression.getText()) return;
    const given = node.parameters.map((parameter, i): [string, readonly string[]] => {
      const argument = call.arguments[i] ?? parameter.initializer;
      return [parameter.name.getText(), argument ? textsOf(argument, outer) : [unknown]];
    });
    const env = constantsOf(node, new Map(given));
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) texts.push(...textsOf(node.body, env));
    visit(node, (inner) => {
      if (ts.isReturnStatement(inner) && inner.expression) texts.push(...textsOf(inner.expression, env));
    });
  });
  return either(texts, []);
}

function either(first: readonly string[], second: readonly string[]): readonly string[] {
  const told = [...first, ...second].filter((text) => text !== unknown);
  return told.length > 0 ? [...new Set(told)].slice(0, mostAlternatives) : [unknown];
}

function joined(first: readonly string[], second: readonly string[]): readonly string[] {
  if (first.length * second.length > mostAlternatives) return first.map((text) => `${text}${unknown}`);
  return first.flatMap((text) => second.map((more) => `${text}${more}`));
}
