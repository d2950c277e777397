import type { ProgressSink } from '../factory/progress.ts';
import type { Terminal } from './terminal.ts';

/** A bar that is redrawn in place in a terminal; elsewhere one line for each candidate that is done. */
export function progressBar(terminal: Terminal): ProgressSink {
  const started = performance.now();
  const erase = (): void => terminal.draw('\r\u001b[2K');
  return {
    update: (done, total, running) => {
      if (!terminal.interactive) return;
      const width = Math.max(10, Math.min(30, terminal.columns - 50));
      const filled = Math.round((width * done) / total);
      const left =
        done === 0 ? '' : ` ${seconds(((performance.now() - started) / done) * (total - done))} left`;
      erase();
      terminal.draw(
        `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total} fits, ${running}${left}`,
      );
    },
    finished: (candidate, summary) => {
      if (terminal.interactive) return;
      terminal.logger.info(`trained ${candidate}${summary && `: ${summary}`}`);
    },
    end: () => {
      if (terminal.interactive) erase();
    },
  };
}

function seconds(ms: number): string {
  return ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}
