import { UserError } from '../../errors/user-error.ts';
import type { Event } from '../../platform/github/event.ts';
import { parseStageTag, type StageTag } from '../../registry/stages.ts';
import { parseVersionTag } from '../../registry/versions.ts';

/** What an event asks to deploy. */
export type DeployRequest =
  | { readonly kind: 'stage-tag'; readonly name: string; readonly assigned: StageTag }
  | {
      readonly kind: 'version';
      readonly name: string;
      readonly model: string;
      readonly version: string;
      readonly stage: string;
    }
  /** A release that is no version of a model. */
  | { readonly kind: 'nothing'; readonly why: string };

/** The inputs of the action; null = not given. */
export interface DeployInputs {
  readonly tag: string | null;
  readonly stage: string | null;
}

/**
 * Reads the tag out of the inputs, else out of the event: a pushed stage tag, or a published release.
 * @throws UserError EVENT_INVALID, TAG_INVALID, ARGUMENT_INVALID
 */
export function deployRequestOf(event: Event, { tag, stage }: DeployInputs): DeployRequest {
  if (tag !== null) return requestOf(tag, stage);
  switch (event.kind) {
    case 'push':
      if (event.tag === null) break;
      if (parseStageTag(event.tag) !== null) return requestOf(event.tag, stage);
      throw new UserError({
        code: 'TAG_INVALID',
        message: `the tag ${event.tag} is no stage tag`,
        at: { name: event.tag },
        fix: "Write on: push: { tags: ['*#*#*'] }, so that other tags don't start this workflow.",
      });
    case 'release':
      if (event.action !== 'published') break;
      if (parseVersionTag(event.tag) !== null) return requestOf(event.tag, stage);
      return { kind: 'nothing', why: `the release ${event.tag} is no version of a model` };
    case 'workflow-dispatch':
      throw new UserError({
        code: 'ARGUMENT_INVALID',
        message: 'no tag is named',
        at: { name: 'tag' },
        fix: 'Pass the inputs of the dispatch on: with: { tag: ${{ inputs.tag }}, stage: ${{ inputs.stage }} }.',
      });
    default:
  }
  throw new UserError({
    code: 'EVENT_INVALID',
    message: 'this event names nothing to deploy',
    fix: "Start the workflow on: push: { tags: ['*#*#*'] }, release: { types: [published] } or workflow_dispatch.",
  });
}

function requestOf(name: string, stage: string | null): DeployRequest {
  const assigned = parseStageTag(name);
  if (assigned !== null) {
    if (stage === null || stage === assigned.stage) return { kind: 'stage-tag', name, assigned };
    throw new UserError({
      code: 'ARGUMENT_INVALID',
      message: `the tag ${name} is for the stage ${assigned.stage}, and this job is for ${stage}`,
      at: { name: 'stage' },
      fix: `Let only tags of this stage start the job: if: contains(github.ref_name, '#${stage}#').`,
    });
  }
  const version = parseVersionTag(name);
  if (version === null)
    throw new UserError({
      code: 'TAG_INVALID',
      message: `"${name}" is neither a stage tag nor a version`,
      at: { name: 'tag' },
      fix: 'Name a stage tag such as churn#prod#3, or a version such as churn@v1.4.0 together with a stage.',
    });
  if (stage !== null) return { kind: 'version', name, ...version, stage };
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: `${name} is a version, and no stage is named`,
    at: { name: 'stage' },
    fix: 'Name the stage: with: { stage: prod }.',
  });
}
