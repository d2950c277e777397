import { stringify } from 'yaml';
import type { Format } from './read-table.ts';
import type { Reason } from './roles.ts';

/** What the configuration says, each choice with its reason. */
export interface ConfigurationChoices {
  readonly model: string;
  readonly source: string;
  readonly format: Format;
  readonly target: Reason;
  readonly positive: string | null;
  readonly key: Reason | null;
  readonly time: Reason | null;
  readonly group: Reason | null;
  readonly drop: readonly Reason[];
  /** Settings that may be wanted: written as comments. */
  readonly suggestions: readonly { readonly setting: string; readonly value: string; readonly why: string }[];
  /** Path of the JSON Schema for editors, relative to the file; null where there is none. */
  readonly schema: string | null;
}

/** The text of `model-factory.yml`: short, with a comment where a choice was made. */
export function configurationText(choices: ConfigurationChoices): string {
  const { model, source, format, target, positive, key, time, group, drop, suggestions, schema } = choices;
  const roles: [string, Reason | null][] = [
    ['key', key],
    ['time', time],
    ['group', group],
  ];
  return [
    ...(schema === null ? [] : [`# yaml-language-server: $schema=${schema}`]),
    'version: 1',
    `model: ${scalar(model)}`,
    'data:',
    `  source: ${scalar(source)}`,
    ...(['encoding', 'decimal', 'dates'] as const).flatMap((name) => {
      const value = format[name];
      return value === undefined ? [] : [`  ${name}: ${scalar(value)}${comment(formatReasons[name])}`];
    }),
    `  target: ${scalar(target.name)}${comment(target.why)}`,
    ...(positive === null ? [] : [`  positive: ${scalar(positive)} # the class that counts as "yes"`]),
    ...roles.flatMap(([name, reason]) =>
      reason === null ? [] : [`  ${name}: ${scalar(reason.name)}${comment(reason.why)}`],
    ),
    ...(drop.length === 0 ? [] : ['  drop:']),
    ...drop.map(({ name, why }) => `    - ${scalar(name)}${comment(why)}`),
    ...suggestions.map(({ setting, value, why }) => `  # ${setting}: ${scalar(value)}${comment(why)}`),
    '',
  ].join('\n');
}

const formatReasons = {
  encoding: 'the file is not UTF-8',
  decimal: 'numbers are written 1,5',
  dates: 'the only order in which all dates exist',
} as const;

/** A text as one line of YAML that reads back as the same text. */
function scalar(text: string): string {
  if (/[\p{C}\u2028\u2029]/u.test(text))
    return JSON.stringify(text).replaceAll(/[\p{C}\u2028\u2029]/gu, (found) => escapeUnits(found));
  // Other readers of YAML take these for true and false.
  if (/^(y|n|yes|no|on|off)$/i.test(text)) return `'${text}'`;
  return stringify(text, { lineWidth: 0, singleQuote: true }).trimEnd();
}

/** Escapes for each UTF-16 unit: what YAML reads in double quotes. */
function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** What the data says can't end the comment: it stays on one line. */
function comment(why: string | undefined): string {
  return why === undefined ? '' : ` # ${why.replace(/\.$/, '').replaceAll(/[\p{C}\u2028\u2029]/gu, ' ')}`;
}
