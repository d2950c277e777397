import { resolve } from 'node:path';
import type { Promotion } from '../contracts/ledger.ts';
import { UserError } from '../errors/user-error.ts';
import { ledgerFolder } from '../platform/ledger-folder.ts';
import { readPromotions } from '../registry/history.ts';
import { argumentError, type Option, type ParsedArguments } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import type { Terminal } from './terminal.ts';

const options: Record<string, Option> = {
  ledger: { value: 'DIR', help: 'folder that keeps the history' },
  json: { help: 'print the promotions as JSON' },
};

/** The versions of a model, newest first, and who or what promoted each. */
export const historyCommand: Command = {
  name: 'history',
  summary: 'List the versions of a model, newest first.',
  positionals: '<model>',
  options,
  run: async (args, terminal) => {
    const promotions = (await promotionsOf(args, terminal)).reverse();
    if (args.flag('json')) terminal.print(JSON.stringify(promotions, null, 2));
    else terminal.print(promotions.map(historyLine).join('\n'));
    return exitCodes.ok;
  },
};

/** The champion of a model with its recipe and scores. */
export const showCommand: Command = {
  name: 'show',
  summary: 'Show the champion of a model.',
  positionals: '<model>',
  options,
  run: async (args, terminal) => {
    const champion = (await promotionsOf(args, terminal)).at(-1)!;
    terminal.print(args.flag('json') ? JSON.stringify(champion, null, 2) : describe(champion));
    return exitCodes.ok;
  },
};

async function promotionsOf(args: ParsedArguments, terminal: Terminal): Promise<Promotion[]> {
  const [model, ...more] = args.positionals;
  const ledger = args.text('ledger');
  if (model === undefined || more.length > 0)
    throw argumentError('one model must be named', 'Write its name from model-factory.yml.');
  if (ledger === undefined) throw argumentError('no history is named', 'Name its folder with --ledger DIR.');
  const store = ledgerFolder(resolve(terminal.workingDirectory, ledger));
  const promotions = await readPromotions(await store.open(), model);
  if (promotions.length > 0) return promotions;
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: `no version of "${model}" was released`,
    at: { file: ledger },
    fix: 'Check the name and --ledger, or promote a first model: model-factory run --promote.',
  });
}

function historyLine({ version, at, candidate, recipe, by }: Promotion): string {
  return `${version.padEnd(9)} ${at}  ${candidate} (${recipe.trainer}): ${by.reason}`;
}

function describe(promotion: Promotion): string {
  const { model, version, candidate, recipe, at, commit, by, metrics, previous } = promotion;
  const lines = [
    ['candidate', `${candidate} = ${recipe.trainer} ${JSON.stringify(recipe.params)}, seed ${recipe.seed}`],
    ['promoted', `${at}${by.who === null ? '' : ` by ${by.who}`}: ${by.reason}`],
    ['replaces', previous ?? 'nothing: the first version'],
    ['commit', commit ?? 'none'],
    ['sha256', promotion.modelSha256],
    ...Object.entries(metrics).map(([name, value]) => [name, value === null ? 'undefined' : String(value)]),
  ];
  return [`${model} ${version}`, ...lines.map(([name, value]) => `  ${name!.padEnd(12)} ${value}`)].join(
    '\n',
  );
}
