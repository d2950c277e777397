import type { Parameters } from '../contracts/fields.ts';
import type { Program } from '../contracts/plan.ts';
import type { Fault, Place } from '../errors/user-error.ts';
import { faultsOfTrainer, type Faulty } from './candidate-faults.ts';
import { nearest } from './nearest.ts';
import type { CandidateConfig } from './schema.ts';
import { spaceOf } from './space.ts';
import { wordsOf } from './words.ts';

/** Name of the trainer that runs a program of the user's. */
export const commandTrainer = 'command';

/** Name of the trainer that runs a module of the user's, which builds a model of TensorFlow.js. */
export const tensorflowTrainer = 'tensorflow';

const defaultTimeoutMinutes = 10;
const placeholder = /\{([A-Za-z_][A-Za-z0-9_.-]*)\}/g;
const programKeys = ['run', 'predict', 'tables', 'timeout-minutes', 'env'] as const;
/** What a module of layers may have too. */
const lentKeys = ['timeout-minutes', 'env'] as const;

/** Whether a trainer runs code of the user's. */
export function runsUserCode({ trainer }: { readonly trainer: string }): boolean {
  return trainer === commandTrainer || trainer === tensorflowTrainer;
}

/** The program of a candidate that runs the user's code; undefined for the others. */
export function programOf(candidate: CandidateConfig): Program | undefined {
  const run = candidate.trainer === tensorflowTrainer ? 'tensorflow {module}' : candidate.run;
  if (!runsUserCode(candidate) || run === undefined) return undefined;
  return {
    run,
    predict: candidate.predict ?? null,
    timeoutMinutes: candidate['timeout-minutes'] ?? defaultTimeoutMinutes,
    env: [...(candidate.env ?? [])],
    tables: candidate.tables ?? 'csv',
  };
}

/**
 * Words of a command line with the parameters in place of `{name}`. The line is split first, so that no value can
 * become a second word; what isn't a text or a number is written as JSON.
 */
export function filledWords(command: string, params: Parameters): [string, ...string[]] {
  const fill = (word: string): string =>
    word.replaceAll(placeholder, (_, name: string) => {
      const value = params[name];
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
  const [program, ...rest] = wordsOf(command);
  return [fill(program), ...rest.map(fill)];
}

/** What is wrong with the programs of candidates: keys that don't belong together, placeholders without a value. */
export function programFaults(
  candidates: Readonly<Record<string, CandidateConfig>>,
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  const own = {
    trainer: commandTrainer,
    keys: programKeys,
    lent: { trainer: tensorflowTrainer, keys: lentKeys },
  };
  return faultsOfTrainer(own, candidates, placeOf, (candidate, fault, name) =>
    candidate.run === undefined
      ? [fault([], `"${name}" says not what to run`, 'Add it: run: "python train.py --c {C}".')]
      : placeholderFaults(candidate, candidate.run, fault),
  );
}

function placeholderFaults(candidate: CandidateConfig, run: string, fault: Faulty): Fault[] {
  const names = [...Object.keys(candidate.params), ...Object.keys(spaceOf(candidate))];
  const used = new Set([...run.matchAll(placeholder)].map(([, name]) => name!));
  const unknown = [...used].filter((name) => !names.includes(name));
  const faults = unknown.map((name) => {
    const close = nearest(name, names);
    const suggestion = close === undefined ? '' : ` Did you mean {${close}}?`;
    return fault(
      ['run'],
      `{${name}} stands for no parameter`,
      `Give it a value under \`params\`, \`grid\` or \`search.space\`.${suggestion}`,
    );
  });
  const inPredict = [...(candidate.predict ?? '').matchAll(placeholder)].map(([whole]) => whole);
  for (const whole of inPredict)
    faults.push(
      fault(
        ['predict'],
        `${whole} stands for nothing: scoring has no parameters`,
        'Let training write what scoring needs into the model folder.',
      ),
    );
  // A line without any placeholder reads params.json; one with some has forgotten the others.
  if (used.size === 0) return faults;
  const forgotten = names.filter((name) => !used.has(name));
  return [
    ...faults,
    ...forgotten.map((name) =>
      fault(
        [...(name in candidate.params ? ['params'] : candidate.grid ? ['grid'] : ['search', 'space']), name],
        `the parameter ${name} is not used in \`run\``,
        `Put {${name}} into \`run\`, or remove all placeholders and read the parameters from params.json.`,
      ),
    ),
  ];
}
