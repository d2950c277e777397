import { code, list, paragraph, strong, text, type Block } from './document.ts';
import { renderBlocks } from './markdown.ts';

/** How a deployment went, as the job's summary tells it. */
export type DeploymentStory = {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  /** Version that was live before; null where there was none, or where it isn't known. */
  readonly previous: string | null;
} & (
  | { readonly kind: 'deployed'; readonly facts: readonly (readonly [string, string])[] }
  | { readonly kind: 'overtaken'; readonly newer: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly fix: string }
);

/** Markdown of a job's summary. */
export function renderDeployment(story: DeploymentStory): string {
  return `${renderBlocks(blocksOf(story))}\n`;
}

function blocksOf(story: DeploymentStory): Block[] {
  const { model, version, stage, previous } = story;
  const name = `${model} ${version}`;
  switch (story.kind) {
    case 'deployed':
      return [
        paragraph([strong(`🚀 ${name} is live on ${stage}`), text(before(version, previous))]),
        list(story.facts.map(([label, value]) => [text(`${label}: `), code(value)])),
        ...(previous === null || previous === version
          ? []
          : [
              paragraph([
                text('To go back: '),
                code(`model-factory tag --rollback ${model} ${stage} --push`),
              ]),
            ]),
      ];
    case 'overtaken':
      return [
        paragraph([
          strong(`⏭️ ${name} was not deployed to ${stage}`),
          text(': the newer tag '),
          code(story.newer),
          text(' goes there.'),
        ]),
      ];
    case 'refused':
      return [
        paragraph([strong(`❌ ${name} was not deployed to ${stage}`), text(stays(version, previous))]),
        paragraph([code(story.code), text(`: ${story.message}. ${story.fix}`)]),
      ];
  }
}

function before(version: string, previous: string | null): string {
  if (previous === null) return ', the first version there.';
  return previous === version ? ', deployed again.' : `; before it was ${previous}.`;
}

function stays(version: string, previous: string | null): string {
  return previous === null || previous === version ? '.' : `; ${previous} stays the live version.`;
}
