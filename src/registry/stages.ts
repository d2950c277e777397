import { nameField } from '../contracts/fields.ts';
import { compareVersions, parseVersionTag } from './versions.ts';

/** A tag and the commit it stands on. */
export interface PlacedTag {
  readonly name: string;
  readonly commit: string;
}

/** A stage tag in GTO's grammar; the counter runs over all stages of a model. */
export interface StageTag {
  readonly model: string;
  readonly stage: string;
  readonly counter: number;
}

/** A stage tag where it stands. `version` is null on a commit without one: such a tag assigns nothing. */
export interface Assignment<Tag extends PlacedTag = PlacedTag> extends StageTag {
  readonly tag: Tag;
  readonly version: string | null;
}

/** `churn#prod#3`. */
export function stageTag({ model, stage, counter }: StageTag): string {
  return `${model}#${stage}#${counter}`;
}

/** `churn#prod#3` in parts; null for any other tag. */
export function parseStageTag(name: string): StageTag | null {
  const [, model = '', stage = '', digits = ''] = /^([^#]+)#([^#]+)#([1-9]\d{0,14})$/.exec(name) ?? [];
  const named = nameField.safeParse(model).success && nameField.safeParse(stage).success;
  return named ? { model, stage, counter: Number(digits) } : null;
}

/** The versions of a model by tag, oldest first. */
export function versionsOf<Tag extends PlacedTag>(
  tags: readonly Tag[],
  model: string,
): { readonly version: string; readonly tag: Tag }[] {
  return tags
    .flatMap((tag) => {
      const parsed = parseVersionTag(tag.name);
      return parsed?.model === model ? [{ version: parsed.version, tag }] : [];
    })
    .sort((a, b) => compareVersions(a.version, b.version));
}

/** The stage tags of a model, in the order in which they were made. */
export function assignmentsOf<Tag extends PlacedTag>(tags: readonly Tag[], model: string): Assignment<Tag>[] {
  const versions = new Map(versionsOf(tags, model).map(({ version, tag }) => [tag.commit, version]));
  return tags
    .flatMap((tag) => {
      const parsed = parseStageTag(tag.name);
      const version = versions.get(tag.commit) ?? null;
      return parsed?.model === model ? [{ ...parsed, tag, version }] : [];
    })
    .sort((a, b) => a.counter - b.counter);
}

/** The version that each stage's newest tag names: what was asked for last, whether or not its deployment succeeded. */
export function stagesOf<Tag extends PlacedTag>(assignments: readonly Assignment<Tag>[]) {
  const stages = new Map<string, Assignment<Tag>>();
  for (const assignment of assignments)
    if (assignment.version !== null) stages.set(assignment.stage, assignment);
  return stages;
}

/** The counter of a model's next stage tag: one above the highest of all its stages. */
export function nextCounter(assignments: readonly StageTag[]): number {
  return Math.max(0, ...assignments.map(({ counter }) => counter)) + 1;
}

/** The version that a stage had before its present one; null where there was no other. */
export function versionBefore(assignments: readonly Assignment[], stage: string): string | null {
  const versions = assignments.flatMap((assignment) =>
    assignment.stage === stage && assignment.version !== null ? [assignment.version] : [],
  );
  return versions.findLast((version) => version !== versions.at(-1)) ?? null;
}
