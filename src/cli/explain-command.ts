import { resolve } from 'node:path';
import { nearest } from '../config/nearest.ts';
import { defaultConfigFile } from '../contracts/plan.ts';
import { explainConfig } from '../factory/explain.ts';
import { explainedRules, explainRule } from '../gate/explain.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { wrap } from './wrap.ts';

/** Prints what the configuration means with every default filled in. */
export const explainConfigCommand: Command = {
  name: 'explain config',
  summary: 'Print every setting that was inferred or defaulted, and why.',
  options: { config: { value: 'FILE', help: 'configuration (default: model-factory.yml)' } },
  run: async (args, terminal) => {
    if (args.positionals.length > 0)
      throw argumentError(`unexpected argument "${args.positionals[0]}"`, 'Name the file with --config.');
    const file = resolve(terminal.workingDirectory, args.text('config') ?? defaultConfigFile);
    terminal.print(await explainConfig(file));
    return exitCodes.ok;
  },
};

/** Prints what a rule of the gate compares, what follows and how to change it. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Explain a rule as a verdict names it, for example gate.block.max-drop.',
  positionals: '<rule>',
  options: {},
  run: (args, terminal) => {
    const rule = args.positionals.join(' ');
    if (rule === '') throw argumentError('no rule is named', `Name one of: ${explainedRules.join(', ')}.`);
    const explanation = explainRule(rule);
    if (!explanation) {
      const close = nearest(rule, explainedRules);
      throw argumentError(
        `there is no rule "${rule}"`,
        close === undefined ? `Rules: ${explainedRules.join(', ')}.` : `Did you mean "${close}"?`,
      );
    }
    const { name, summary, text } = explanation;
    const width = Math.min(100, terminal.columns);
    terminal.print([name, ...[summary, ...text].map((paragraph) => wrap(paragraph, width))].join('\n\n'));
    return Promise.resolve(exitCodes.ok);
  },
};
