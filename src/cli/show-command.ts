import type { Promotion } from '../contracts/ledger.ts';
import { UserError } from '../errors/user-error.ts';
import { readModels, readPromotions } from '../registry/history.ts';
import { argumentError, type Option, type ParsedArguments } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { historyOf, ledgerOptions } from './history-source.ts';
import { sincePhrase, stagesIn, type Stages } from './stages.ts';
import type { Terminal } from './terminal.ts';
import { ageOf, timeOf } from './times.ts';
import { wrap } from './wrap.ts';

const options: Record<string, Option> = {
  ...ledgerOptions,
  json: { help: 'print the promotions as JSON' },
};

/** The versions of a model, newest first: when, by whom or what, and why. */
export const historyCommand: Command = {
  name: 'history',
  summary: 'List the versions of a model, newest first: when, who and why.',
  positionals: '[model]',
  options,
  run: async (args, terminal) => {
    const promotions = (await promotionsOf(args, terminal)).reverse();
    const stages = await stagesIn(terminal.workingDirectory, promotions[0]!.model);
    const entry = (promotion: Promotion) => entryOf(promotion, stages, new Date(), terminal.columns);
    terminal.print(
      args.flag('json') ? JSON.stringify(promotions, null, 2) : promotions.map(entry).join('\n\n'),
    );
    return exitCodes.ok;
  },
};

/** The champion of a model with its recipe and scores. */
export const showCommand: Command = {
  name: 'show',
  summary: 'Show the champion of a model: recipe, scores, who promoted it and why.',
  positionals: '[model]',
  options,
  run: async (args, terminal) => {
    const champion = (await promotionsOf(args, terminal)).at(-1)!;
    const stages = await stagesIn(terminal.workingDirectory, champion.model);
    terminal.print(
      args.flag('json') ? JSON.stringify(champion, null, 2) : describe(champion, stages, new Date()),
    );
    return exitCodes.ok;
  },
};

/** Promotions of the model that is named, or of the only one, oldest first. */
async function promotionsOf(args: ParsedArguments, terminal: Terminal): Promise<Promotion[]> {
  const [named, ...more] = args.positionals;
  if (more.length > 0) throw argumentError(`unexpected argument "${more[0]}"`, 'Name one model.');
  const history = await historyOf(args, terminal);
  if (!history)
    throw argumentError(
      'no history is named',
      'Write --ledger ./history for the folder that a run with --ledger ./history keeps, ' +
        'or --ledger origin for what the workflow has released.',
    );
  const snapshot = await history.ledger.open();
  const models = await readModels(snapshot);
  const [only, ...others] = models;
  if (named === undefined && others.length > 0)
    throw argumentError(`the history holds ${models.length} models`, `Name one of ${models.join(', ')}.`);
  const model = named ?? only;
  const known = model !== undefined && models.includes(model);
  const promotions = known ? await readPromotions(snapshot, model) : [];
  if (promotions.length > 0) return promotions;
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: model === undefined ? 'the history holds no version' : `no version of "${model}" was released`,
    at: { file: args.text('ledger') },
    fix:
      only === undefined || known
        ? 'Check --ledger, or promote a first model: model-factory run --promote.'
        : `Models in this history: ${models.join(', ')}.`,
  });
}

function entryOf(promotion: Promotion, stages: Stages, now: Date, columns: number): string {
  const { version, candidate, recipe, at } = promotion;
  const indent = ' '.repeat(10);
  const on = [...stages.values()].filter((assignment) => assignment.version === version);
  const below = [
    ...on.map((assignment) => `on ${assignment.stage} ${sincePhrase(assignment, now)}`),
    decisionOf(promotion),
  ].map((text) => wrap(text, Math.min(columns, 100) - indent.length));
  return [
    `${version.padEnd(9)} ${candidate} (${recipe.trainer}), ${timeOf(at, now)}`,
    ...below
      .join('\n')
      .split('\n')
      .map((line) => `${indent}${line}`),
  ].join('\n');
}

function describe(promotion: Promotion, stages: Stages, now: Date): string {
  const { model, version, candidate, recipe, at, commit, metrics, previous } = promotion;
  const lines = [
    ['candidate', `${candidate} = ${recipe.trainer} ${JSON.stringify(recipe.params)}, seed ${recipe.seed}`],
    ['promoted', `${at}, ${ageOf(at, now)}`],
    ['decided', decisionOf(promotion)],
    ['run', promotion.runUrl ?? promotion.runId],
    ['replaces', previous ?? 'nothing: the first version'],
    ['commit', commit ?? 'none'],
    ['sha256', promotion.modelSha256],
    ...[...stages.values()].map((assignment) => [
      `on ${assignment.stage}`,
      `${assignment.version} ${sincePhrase(assignment, now)}`,
    ]),
    ...Object.entries(metrics).map(([name, value]) => [name, value === null ? 'undefined' : String(value)]),
  ];
  return [`${model} ${version}`, ...lines.map(([name, value]) => `  ${name!.padEnd(12)} ${value}`)].join(
    '\n',
  );
}

const deciders: Readonly<Record<Exclude<Promotion['by']['kind'], 'person'>, string>> = {
  test: 'by the test set (hold-out)',
  'cross-validation': 'by cross-validation',
  'first-run': 'as the first version',
};

/** Who or what decided, and why. */
function decisionOf({ by }: Promotion): string {
  const who = by.kind === 'person' ? `by ${by.who ?? 'a person'}` : deciders[by.kind];
  return `${who}: ${by.reason}`;
}
