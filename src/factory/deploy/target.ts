import { nearest } from '../../config/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { assignmentsOf, versionsOf, type Assignment, type PlacedTag } from '../../registry/stages.ts';
import { versionTag } from '../../registry/versions.ts';
import type { DeployRequest } from './request.ts';

/** What goes where. */
export interface DeployTarget {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  /** `churn@v1.4.0`. */
  readonly name: string;
  /** The tag that asked for it: a stage tag, or the version's own. */
  readonly askedBy: string;
  /** The stage tag's counter; null where a person named the version. */
  readonly counter: number | null;
  /** The commit that the version's tag stands on. */
  readonly commit: string;
}

/** True when `ancestor` lies below `commit`, or is it. */
export type IsBelow = (ancestor: string, commit: string) => Promise<boolean>;

/**
 * The version that a tag names.
 * @throws UserError VERSION_UNKNOWN, TAG_INVALID for a stage tag on a commit without a version, naming the nearest one
 */
export async function findTarget(
  request: Exclude<DeployRequest, { kind: 'nothing' }>,
  tags: readonly PlacedTag[],
  isBelow: IsBelow,
): Promise<DeployTarget> {
  const askedBy = request.name;
  if (request.kind === 'version') {
    const { model, version, stage, name } = request;
    const found = versionsOf(tags, model).find((candidate) => candidate.version === version);
    if (found) return { model, version, stage, name, askedBy, counter: null, commit: found.tag.commit };
    throw unknownVersion(name, tags, model);
  }
  const { model, stage, counter } = request.assigned;
  const own = assignmentsOf(tags, model).find(({ tag }) => tag.name === askedBy);
  if (own && own.version !== null) {
    const { version } = own;
    return {
      model,
      version,
      stage,
      name: versionTag(model, version),
      askedBy,
      counter,
      commit: own.tag.commit,
    };
  }
  if (!own)
    throw new UserError({
      code: 'TAG_INVALID',
      message: `the tag ${askedBy} is gone`,
      at: { name: askedBy },
      fix: 'Push it again, or tag the version anew with model-factory tag.',
    });
  const near = await nearestVersion(tags, model, own.tag.commit, isBelow);
  throw new UserError({
    code: 'TAG_INVALID',
    message: `${askedBy} stands on ${own.tag.commit.slice(0, 7)}, where no version of ${model} stands`,
    at: { name: askedBy },
    fix:
      near === null
        ? `${model} has no version yet: the factory publishes one when a model is promoted.`
        : `The nearest version is ${near}: model-factory tag ${near} ${stage} --push.`,
  });
}

/** A newer tag that names a version for the same stage; null where the target's own is the newest. */
export function newerTag(
  tags: readonly PlacedTag[],
  { model, stage, counter }: DeployTarget,
): Assignment | null {
  if (counter === null) return null;
  const newer = assignmentsOf(tags, model).filter(
    (other) => other.stage === stage && other.version !== null && other.counter > counter,
  );
  return newer.at(-1) ?? null;
}

/** The newest version below a commit; the newest of all where none is. Each look costs a request. */
async function nearestVersion(
  tags: readonly PlacedTag[],
  model: string,
  commit: string,
  isBelow: IsBelow,
): Promise<string | null> {
  const versions = versionsOf(tags, model).reverse();
  for (const { tag } of versions.slice(0, 10)) if (await isBelow(tag.commit, commit)) return tag.name;
  return versions[0]?.tag.name ?? null;
}

function unknownVersion(name: string, tags: readonly PlacedTag[], model: string): UserError {
  const known = versionsOf(tags, model).map(({ tag }) => tag.name);
  const close = nearest(name, known.reverse());
  return new UserError({
    code: 'VERSION_UNKNOWN',
    message: `there is no version ${name}`,
    at: { name },
    fix: [
      ...(close === undefined ? [] : [`Did you mean ${close}?`]),
      known.length > 0 ? `Newest: ${known.slice(0, 5).join(', ')}.` : `${model} has no version yet.`,
    ].join(' '),
  });
}
