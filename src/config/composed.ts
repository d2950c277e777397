import type { Parameters } from '../contracts/fields.ts';
import type { Fault, Place } from '../errors/user-error.ts';
import type { Faulty } from './candidate-faults.ts';
import { nearest } from './nearest.ts';
import { onnxTrainer } from './pretrained.ts';
import { commandTrainer, tensorflowTrainer } from './program.ts';
import type { CandidateConfig } from './schema.ts';

/** Trainers that build on other candidates, and whether on several. */
const composedTrainers: ReadonlyMap<string, { readonly several: boolean }> = new Map([
  ['ensemble', { several: true }],
  ['calibrated', { several: false }],
]);

export function isComposed({ trainer }: Pick<CandidateConfig, 'trainer'>): boolean {
  return composedTrainers.has(trainer);
}

/** A candidate's recipe as its grid gives it, without a seed. */
export interface NamedRecipe {
  readonly name: string;
  readonly trainer: string;
  readonly params: Parameters;
}

type Candidates = Readonly<Record<string, CandidateConfig>>;

/** A recipe and the candidate of the configuration that it comes from. */
interface ConfiguredRecipe extends NamedRecipe {
  readonly configured: string;
}

/** What a name in `of` means: one recipe, or that of a grid or search all its combinations. */
function membersNamed<Recipe extends ConfiguredRecipe>(word: string, recipes: readonly Recipe[]): Recipe[] {
  const own = recipes.filter(({ name }) => name === word);
  return own.length > 0 ? own : recipes.filter(({ configured }) => configured === word);
}

/** The recipes that a composed candidate builds on, in the order of `of`; `composedFaults` has checked them. */
export function membersOf<Recipe extends ConfiguredRecipe>(
  { of = [] }: CandidateConfig,
  recipes: readonly Recipe[],
): Recipe[] {
  return [of].flat().flatMap((word) => membersNamed(word, recipes));
}

/** What is wrong with `of`: missing, out of place, names that are none, too few or too many, or can't be built on. */
export function composedFaults(
  candidates: Candidates,
  recipes: readonly ConfiguredRecipe[],
  placeOf: (path: readonly PropertyKey[]) => Place,
): Fault[] {
  return Object.entries(candidates).flatMap(([name, candidate]) => {
    const fault: Faulty = (path, message, fix) => {
      return { code: 'CONFIG_INVALID', message, at: placeOf(['candidates', name, ...path]), fix };
    };
    const composed = composedTrainers.get(candidate.trainer);
    if (!composed)
      return candidate.of === undefined
        ? []
        : [
            fault(
              ['of'],
              `"of" has no meaning for the trainer ${candidate.trainer}`,
              `Remove it, or write trainer: ${[...composedTrainers.keys()].join(' or trainer: ')}.`,
            ),
          ];
    const example = composed.several ? 'of: [logistic, boosting]' : 'of: boosting';
    if (candidate.of === undefined)
      return [fault([], `"${name}" says not what it is built on`, `Add it: ${example}.`)];
    const words = [candidate.of].flat();
    const wrong = words.flatMap((word, i) => {
      const path = Array.isArray(candidate.of) ? ['of', i] : ['of'];
      return memberFaults(word, name, recipes, (message, fix) => fault(path, message, fix));
    });
    if (wrong.length > 0) return wrong;
    return countFaults(name, candidate, composed.several, membersOf(candidate, recipes), fault);
  });
}

/** Trainers whose models come from outside the factory. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  [commandTrainer, 'a program'],
  [tensorflowTrainer, 'a TensorFlow module'],
  [onnxTrainer, 'a pre-trained model'],
]);

function memberFaults(
  word: string,
  owner: string,
  recipes: readonly ConfiguredRecipe[],
  fault: (message: string, fix: string) => Fault,
): Fault[] {
  const usable = recipes.filter((recipe) => !isComposed(recipe) && !elsewhere.has(recipe.trainer));
  const names = usable.map(({ name }) => name);
  const [member] = membersNamed(word, recipes);
  if (word === owner) return [fault(`"${owner}" can not be built on itself`, choice(names))];
  if (!member) {
    const close = nearest(word, names);
    return [
      fault(
        `there is no candidate "${word}" to build on`,
        close === undefined ? choice(names) : `Did you mean "${close}"?`,
      ),
    ];
  }
  const what = elsewhere.get(member.trainer);
  if (what !== undefined)
    return [
      fault(
        `"${word}" is ${what} (trainer: ${member.trainer}), which nothing can be built on`,
        `Name a candidate with a built-in trainer. ${choice(names)}`,
      ),
    ];
  if (isComposed(member))
    return [
      fault(
        `"${word}" is itself built on other candidates (trainer: ${member.trainer})`,
        `Name candidates that stand alone. ${choice(names)}`,
      ),
    ];
  return [];
}

function choice(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length === 0
    ? 'Add a candidate with a built-in trainer.'
    : `Candidates to build on: ${shown}${names.length > 12 ? ', …' : ''}.`;
}

function countFaults(
  name: string,
  candidate: CandidateConfig,
  several: boolean,
  members: readonly NamedRecipe[],
  fault: Faulty,
): Fault[] {
  const names = members.map((member) => member.name);
  const twice = names.find((member, i) => names.indexOf(member) !== i);
  if (twice !== undefined)
    return [
      fault(['of'], `"${name}" names "${twice}" twice`, 'Name each once; `weights` say what it counts for.'),
    ];
  if (!several)
    return names.length === 1
      ? []
      : [
          fault(
            ['of'],
            `"${name}" is built on one candidate, not on ${names.length}`,
            `Name one of ${names.join(', ')}.`,
          ),
        ];
  if (names.length < 2)
    return [fault(['of'], `"${name}" needs two candidates at least`, 'Name another one, or remove it.')];
  const lists = [candidate.params['weights'], ...(candidate.grid?.['weights'] ?? [])];
  const odd = lists.find((list) => Array.isArray(list) && list.length !== names.length);
  if (!Array.isArray(odd)) return [];
  return [
    fault(
      [candidate.params['weights'] === odd ? 'params' : 'grid', 'weights'],
      `"${name}" has ${odd.length} weights for ${names.length} members`,
      `Give one for each of ${names.join(', ')}.`,
    ),
  ];
}
