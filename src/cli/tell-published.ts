import type { HistoryPorts } from '../factory/ports.ts';
import type { PublishOutcome } from '../factory/publish.ts';
import type { Terminal } from './terminal.ts';

type Published = Extract<PublishOutcome, { kind: 'published' }>;

/** Says where a version went; without a history it went nowhere. */
export function tellPublished(
  { logger }: Pick<Terminal, 'logger'>,
  { promotion, url }: Published,
  history: HistoryPorts | null,
): void {
  logger.info(
    history
      ? `${promotion.model}@${promotion.version} is the champion now: ${url}`
      : `No history is named, so ${promotion.model}@${promotion.version} was not kept as champion: ` +
          'add --ledger ./history to keep it there.',
  );
}
